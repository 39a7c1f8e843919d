internal import ArgumentParser
internal import Bytes
internal import PluginHost
internal import YAML

/// `annals plugin check`: what is wrong with plugins, in a second.
struct PluginCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check plugins' manifests, that they start, and that they take their defaults.",
        discussion: """
            'annals plugin test' asks for much more. Exit code 65 if anything is wrong, 66 if there \
            is no such plugin.
            """
    )

    @Argument(help: ArgumentHelp("Plugins, by name or folder.", valueName: "plugin"))
    var plugins: [String]

    @OptionGroup var place: PluginPlace

    func run() throws {
        var status: ExitStatus?
        for plugin in plugins {
            do {
                try check(try place.find(plugin))
            } catch let failure as Failure {
                if !failure.message.isEmpty { show(failure.message) }
                if status != .badData { status = failure.status }
            } catch let fault as PluginFault {
                show(fault.description)
                status = .badData
            }
        }
        if let status { throw Failure(status) }
    }

    private func check(_ folder: String) throws {
        let manifest = try PluginPlace.manifest(folder)
        var defaults = DiagnosticBag()
        manifest.options.checkDefaults(of: manifest.name, into: &defaults)
        for diagnostic in defaults.sorted() { PipelineFile.show(diagnostic) }
        guard !defaults.hasErrors else { throw Failure(.badData) }
        if let last = folder.split(separator: "/").last, last != manifest.name, last.first != "." {
            show("warning: plugin \(manifest.name) is found by the name of its folder, '\(last)'")
        }
        if let missing = PluginInstaller.missing(manifest) { throw missing }
        _ = try PluginDigest.of(folder)
        var errors = 0
        for diagnostic in try Conformance.greet(manifest) {
            let severity = diagnostic.isError ? "error" : "warning"
            let hint = diagnostic.hint.map { "; \($0)" } ?? ""
            show(
                "plugin \(manifest.name): \(severity): its own default\(Self.place(diagnostic)):"
                    + " \(diagnostic.message)\(hint) [\(diagnostic.code)]"
            )
            errors += diagnostic.isError ? 1 : 0
        }
        guard errors == 0 else { throw Failure(.badData) }
        let options = Conformance.missingOptions(manifest)
        let given =
            options.isEmpty ? "" : "; a pipeline must give \(options.joined(separator: ", "))"
        let text =
            "\(folder): \(manifest.name) \(manifest.version), \(manifest.kind.rawValue), is sound"
        Console.out(TerminalText.escaped(text + given) + "\n")
    }

    private static func place(_ diagnostic: PluginDiagnostic) -> String {
        diagnostic.path.isEmpty ? "s" : " of \(diagnostic.path)"
    }

    private func show(_ message: String) {
        Console.error("annals: \(TerminalText.escaped(message, keepingLines: true))\n")
    }
}
