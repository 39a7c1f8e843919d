internal import Bytes
internal import EventLog
internal import Events

/// What the stages of a pipeline would have to do about what the sources hold, or hold no longer.
struct SourceWork {
    private let pipeline: PipelineDefinition
    private let state: StoreState
    /// The place of the first document of which only measuring tells what comes of it.
    private var unsure: EventPosition?
    private var admission: Admission
    /// Documents that the plan names.
    private var concerned: Set<DocumentID>

    /// - Parameters:
    ///   - pipeline: what would be run.
    ///   - state: what the log says.
    ///   - plan: what is known by now of what the stages would do.
    ///   - unsure: the place in the log of the first document whose way is not known.
    init(
        pipeline: PipelineDefinition,
        state: StoreState,
        plan: RunPlan,
        unsure: EventPosition?
    ) {
        self.pipeline = pipeline
        self.state = state
        self.unsure = unsure
        concerned = Set(plan.items.map(\.document))
        admission = Admission(
            index: state.documents,
            runStart: plan.position,
            stage: 0,
            retractions: state.retractions
        )
    }

    /// Goes over the sources as a run would, without its stages.
    mutating func go(over log: EventLogReader?, into plan: inout RunPlan) async throws {
        for memory in pipeline.source.memories { if let log { memory.attach(log) } }
        let source: ReaderBox
        do throws(SourceError) {
            source = ReaderBox(try pipeline.source.makeReader())
        } catch {
            throw RunError.noInput(error)
        }
        var isReadable = true
        while let records = source.next() {
            var documents = try await pipeline.source.parse(records)
            // What failed before and fails again is let in no more, and is no less unreadable.
            for failure in documents.compactMap(Self.failure) {
                let isNamed = failure.message.hasPrefix(failure.file)
                plan.unreadable.append(
                    isNamed ? failure.message : "\(failure.file): \(failure.message)"
                )
                if failure.retryable { isReadable = false }
            }
            admission.admit(&documents)
            for document in documents { note(document, &plan) }
        }
        guard let log else { return }
        if pipeline.source.forgetsGone, isReadable { try noteGone(log, &plan) }
        try noteCopies(log, &plan)
    }

    private static func failure(of document: Document) -> DocumentFailed? {
        guard case .settled(_, .failed) = document.fate, let event = document.events.last else {
            return nil
        }
        return try? DocumentFailed(cbor: event.facts.span)
    }

    /// Notes a document that was let in, or is left as it is.
    private mutating func note(_ document: Document, _ plan: inout RunPlan) {
        guard document.fate != .unchanged else {
            if !concerned.contains(document.id) { plan.unchanged += 1 }
            return
        }
        let entry = state.documents[Hash128(hashing: document.id.rawValue)]
        plan.stages[0].run += 1
        if document.isLive {
            for stage in plan.stages.indices.dropFirst() { plan.stages[stage].run += 1 }
        }
        if let entry, unsure.map({ entry.first < $0 }) ?? true { unsure = entry.first }
        add(document, entry.map { $0.isGone ? .add : .change } ?? .add, at: 0, &plan)
    }

    private mutating func noteGone(_ log: EventLogReader, _ plan: inout RunPlan) throws {
        for document in try read(admission.unseen, log)
        where !admission.faultySources.contains(document.origin.source) {
            admission.index.remove(Hash128(hashing: document.id.rawValue), at: plan.position)
            plan.stages[0].remove += 1
            add(document, .remove, at: 0, &plan)
        }
    }

    /// Notes the copies of what changes or goes, which are decided anew, and counts the documents that
    /// may turn out to be copies of what changes.
    private mutating func noteCopies(_ log: EventLogReader, _ plan: inout RunPlan) throws {
        guard let stage = state.deciders.first?.stage else { return }
        for document in try read(admission.index.staleCopies, log)
        where !concerned.contains(document.id) {
            plan.stages[stage].decide += 1
            plan.unchanged -= 1
            add(document, .decide, at: stage, &plan)
        }
        if plan.stages[stage].decide > 0, plan.stages[stage].reasons.isEmpty {
            plan.stages[stage].reasons = ["what they are copies of changes or goes"]
        }
        guard let unsure else { return }
        plan.dependents = admission.index.count(
            seenAfter: unsure,
            but: Set(concerned.map { Hash128(hashing: $0.rawValue) })
        )
    }

    private mutating func add(
        _ document: Document,
        _ action: RunPlan.Item.Action,
        at stage: Int,
        _ plan: inout RunPlan
    ) {
        concerned.insert(document.id)
        plan.items.append(
            RunPlan.Item(
                document: document.id,
                action: action,
                stage: pipeline.stages[stage].name,
                revision: document.revision
            )
        )
    }

    private func read(_ places: [EventPosition], _ log: EventLogReader) throws -> [Document] {
        var reader = RecordedReader(
            log,
            places,
            state: state,
            stages: pipeline.fingerprints,
            content: false
        )
        var all: [Document] = []
        while let documents = try reader.nextDocuments() { all += documents }
        return all
    }
}
