internal import Bytes
internal import EventLog
internal import Events

/// What a run must know of a store before it begins: one scan of the log.
struct StoreState: Sendable {
    var documents = DocumentIndex()
    var deciders: [StageDecider]
    var sinks: [SinkState]
    /// The last definition.
    private(set) var definition: PipelineDefined?
    /// The pipelines that the log went through, each with the position from which it held.
    private(set) var generations: [Generation] = []
    /// Where the last run ended.
    private(set) var lastFinish: EventPosition?
    /// A run that has not finished.
    var unfinished: UnfinishedRun?
    /// What was withdrawn.
    private(set) var retractions = Retractions()

    /// Stages that held from a position on.
    struct Generation: Sendable {
        let start: EventPosition
        let stages: [PipelineDefined.StageFingerprint]
        /// Whether documents were there before.
        let hasForebears: Bool
    }

    /// A decider and its stage.
    struct StageDecider: Sendable {
        let stage: Int
        var decider: any Decider
    }

    /// A run that was interrupted.
    struct UnfinishedRun: Sendable {
        let id: String
        let start: EventPosition
        var settled: [SettledCount]
        var documents = 0
        var removed = 0
        /// Documents that were dropped, by rule.
        var drops: [String: Int] = [:]
        var version: UInt32
    }

    /// Documents that left the stream at a stage, by outcome.
    struct SettledCount: Sendable, Equatable {
        var dropped = 0
        var duplicates = 0
        var failed = 0
    }

    let stageNames: [String]
    private let memories: [any StageMemory]
    /// Where gaps begin that a repair recorded.
    private var recordedLosses: Set<EventPosition> = []

    init(pipeline: PipelineDefinition) {
        stageNames = pipeline.stages.map(\.name)
        deciders = pipeline.stages.enumerated().compactMap { number, stage in
            stage.makeDecider().map { StageDecider(stage: number, decider: $0) }
        }
        memories = pipeline.stages.flatMap(\.memories)
        sinks = pipeline.exports.map { SinkState(stage: $0.number, export: $0.stage) }
    }

    /// Takes in everything up to the log's end.
    mutating func restore(from reader: EventLogReader) throws {
        try reader.scan { (batch) throws in
            try apply(batch)
            return .continue
        }
        retractions = try Retractions(in: reader)
        for memory in memories { memory.attach(reader) }
        // A repair that was interrupted has not said yet what it gave up.
        let gaps = try reader.gaps()
        if gaps.contains(where: { !recordedLosses.contains($0.positions.lowerBound) }) {
            loseRecords()
        }
    }

    private mutating func loseRecords() {
        for sink in sinks.indices { sinks[sink].lose() }
    }

    /// Goes over to other stages at a position.
    mutating func beginGeneration(
        _ stages: [PipelineDefined.StageFingerprint],
        at position: EventPosition
    ) {
        let earlier = generations.last?.stages ?? []
        for index in sinks.indices {
            let name = sinks[index].name
            let now = stages.first { $0.stage == name }
            guard now == nil || earlier.first(where: { $0.stage == name }) != now else { continue }
            sinks[index].reset(at: position)
        }
        if sinks.allSatisfy({ $0.generationStart == position }) { documents.forgetExports() }
        generations.append(
            Generation(start: position, stages: stages, hasForebears: documents.count > 0)
        )
    }

    /// Whether documents were settled by other stages than those that hold now.
    var hasForebears: Bool {
        guard let last = generations.last, last.hasForebears else { return false }
        return lastFinish.map { $0 < last.start } ?? true
    }

    /// The number of the generation whose stages say of a statement what it says.
    func generation(ofStatementAt position: EventPosition) -> Int {
        let position = max(position, lastFinish ?? .first)
        return (generations.lastIndex { $0.start <= position }) ?? 0
    }

    /// Whether decisions have to be made anew, for what a revision made of other documents.
    var isUnsettled: Bool {
        documents.hasStaleCopies || deciders.contains { $0.decider.isUnsettled }
    }

    private mutating func apply(_ batch: borrowing EventBatch) throws {
        let types = BatchTypes(batch)
        var lastStream = -1
        var key = Hash128(high: 0, low: 0)
        for index in batch.indices {
            let record = batch[index]
            if types.isRunEvent(record.typeIndex) {
                try applyRunEvent(batch, index, types)
                continue
            }
            if record.streamIndex != lastStream {
                lastStream = record.streamIndex
                key = Hash128(hashing: batch.stream(index))
            }
            try applyDocumentEvent(batch, index, types, key)
            documents.setVersion(key, record.streamVersion + 1)
        }
        for index in deciders.indices { try deciders[index].decider.restore(batch) }
        for memory in memories { try memory.restore(batch) }
    }

    private mutating func applyRunEvent(
        _ batch: borrowing EventBatch,
        _ index: Int,
        _ types: BatchTypes
    ) throws {
        let record = batch[index]
        switch record.typeIndex {
        case types.defined:
            let event = try PipelineDefined(cbor: batch.facts(index))
            // The same stages under another text, such as another projection: nothing is settled anew.
            let isSame = definition?.stages == event.stages
            definition = event
            if !isSame { beginGeneration(event.stages, at: record.position) }
            if unfinished?.id == batch.run { unfinished?.version = record.streamVersion + 1 }
        case types.started:
            unfinished = UnfinishedRun(
                id: batch.run,
                start: record.position,
                settled: Array(repeating: SettledCount(), count: stageNames.count),
                version: record.streamVersion + 1
            )
        case types.finished:
            unfinished = nil
            lastFinish = record.position
            documents.finishRun(at: record.position)
            for index in deciders.indices { deciders[index].decider.finishRun() }
            for sink in sinks.indices { sinks[sink].settle() }
        case types.rewritten:
            let event = try ExportRewritten(cbor: batch.facts(index))
            documents.exportsWereRewritten()
            for sink in sinks.indices where sinks[sink].name == event.sink {
                sinks[sink].rewritten(
                    event,
                    at: record.position,
                    isUnfinished: unfinished != nil
                )
            }
            unfinished?.version = record.streamVersion + 1
        case types.repaired:
            let lost = try LogRepaired(cbor: batch.facts(index)).lost
            guard !lost.isEmpty else { return }
            for loss in lost { recordedLosses.insert(EventPosition(UInt64(max(0, loss.first)))) }
            loseRecords()
        default: break
        }
    }

    private mutating func applyDocumentEvent(
        _ batch: borrowing EventBatch,
        _ index: Int,
        _ types: BatchTypes,
        _ key: Hash128
    ) throws {
        let record = batch[index]
        if record.isErased { return applyErased(record, types, key, stage: batch.stage(index)) }
        switch record.typeIndex {
        case types.ingested:
            try settle(key, batch.facts(index), record.position)
        case types.failed:
            let stage = stageNames.firstIndex(of: batch.stage(index)) ?? 0
            if stage == 0 { try settle(key, batch.facts(index), record.position) }
            documents.markFailed(key)
            unfinished?.settled[stage].failed += 1
        case types.dropped:
            let event = try DocumentDropped(cbor: batch.facts(index))
            if event.sha256 != nil {
                try settleRefused(key, batch.facts(index), record.position)
            }
            if let stage = stageNames.firstIndex(of: batch.stage(index)) {
                unfinished?.settled[stage].dropped += 1
                unfinished?.drops[event.rule, default: 0] += 1
            }
        case types.duplicate:
            let original = try EventFacts.text(EventFacts.original, in: batch.facts(index))
            documents.markDuplicate(
                key,
                of: Hash128(hashing: batch.facts(index).extracting(original))
            )
            if let stage = stageNames.firstIndex(of: batch.stage(index)) {
                unfinished?.settled[stage].duplicates += 1
            }
        case types.removed, types.retracted:
            documents.remove(key, at: record.position)
            if record.typeIndex == types.removed { unfinished?.removed += 1 }
        case types.exported:
            documents.markExported(key)
            try exported(batch.facts(index))
        default: break
        }
    }

    private mutating func exported(_ facts: Span<UInt8>) throws(CBORError) {
        let range = try EventFacts.text(EventFacts.sink, in: facts)
        for index in sinks.indices {
            if !sinks[index].isOurs {
                let path = facts.extracting(try EventFacts.text(EventFacts.path, in: facts))
                if path.isEqual(to: Array(sinks[index].path.utf8).span) { sinks[index].own() }
            }
            let name = sinks[index].nameBytes
            guard facts.extracting(range).isEqual(to: name.span) else { continue }
            sinks[index].exported(
                at: try EventFacts.integer(EventFacts.offset, in: facts),
                length: try EventFacts.integer(EventFacts.length, in: facts),
                unfinishedRun: unfinished?.start
            )
        }
    }

    mutating func settle(
        _ key: Hash128,
        _ facts: Span<UInt8>,
        _ position: EventPosition
    ) throws(CBORError) {
        let sha256 = try EventFacts.text(EventFacts.sha256, in: facts)
        documents.settle(
            key,
            revision: Hash128(hashing: facts.extracting(sha256)),
            at: position,
            isSeen: false
        )
        unfinished?.documents += 1
    }
}

/// The type numbers of a batch, looked up once.
struct BatchTypes {
    let defined: Int?
    let started: Int?
    let finished: Int?
    let rewritten: Int?
    let recovered: Int?
    let repaired: Int?
    let ingested: Int?
    let failed: Int?
    let dropped: Int?
    let duplicate: Int?
    let exported: Int?
    let removed: Int?
    let retracted: Int?

    init(_ batch: borrowing EventBatch) {
        defined = batch.typeIndex(of: EventType.pipelineDefined.rawValue)
        started = batch.typeIndex(of: EventType.runStarted.rawValue)
        finished = batch.typeIndex(of: EventType.runFinished.rawValue)
        rewritten = batch.typeIndex(of: EventType.exportRewritten.rawValue)
        recovered = batch.typeIndex(of: EventType.logRecovered.rawValue)
        repaired = batch.typeIndex(of: EventType.logRepaired.rawValue)
        ingested = batch.typeIndex(of: EventType.documentIngested.rawValue)
        failed = batch.typeIndex(of: EventType.documentFailed.rawValue)
        dropped = batch.typeIndex(of: EventType.documentDropped.rawValue)
        duplicate = batch.typeIndex(of: EventType.documentDuplicate.rawValue)
        exported = batch.typeIndex(of: EventType.documentExported.rawValue)
        removed = batch.typeIndex(of: EventType.documentRemoved.rawValue)
        retracted = batch.typeIndex(of: EventType.documentRetracted.rawValue)
    }

    func isRunEvent(_ type: Int) -> Bool {
        type == defined || type == started || type == finished || type == rewritten
            || type == recovered || type == repaired
    }
}
