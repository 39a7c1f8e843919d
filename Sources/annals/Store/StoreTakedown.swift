internal import Bytes
internal import EventLog
internal import Events
internal import Pipeline
internal import PluginHost
internal import Projections

/// A takedown with all that is made of a store: its log, its exports, its projections.
struct StoreTakedown {
    let store: String
    let pipeline: PipelineDefinition?

    private var takedown: Takedown {
        Takedown(
            store: store,
            pipeline: pipeline,
            now: { WallClock.microseconds },
            notice: { Console.error("annals: \($0)\n") }
        )
    }

    /// What it would do.
    func plan(_ documents: [DocumentID]) throws -> TakedownReport {
        try takedown.plan(documents)
    }

    /// Does it, and leaves no projection that holds what was withdrawn.
    func perform(_ request: Takedown.Request) async throws -> TakedownReport {
        var report = try await takedown.perform(request)
        try StoreProjections.discardAll(store: store)
        try PluginProjection.discardAll(store: store)
        try TakedownMark(store: store).remove()
        report.decidedAnew = try await decideCopiesAnew(report)
        return report
    }

    /// Promotes a copy of what was withdrawn, from what the log holds; returns how many copies there
    /// are, nil if the next run decides.
    private func decideCopiesAnew(_ report: TakedownReport) async throws -> Int? {
        let withdrawn = Set(report.documents.map(\.document))
        let copies = Set(report.documents.flatMap(\.copies)).subtracting(withdrawn)
        guard let pipeline, !copies.isEmpty, try takedown.mayDecideAnew() else { return nil }
        var options = RunOptions(jobs: 0, limit: nil, store: store)
        options.readsSources = false
        let runner = Runner(pipeline: pipeline, options: options, now: { WallClock.microseconds })
        let run = try await runner.run(notice: { Console.error("annals: \($0)\n") })
        return run.wasInterrupted ? nil : copies.count
    }

    /// Completes a takedown that was interrupted, before a run does anything else.
    func completeInterrupted() async throws {
        guard TakedownMark(store: store).isThere else { return }
        Console.error("annals: a takedown was interrupted; it is completed first\n")
        let report = try await perform(Takedown.Request(documents: [], reason: "", by: nil))
        for path in report.foreign {
            let path = TerminalText.escaped(path)
            Console.error("annals: left alone, and may hold what is withdrawn: \(path)\n")
        }
    }
}
