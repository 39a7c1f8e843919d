internal import Bytes
internal import EventLog
internal import Events

/// Finds out what a run would do: reads the log and the sources, asks no stage to measure, and
/// appends nothing.
package struct Planner: Sendable {
    private let pipeline: PipelineDefinition
    private let store: String
    private let retries: Retries

    /// Prepares to plan.
    ///
    /// - Parameters:
    ///   - pipeline: what would be run.
    ///   - store: the store's folder; there may be none yet.
    ///   - retries: the failed documents that would be tried again.
    package init(pipeline: PipelineDefinition, store: String, retries: Retries = .none) {
        self.pipeline = pipeline
        self.store = store
        self.retries = retries
    }

    /// Makes the plan.
    ///
    /// - Throws: ``RunError``, or what a source that is read by a plugin throws.
    package func plan() async throws -> RunPlan {
        do {
            let reader = try LogPresence.reader(of: store)
            var state = StoreState(pipeline: pipeline)
            var pace = RunPace()
            if let reader {
                try state.restore(from: reader)
                try pace.read(reader)
            }
            if let other = state.definition?.name, other != pipeline.name {
                throw RunError.otherPipeline(other)
            }
            var plan = RunPlan(
                pipeline: pipeline.name,
                store: reader?.storeID,
                position: reader?.end ?? .first,
                fingerprints: pipeline.fingerprints,
                stages: pipeline.stages.map { RunPlan.StageWork(stage: $0.name) }
            )
            plan.takesUp = state.unfinished != nil
            plan.completesTakedown = TakedownMark(store: store).isThere
            if plan.completesTakedown {
                plan.reasons.append("a takedown was interrupted: it is completed first")
            }
            if state.definition?.stages != pipeline.fingerprints {
                plan.isRedefined = true
                state.beginGeneration(pipeline.fingerprints, at: plan.position)
            }
            var unsure: EventPosition?
            let isAnew = state.hasForebears || state.isUnsettled || retries != .none
            if let reader, isAnew {
                var recorded = RecordedWork(pipeline: pipeline, state: state)
                try recorded.go(over: reader, retries: retries, into: &plan)
                unsure = recorded.unsure
            }
            var sources = SourceWork(
                pipeline: pipeline,
                state: state,
                plan: plan,
                unsure: unsure
            )
            try await sources.go(over: reader, into: &plan)
            if let reader, !isAnew { try countReuse(reader, state, &plan) }
            plan.seconds = pace.seconds(for: plan.items.count)
            return plan
        } catch {
            throw RunSession.runError(error)
        }
    }

    /// Counts what holds of the documents that nothing is to be done about.
    private func countReuse(
        _ log: EventLogReader,
        _ state: StoreState,
        _ plan: inout RunPlan
    ) throws {
        let concerned = Set(plan.items.map(\.document))
        var reader = RecordedReader(
            log,
            state.documents.statements,
            state: state,
            stages: pipeline.fingerprints,
            content: false
        )
        while let documents = try reader.nextDocuments() {
            for document in documents where !concerned.contains(document.id) {
                plan.stages[0].reuse += 1
                guard let way = document.way else { continue }
                for number in pipeline.stages.indices.dropFirst()
                where !way.events[number].isEmpty || way.exports.contains(number) {
                    plan.stages[number].reuse += 1
                }
            }
        }
    }
}

/// Whether there is a log in a folder.
enum LogPresence {
    /// The log's reader; nil where no store was made yet.
    static func reader(of store: String) throws -> EventLogReader? {
        do throws(LogError) {
            return try EventLogReader.open(store)
        } catch  where error.code == .notAStore {
            return nil
        } catch {
            throw RunError.log(error)
        }
    }
}
