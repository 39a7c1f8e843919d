internal import ArgumentParser
internal import Bytes
internal import Glibc
internal import PluginHost
internal import YAML

/// `annals plugin lock`: pins the plugins that pipelines run.
struct PluginLockCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock",
        abstract: "Write the versions and digests of the plugins that pipelines run.",
        discussion: """
            They go to plugins.lock beside the pipeline files. From then on a plugin that is not in \
            it, or differs from it, is an error of 'annals check' and 'annals run'. Given pipelines, \
            their plugins are added or changed; given a folder, or nothing, plugins.lock gets the \
            plugins of all pipelines of the folder, and no others.
            """
    )

    @Argument(
        help: "Pipeline files; all of the folder if there is none.",
        completion: .file(extensions: ["yaml", "yml"])
    )
    var pipelines: [String] = []

    @Option(
        help: ArgumentHelp("A folder with pipeline files.", valueName: "folder"),
        completion: .directory
    )
    var folder: String?

    func validate() throws {
        guard pipelines.isEmpty || folder == nil else {
            throw ValidationError("give pipelines or --folder, not both")
        }
    }

    func run() throws {
        if pipelines.isEmpty { return try lockAll(of: folder ?? ".") }
        let folders = Set(pipelines.map(PipelineFile.folder(of:)))
        for folder in folders.sorted() {
            let files = pipelines.filter { PipelineFile.folder(of: $0) == folder }
            let old = try PluginLock.read(folder)
            let new = try PipelinePlugins.entries(of: files, in: folder)
            let plugins = (old?.plugins ?? [:]).merging(new) { _, new in new }
            try write(PluginLock(plugins: plugins), over: old, in: folder)
        }
    }

    /// All of a folder; a lock that was damaged is replaced.
    private func lockAll(of folder: String) throws {
        let place = folder == "." ? "" : folder
        let files = try PipelinePlugins.files(in: folder)
        let plugins = try PipelinePlugins.entries(of: files, in: place)
        let old = (try? PluginLock.read(place)) ?? nil
        try write(PluginLock(plugins: plugins), over: old, in: place)
    }

    private func write(_ lock: PluginLock, over old: PluginLock?, in folder: String) throws {
        let path = PluginLock.path(in: folder)
        guard !lock.plugins.isEmpty || old != nil else {
            return Console.out("\(TerminalText.escaped(path)): no pipeline runs a plugin\n")
        }
        if lock != old { try lock.write(folder) }
        let changes = Self.changes(from: old?.plugins ?? [:], to: lock.plugins)
        let lines = changes.isEmpty ? ["\(path): nothing changed"] : ["\(path):"] + changes
        Console.out(TerminalText.escaped(lines.joined(separator: "\n"), keepingLines: true) + "\n")
    }

    /// A line for each plugin that came, changed or went.
    private static func changes(
        from old: [String: PluginLock.Entry],
        to new: [String: PluginLock.Entry]
    ) -> [String] {
        Set(old.keys).union(new.keys).sorted().compactMap { name in
            switch (old[name], new[name]) {
            case (let before?, let after?) where before == after: nil
            case (let before?, let after?):
                "  changed  \(name)  \(before.version) \(before.digest.short) →"
                    + " \(after.version) \(after.digest.short)"
            case (nil, let after?): "  added    \(name)  \(after.version) \(after.digest.short)"
            case (let before?, nil): "  removed  \(name)  \(before.version) \(before.digest.short)"
            case (nil, nil): nil
            }
        }
    }
}
