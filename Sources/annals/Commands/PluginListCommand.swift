internal import ArgumentParser
internal import PluginHost
internal import Projections
internal import YAML

/// `annals plugin list`: the plugins that can be found.
struct PluginListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the plugins that can be found, whether they are installed and locked."
    )

    @OptionGroup var place: PluginPlace

    @Option(help: "How to print.")
    var format: OutputFormat = .text

    private static let columns = [
        "plugin", "version", "kind", "installed", "lock", "summary", "folder",
    ]

    func run() throws {
        let lock = try PluginLock.read(place.folder)
        let folders = PluginFolders.plugins(place.folder)
        let table = Table(columns: Self.columns, rows: folders.map { row($0, lock) })
        switch format {
        case .json: Console.out(table.json + "\n")
        case .text:
            guard !folders.isEmpty else {
                let places = PluginFolders.all(place.folder).joined(separator: ", ")
                return Console.error(
                    "annals: there are no plugins in \(places); annals plugin new makes one\n"
                )
            }
            Console.out(table.text(width: Console.isOutputTerminal ? Console.width : nil))
        }
    }

    private func row(_ folder: String, _ lock: PluginLock?) -> [Table.Cell] {
        var ignored = DiagnosticBag()
        guard let manifest = PluginManifest.read(folder, into: &ignored) else {
            let name = folder.split(separator: "/").last.map(String.init) ?? folder
            let hint = "its plugin.yaml is wrong: annals plugin check \(folder)"
            return [.text(name), .null, .null, .null, .null, .text(hint), .text(folder)]
        }
        return [
            .text(manifest.name), .text(manifest.version), .text(manifest.kind.rawValue),
            .bool(PluginInstaller.missing(manifest) == nil), .text(Self.state(manifest, lock)),
            .text(manifest.summary), .text(folder),
        ]
    }

    /// How a plugin stands to the lock, in a word or two.
    private static func state(_ manifest: PluginManifest, _ lock: PluginLock?) -> String {
        guard let digest = try? PluginDigest.of(manifest.folder) else { return "unreadable" }
        switch PluginLock.problem(lock, manifest, digest)?.kind {
        case nil: return "locked"
        case .noLock, .notLocked: return "not locked"
        case .otherVersion, .otherDigest: return "changed"
        }
    }
}
