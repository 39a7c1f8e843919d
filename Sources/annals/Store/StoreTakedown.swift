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
        // Copies are decided anew by the next run. To decide them here and at once, pass
        // `decideAnew`: it is called when log and exports are done and the lock is free.
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
        let report = try await takedown.perform(request)
        try StoreProjections.discardAll(store: store)
        try PluginProjection.discardAll(store: store)
        try TakedownMark(store: store).remove()
        return report
    }

    /// Completes a takedown that was interrupted, before a run does anything else.
    func completeInterrupted() async throws {
        guard TakedownMark(store: store).isThere else { return }
        Console.error("annals: a takedown was interrupted; it is completed first\n")
        _ = try await perform(Takedown.Request(documents: [], reason: "", by: nil))
    }
}
