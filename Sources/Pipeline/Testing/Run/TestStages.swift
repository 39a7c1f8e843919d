internal import EventLog
internal import Events
internal import YAML

/// A stage that a test leaves out: before its `from`, after its `to`, or one that brings documents
/// to somebody else.
struct LeftOutStage: Stage {
    let name: String
    func measure(_ documents: inout [Document]) {}
}

/// A stage as in a run, but that it stays open for the next test and remembers nothing of the last.
struct TestedStage: Stage {
    let stage: any Stage

    var name: String { stage.name }
    func measure(_ documents: inout [Document]) async throws {
        try await stage.measure(&documents)
    }
    func recall(_ recorded: [PendingEvent], into document: inout Document) throws {
        try stage.recall(recorded, into: &document)
    }
    func makeDecider() -> (any Decider)? { stage.makeDecider() }
}

/// An export that writes into the test's own folder.
struct TestedExport: ExportStage {
    let stage: any ExportStage
    let path: String

    var name: String { stage.name }
    var preamble: [UInt8] { stage.preamble }
    func measure(_ documents: inout [Document]) async throws {
        try await stage.measure(&documents)
    }
    func render(_ document: Document) -> RenderedRecord { stage.render(document) }
}

extension PipelineDefinition {
    /// The pipeline as a test runs it: other documents, and nothing of the user's is touched.
    func forTest(_ test: PipelineTest, in scratch: String) throws(SourceError) -> PipelineDefinition
    {
        let source = try TestSource(test, source: source, folder: folder)
        var pipeline = self
        pipeline.source = source
        pipeline.errorBudget = nil
        pipeline.stages = stages.enumerated().map { number, stage in
            if number == 0 { return source }
            guard (test.firstStage...max(test.firstStage, test.lastStage)).contains(number),
                number <= test.lastStage
            else { return LeftOutStage(name: stage.name) }
            if stage is any DeliveringExport { return LeftOutStage(name: stage.name) }
            if let export = stage as? any ExportStage {
                return TestedExport(stage: export, path: scratch + "/exports/\(number)")
            }
            return TestedStage(stage: stage)
        }
        return pipeline
    }
}
