internal import ArgumentParser
internal import Bytes
internal import EventLog
internal import Events
internal import Glibc
internal import Pipeline

/// `annals graph`: a pipeline as a drawing, with what became of the documents of its last run.
struct GraphCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Draw a pipeline with the counts of its last run.",
        discussion: """
            The counts are those of the last run that had documents to process. Without a store \
            there are none.

              annals graph Pipelines/leaders.yaml --format dot | dot -Tsvg > leaders.svg
            """
    )

    @Argument(help: "The pipeline file.", completion: .file(extensions: ["yaml", "yml"]))
    var pipeline: String

    @OptionGroup var profile: ProfileOption

    @Option(
        help: ArgumentHelp("The store's folder, instead of the pipeline's.", valueName: "folder")
    )
    var store: String?

    @Option(help: "What to draw it for: mermaid, dot or json.")
    var format: Format = .mermaid

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case mermaid, dot, json
    }

    func run() throws {
        let definition = try PipelineFile.load(pipeline, profile: profile.name)
        let counts = try counts(in: store ?? definition.store)
        switch format {
        case .mermaid: Console.out(PipelineGraph(definition, counts: counts).mermaid)
        case .dot: Console.out(PipelineGraph(definition, counts: counts).dot)
        case .json: Console.out(json(definition, counts))
        }
    }

    /// A store that was named must be there; that of a pipeline comes with its first run.
    private func counts(in folder: String) throws -> RunCounts? {
        if store == nil, unsafe access(folder, F_OK) != 0 { return nil }
        return try RunCounts.last(in: StoreArgument.reader(of: folder))
    }

    private func json(_ pipeline: PipelineDefinition, _ counts: RunCounts?) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("pipeline")
        writer.string(pipeline.name)
        writer.key("run")
        writer.string(counts?.run)
        writer.key("sources")
        writer.value(.array(pipeline.source.sources.map { .text($0) }))
        writer.key("stages")
        writer.beginArray()
        for stage in pipeline.stages { write(stage.name, counts, into: &writer) }
        writer.endArray()
        writer.key("exports")
        writer.value(
            .array(
                pipeline.exports.map { _, export in
                    .map([
                        CBORValue.Pair("stage", .text(export.name)),
                        CBORValue.Pair("path", .text(export.path)),
                    ])
                }
            )
        )
        writer.key("projections")
        writer.value(.array(pipeline.projections.map { .text($0.name) }))
        writer.endObject()
        writer.newline()
        return writer.bytes
    }

    private func write(_ stage: String, _ counts: RunCounts?, into writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("stage")
        writer.string(stage)
        if let balance = counts?.stages.first(where: { $0.stage == stage }) {
            for (key, count) in [
                ("in", balance.input), ("kept", balance.kept), ("dropped", balance.dropped),
                ("duplicates", balance.duplicates), ("failed", balance.failed),
            ] {
                writer.key(key)
                writer.integer(count)
            }
            writer.key("rules")
            writer.beginObject()
            for (rule, documents) in counts?.drops[stage] ?? [] {
                writer.key(rule)
                writer.integer(documents)
            }
            writer.endObject()
        }
        writer.endObject()
    }
}
