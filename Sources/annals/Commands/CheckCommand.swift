internal import ArgumentParser
internal import Bytes
internal import Pipeline
internal import YAML

/// `annals check`: every error of pipeline files, and what they will do.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check pipeline files and say what they read, run and write.",
        discussion: """
            All errors of a file are shown at once. Plugins are started, in their sandbox, and asked \
            what they think of their options. Exit code 65 if there is an error.

            With --effective, the pipeline as it takes effect: every value, defaults included, with \
            who says so: a file, a template, the profile, a variable of the environment. Secrets \
            are never shown, nor are variables whose name says that they hold one.
            """
    )

    @Argument(help: "Pipeline files.", completion: .file(extensions: ["yaml", "yml"]))
    var pipelines: [String]

    @Flag(help: "Print each value as it takes effect, and where it comes from.")
    var effective = false

    @OptionGroup var profile: ProfileOption

    @Option(help: "How to print.")
    var format: OutputFormat = .text

    func run() async throws {
        if effective { return try await runEffective() }
        var results: [(path: String, result: PipelineLoader.Result)] = []
        for path in pipelines {
            results.append((path, await PipelineFile.check(path, profile: profile.name)))
        }
        switch format {
        case .text: for (path, result) in results { show(path, result) }
        case .json: Console.out(json(results))
        }
        try exitStatus(of: results)
    }

    private func exitStatus(
        of results: [(path: String, result: PipelineLoader.Result)]
    ) throws {
        let failed = results.filter { $0.result.pipeline == nil }
        guard !failed.isEmpty else { return }
        let areMissing = failed.allSatisfy { PipelineFile.isMissing($0.path, $0.result) }
        throw Failure(areMissing ? .noInput : .badData)
    }

    private func runEffective() async throws {
        var results: [(path: String, result: PipelineLoader.Result)] = []
        var found: [(path: String, pipeline: EffectivePipeline)] = []
        for path in pipelines {
            let (result, pipeline) = await PipelineFile.effective(path, profile: profile.name)
            results.append((path, result))
            for diagnostic in result.diagnostics { PipelineFile.show(diagnostic) }
            if let pipeline { found.append((path, pipeline)) }
        }
        switch format {
        case .text: for (path, pipeline) in found { EffectiveText.print(pipeline, of: path) }
        case .json: Console.out(EffectiveText.json(found.map(\.pipeline)))
        }
        try exitStatus(of: results)
    }

    private func show(_ path: String, _ result: PipelineLoader.Result) {
        for diagnostic in result.diagnostics { PipelineFile.show(diagnostic) }
        guard let pipeline = result.pipeline else {
            let errors = result.diagnostics.count { $0.severity == .error }
            Console.error("\(path): \(errors) error\(errors == 1 ? "" : "s")\n")
            return
        }
        var lines = ["\(path): pipeline \(pipeline.name) is well formed"]
        lines.append("  reads   " + pipeline.source.sources.joined(separator: ", "))
        lines.append("  runs    " + pipeline.stages.map(\.name).joined(separator: " → "))
        lines.append("  writes  " + pipeline.store + " (store)")
        for export in pipeline.exports { lines.append("          " + export.stage.path) }
        if !pipeline.projections.isEmpty {
            lines.append("  shows   " + pipeline.projections.map(\.name).joined(separator: ", "))
        }
        Console.out(TerminalText.escaped(lines.joined(separator: "\n"), keepingLines: true) + "\n")
    }

    private func json(_ results: [(path: String, result: PipelineLoader.Result)]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginArray()
        for (path, result) in results {
            writer.beginObject()
            writer.key("file")
            writer.string(path)
            writer.key("ok")
            writer.bool(result.pipeline != nil)
            if let pipeline = result.pipeline { describe(pipeline, into: &writer) }
            writer.key("diagnostics")
            writer.beginArray()
            for diagnostic in result.diagnostics { write(diagnostic, into: &writer) }
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
        writer.newline()
        return writer.bytes
    }

    private func describe(_ pipeline: PipelineDefinition, into writer: inout JSONWriter) {
        writer.key("pipeline")
        writer.string(pipeline.name)
        writer.key("store")
        writer.string(pipeline.store)
        let lists = [
            ("sources", pipeline.source.sources), ("stages", pipeline.stages.map(\.name)),
            ("exports", pipeline.exports.map(\.stage.path)),
            ("projections", pipeline.projections.map(\.name)),
        ]
        for (name, items) in lists {
            writer.key(name)
            writer.beginArray()
            for item in items { writer.string(item) }
            writer.endArray()
        }
    }

    private func write(_ diagnostic: Diagnostic, into writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("severity")
        writer.string(diagnostic.severity.rawValue)
        writer.key("code")
        writer.string(diagnostic.code)
        writer.key("message")
        writer.string(diagnostic.message)
        writer.key("file")
        writer.string(diagnostic.range?.source.name ?? diagnostic.file)
        if let range = diagnostic.range {
            writer.key("line")
            writer.integer(range.start.line)
            writer.key("column")
            writer.integer(range.start.column)
        }
        writer.key("hint")
        writer.string(diagnostic.hint)
        writer.endObject()
    }
}
