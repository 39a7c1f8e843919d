internal import ArgumentParser
internal import Bytes
internal import PluginHost

/// `annals plugin test`: a plugin against the protocol.
struct PluginTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Put a plugin through everything that the protocol says.",
        discussion: """
            Order, Unicode, empty and huge documents, cancelling, garbage, other versions of the \
            protocol and more, in the sandbox. A check that fails shows what was seen and what is \
            expected; sections are those of PROTOCOL.md. Exit code 65 if a check fails.
            """
    )

    @Argument(help: ArgumentHelp("A plugin, by name or folder.", valueName: "plugin"))
    var plugin: String

    @OptionGroup var place: PluginPlace

    @Option(help: ArgumentHelp("Its options, beside their defaults.", valueName: "JSON"))
    var options: String?

    @Flag(help: "Grant it the network and the folders that its manifest asks for.")
    var grant = false

    @Option(help: ArgumentHelp("Do this check only, with those that it needs.", valueName: "check"))
    var only: [String] = []

    @Option(help: "How to print.")
    var format: OutputFormat = .text

    func run() throws {
        let manifest = try PluginPlace.manifest(try place.find(plugin))
        let settings = try settings(manifest)
        let results = Conformance.run(manifest, settings) { result in
            if format == .text { Console.out(ConformanceText.line(result)) }
        }
        let report = ConformanceText(manifest: manifest, results: results)
        switch format {
        case .text: Console.out(report.summary)
        case .json: Console.out(report.json)
        }
        if results.contains(where: \.outcome.isFailure) { throw Failure(.badData) }
    }

    private func settings(_ manifest: PluginManifest) throws -> Conformance.Settings {
        var settings = Conformance.Settings()
        settings.isGranted = grant
        settings.only = Set(only)
        let known = Conformance.checks(of: manifest.kind)
        if let unknown = only.first(where: { !known.contains($0) }) {
            throw Failure(
                .usage,
                "there is no check '\(unknown)' for plugins of kind \(manifest.kind.rawValue);"
                    + " there are \(known.joined(separator: ", "))"
            )
        }
        if let options { settings.options = try Self.object(options) }
        let missing = Conformance.missingOptions(manifest, settings)
        guard missing.isEmpty else {
            throw Failure(
                .usage,
                "these options of \(manifest.name) have no default: \(missing.joined(separator: ", "));"
                    + " give them by --options '{…}'"
            )
        }
        return settings
    }

    private static func object(_ text: String) throws -> [CBORValue.Pair] {
        let bytes = Array(text.utf8)
        var reader = JSONReader(bytes.span)
        do throws(JSONError) {
            let value = try reader.value()
            try reader.end()
            if case .map(let pairs) = value { return pairs }
        } catch {
            throw Failure(.usage, "--options is no JSON: \(error)")
        }
        throw Failure(.usage, "--options is no JSON object")
    }
}
