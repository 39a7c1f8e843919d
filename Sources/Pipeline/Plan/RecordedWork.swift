internal import Bytes
internal import EventLog
internal import Events

/// What the stages of a pipeline would have to do about the documents that the log knows.
struct RecordedWork {
    private let pipeline: PipelineDefinition
    private let state: StoreState
    private var deciders: [StoreState.StageDecider]
    /// The changed entries of the stages' files, by stage number.
    private var changes: [ResourceChanges]
    private let reasons: PlanReasons
    /// The place in the log of the first document of which only measuring tells whether it comes to a
    /// stage that looks at all documents, and as what.
    private(set) var unsure: EventPosition?

    init(pipeline: PipelineDefinition, state: StoreState) {
        self.pipeline = pipeline
        self.state = state
        deciders = pipeline.stages.enumerated().compactMap { number, stage in
            stage.makeDecider().map { StoreState.StageDecider(stage: number, decider: $0) }
        }
        reasons = PlanReasons(pipeline: pipeline, state: state)
        let earlier = reasons.earlier
        changes = pipeline.fingerprints.map { stage in
            ResourceChanges(
                from: earlier.first { $0.stage == stage.stage }?.resources ?? [],
                to: stage.resources
            )
        }
    }

    /// Goes over all documents in the order in which the log first saw them.
    mutating func go(
        over log: EventLogReader,
        retries: Retries,
        into plan: inout RunPlan
    ) throws {
        var reader = RecordedReader(
            log,
            state.documents.statements,
            state: state,
            stages: pipeline.fingerprints,
            retries: retries,
            content: false
        )
        while var documents = try reader.nextDocuments() {
            for index in documents.indices { try go(over: &documents[index], &plan) }
        }
        for number in pipeline.stages.indices.dropFirst() {
            let work = plan.stages[number]
            plan.stages[number].reasons = reasons.texts(of: work, number, changes[number].texts)
        }
        if !plan.items.isEmpty { plan.reasons = reasons.stagesLeft }
    }

    /// Follows one document as far as the log tells.
    private mutating func go(over document: inout Document, _ plan: inout RunPlan) throws {
        var first: (stage: Int, action: RunPlan.Item.Action)?
        var isKnown = true
        let place = state.documents[Hash128(hashing: document.id.rawValue)]?.first
        plan.stages[0].reuse += 1
        for (number, stage) in pipeline.stages.enumerated().dropFirst() {
            if let events = document.way?.events[number] { changes[number].note(events) }
            guard document.isLive, let way = document.way else {
                try decide(&document, number, isKnown: isKnown)
                continue
            }
            if isKnown, way.canRecall(number), !(stage is any ExportStage) {
                if !way.events[number].isEmpty {
                    try stage.recall(way.events[number], into: &document)
                }
                try decide(&document, number, isKnown: true)
                let said = document.events
                document.way?.compare(number, in: said)
                if way.reuse.stages[number] == .decide || document.way?.isSame == false {
                    plan.stages[number].decide += 1
                } else {
                    plan.stages[number].reuse += 1
                }
                if document.way?.isSame == false, first == nil { first = (number, .decide) }
            } else if stage is any ExportStage, way.isSame, isKnown,
                way.exports.contains(number), way.reuse.stages[number] == .reuse
            {
                plan.stages[number].reuse += 1
            } else {
                let isRetry =
                    isKnown && way.isSame && way.retries && way.reuse.stages[number] == .reuse
                    && way.failure(at: number)?.retryable == true
                if isRetry { plan.stages[number].retry += 1 } else { plan.stages[number].run += 1 }
                if first == nil { first = (number, isRetry ? .retry : .run) }
                // An export changes nothing; of all others only measuring tells what comes after.
                if !(stage is any ExportStage) {
                    isKnown = false
                    if unsure == nil, deciders.contains(where: { $0.stage >= number }) {
                        unsure = place
                    }
                }
            }
        }
        if first == nil, document.way?.holdsMore == true { first = (0, .run) }
        guard let first else { return }
        plan.items.append(
            RunPlan.Item(
                document: document.id,
                action: first.action,
                stage: pipeline.stages[first.stage].name,
                revision: document.revision
            )
        )
    }

    private mutating func decide(_ document: inout Document, _ number: Int, isKnown: Bool) throws {
        guard isKnown, let index = deciders.firstIndex(where: { $0.stage == number }) else {
            return
        }
        var documents = [document]
        deciders[index].decider.decide(&documents)
        document = documents[0]
    }
}
