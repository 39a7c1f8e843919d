internal import Bytes
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

    /// One pass over the input, and as many more as revisions ask to decide other documents anew.
    private func flow(_ session: inout RunSession) async throws -> RunTotals {
        var totals = try await pass(session, reader: session.takeReader(), only: nil)
        while !totals.wasInterrupted && !totals.pending.isEmpty {
            let pending = totals.pending
            try session.restoreAgain()
            let reader = try session.makeReader()
            totals.addSecondPass(try await pass(session, reader: reader, only: pending))
            guard totals.pending != pending else { break }
        }
        return totals
    }

    private func pass(
        _ session: RunSession,
        reader: ReaderBox,
        only: Set<Hash128>?
    ) async throws -> RunTotals {
        let flow = RunFlow(pipeline: pipeline, session: session, jobs: jobs, only: only)
        return try await flow.run(
            reader: reader,
            limit: only == nil ? options.limit : nil,
            shouldStop: { [self] in isStopped.load(ordering: .relaxed) },
            observe: { [self] change in observed.withLock { change(&$0) } }
        )
    }

    private var jobs: Int {
        options.jobs > 0 ? options.jobs : ProcessorCount.available
    }
}
