internal import EventLog
internal import Events
internal import Synchronization

/// Runs a pipeline: reads, measures in parallel, decides in order, commits in input order.
///
/// ```
/// reader ─► parse ∥ ─► admit ─► measure ∥ ─► decide ─► measure ∥ ─► place ─► encode ∥ ─► commit
/// ```
/// Each arrow is a bounded channel; ∥ runs several batches at a time; all else goes in input order.
package final class Runner: Sendable {
    private let pipeline: PipelineDefinition
    private let options: RunOptions
    private let now: @Sendable () -> UInt64
    private let isStopped = Atomic(false)
    private let observed = Mutex(RunProgress())

    /// Prepares a run.
    ///
    /// - Parameters:
    ///   - pipeline: what to run.
    ///   - options: how.
    ///   - now: the time in microseconds since 1970, stamped on batches as they are committed.
    package init(
        pipeline: PipelineDefinition,
        options: RunOptions,
        now: @escaping @Sendable () -> UInt64
    ) {
        self.pipeline = pipeline
        self.options = options
        self.now = now
    }

    /// How far the run has come.
    package var progress: RunProgress { observed.withLock { $0 } }

    /// Ends the run after the batches that are on their way; the same command goes on from there.
    ///
    /// - Returns: false if it was asked to end before.
    package func stop() -> Bool {
        !isStopped.exchange(true, ordering: .relaxed)
    }

    /// Runs the pipeline to the end of its input.
    package func run(notice: @escaping @Sendable (String) -> Void) async throws -> RunReport {
        var session = try RunSession(
            pipeline: pipeline,
            options: options,
            now: now,
            notice: notice
        )
        do {
            var totals = try await flow(&session)
            if !totals.wasInterrupted {
                totals.wasInterrupted = try await !session.deliver { [self] in
                    isStopped.load(ordering: .relaxed)
                }
            }
            await closeStages()
            let report = try session.finish(totals, wasInterrupted: totals.wasInterrupted)
            session.close()
            return report
        } catch {
            await closeStages()
            session.close()
            throw RunSession.runError(error)
        }
    }

    private func closeStages() async {
        for stage in pipeline.stages { await stage.close() }
    }

    /// What the log holds, where the pipeline has changed; then the input; then what the log holds
    /// once more, where the input changed what earlier decisions stood on.
    private func flow(_ session: inout RunSession) async throws -> RunTotals {
        var totals = RunTotals(ledger: pipeline.stages.map { StageBalance(stage: $0.name) })
        if session.state.hasForebears || options.retries != .none {
            var recorded = try await pass(session, session.recorded(options.retries))
            // The input does not count them as unchanged.
            recorded.restatedUnchanged = 0
            totals.addPass(recorded)
            guard !totals.wasInterrupted else { return totals }
            if recorded.ledger.contains(where: { $0.input > 0 }) { try session.restoreAgain() }
        }
        if let sources = session.sources {
            totals.addPass(try await pass(session, .sources(sources, limit: options.limit)))
            guard !totals.wasInterrupted else { return totals }
            let gone = try session.remove(totals)
            totals.removed = gone.removed
            totals.unplanned += gone.unplanned
        } else {
            totals.isUnsettled = session.state.isUnsettled
        }
        if totals.isUnsettled || totals.removed > 0 { try session.restoreAgain() }
        totals.deadExports += session.state.documents.deadExports
        if totals.isUnsettled || totals.removed > 0 && session.state.isUnsettled {
            totals.addPass(try await pass(session, session.recorded(.none)))
        }
        return totals
    }

    private func pass(_ session: RunSession, _ input: RunInput) async throws -> RunTotals {
        let flow = RunFlow(pipeline: pipeline, session: session, jobs: jobs)
        return try await flow.run(
            input,
            shouldStop: { [self] in isStopped.load(ordering: .relaxed) },
            observe: { [self] change in observed.withLock { change(&$0) } }
        )
    }

    private var jobs: Int {
        options.jobs > 0 ? options.jobs : ProcessorCount.available
    }
}
