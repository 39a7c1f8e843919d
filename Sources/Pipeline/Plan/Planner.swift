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
            if state.definition?.stages != pipeline.fingerprints {
                plan.isRedefined = true
                state.beginGeneration(pipeline.fingerprints, at: plan.position)
            }
            if let reader, state.hasForebears || retries != .none {
                var recorded = RecordedWork(pipeline: pipeline, state: state)
                try recorded.go(over: reader, retries: retries, into: &plan)
            }
            try await planSources(state, reader, &plan)
            plan.seconds = pace.seconds(for: plan.items.count)
            return plan
        } catch {
            throw RunSession.runError(error)
        }
    }

    /// Goes over the sources as a run would, without its stages.
    private func planSources(
        _ state: StoreState,
        _ log: EventLogReader?,
        _ plan: inout RunPlan
    ) async throws {
        for memory in pipeline.source.memories { if let log { memory.attach(log) } }
        var admission = Admission(
            index: state.documents,
            runStart: plan.position,
            stage: 0,
            retractions: state.retractions
        )
        let concerned = Set(plan.items.map(\.document))
        let source: ReaderBox
        do throws(SourceError) {
            source = ReaderBox(try pipeline.source.makeReader())
        } catch {
            throw RunError.noInput(error)
        }
        var unreadableSources = false
        while let records = source.next() {
            var documents = try await pipeline.source.parse(records)
            let known = documents.map { state.documents[Hash128(hashing: $0.id.rawValue)] }
            admission.admit(&documents)
            for (document, entry) in zip(documents, known) {
                if case .settled(_, .failed) = document.fate,
                    let failure = document.events.last.flatMap({
                        try? DocumentFailed(cbor: $0.facts.span)
                    })
                {
                    plan.unreadable.append("\(failure.file): \(failure.message)")
                    if failure.retryable { unreadableSources = true }
                }
                guard document.fate != .unchanged else {
                    if !concerned.contains(document.id) { plan.unchanged += 1 }
                    continue
                }
                plan.stages[0].run += 1
                if document.isLive {
                    for stage in plan.stages.indices.dropFirst() { plan.stages[stage].run += 1 }
                }
                plan.items.append(
                    RunPlan.Item(
                        document: document.id,
                        action: entry.map { $0.isGone ? .add : .change } ?? .add,
                        stage: pipeline.source.name,
                        revision: document.revision
                    )
                )
            }
        }
        guard pipeline.source.forgetsGone, !unreadableSources, let log else { return }
        try planRemovals(admission, state, log, &plan)
    }

    private func planRemovals(
        _ admission: Admission,
        _ state: StoreState,
        _ log: EventLogReader,
        _ plan: inout RunPlan
    ) throws {
        var reader = RecordedReader(
            log,
            admission.unseen,
            state: state,
            stages: pipeline.fingerprints,
            content: false
        )
        while let documents = try reader.nextDocuments() {
            for document in documents
            where !admission.faultySources.contains(document.origin.source) {
                plan.items.append(
                    RunPlan.Item(
                        document: document.id,
                        action: .remove,
                        stage: pipeline.source.name,
                        revision: document.revision
                    )
                )
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
