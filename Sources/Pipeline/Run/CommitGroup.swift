internal import Bytes
internal import EventLog
internal import Events

/// The documents that are committed together: their events, and their records for the exports.
struct CommitGroup: Sendable {
    var builder: EventBatchBuilder
    /// The bytes to write into each export once the events are durable, and where.
    var exports: [ExportBytes] = []
    var ledger: [StageBalance]
    var documents = 0
    /// Whether it holds answers that are not to be asked for again.
    var hasAnswers = false

    /// A run of bytes for one file.
    struct ExportBytes: Sendable {
        let sink: Int
        let offset: Int
        var bytes: [UInt8]
    }
}

/// Gives every event its position and every record its place, in input order.
struct GroupBuilder: Sendable {
    private let stageNames: [String]
    private let run: String
    private let runStart: EventPosition
    private var sinks: [SinkPlace]
    private var group: CommitGroup
    private var lastSourceAnswer: [UInt8] = []

    /// Where an export's next record goes.
    struct SinkPlace: Sendable {
        let stage: Int
        let name: String
        let path: String
        let isDelivered: Bool
        var end: Int
    }

    static let groupBytes = 4 << 20
    /// Answers are asked for at some cost: no more than these may be lost.
    static let groupAnswers = 256
    static let groupDocuments = Failpoint.setting("ANNALS_GROUP_DOCUMENTS") ?? 4096

    init(
        stageNames: [String],
        run: String,
        runStart: EventPosition,
        firstPosition: EventPosition,
        sinks: [SinkState]
    ) {
        self.stageNames = stageNames
        self.run = run
        self.runStart = runStart
        self.sinks = sinks.map {
            SinkPlace(
                stage: $0.stage,
                name: $0.name,
                path: $0.path,
                isDelivered: $0.isDelivered,
                end: $0.end
            )
        }
        group = CommitGroup(
            builder: EventBatchBuilder(firstPosition: firstPosition, run: run),
            ledger: stageNames.map { StageBalance(stage: $0) }
        )
    }

    /// The position after everything added so far.
    var nextPosition: EventPosition { group.builder.nextPosition }
    /// Whether there is enough for a commit.
    var isFull: Bool {
        group.builder.rawByteCount >= Self.groupBytes || group.documents >= Self.groupDocuments
            || group.hasAnswers && group.documents >= Self.groupAnswers
    }
    /// Whether there is nothing to commit.
    var isEmpty: Bool { group.builder.count == 0 }

    /// Adds what the stages counted.
    mutating func add(_ counts: [DocumentBatch.StageCount]) {
        for (stage, count) in counts.enumerated() {
            group.ledger[stage].input += count.input
            group.ledger[stage].kept += count.kept
        }
    }

    /// Adds a document's events.
    mutating func add(_ document: Document) {
        guard document.fate != .unchanged else { return }
        group.documents += 1
        if case .settled(let stage, let outcome) = document.fate {
            switch outcome {
            case .dropped: group.ledger[stage].dropped += 1
            case .duplicate: group.ledger[stage].duplicates += 1
            case .failed: group.ledger[stage].failed += 1
            }
        }
        let first = nextPosition
        var version = document.streamVersion
        for event in document.events {
            if event.type == .pluginAnswered { group.hasAnswers = true }
            append(
                event,
                of: document,
                version: version,
                cause: version == document.streamVersion ? runStart : first
            )
            version += 1
        }
        if let answer = newAnswer(of: document) {
            group.hasAnswers = true
            append(answer, of: document, version: version, cause: first)
            version += 1
        }
        for record in document.exports {
            place(record, of: document, version: version, cause: first)
            version += 1
        }
    }

    /// The answer that a document's source gave, for the first of its documents that is let in.
    private mutating func newAnswer(of document: Document) -> PendingEvent? {
        guard let answer = document.sourceAnswer, answer.facts != lastSourceAnswer else {
            return nil
        }
        lastSourceAnswer = answer.facts
        return answer
    }

    private mutating func append(
        _ event: PendingEvent,
        of document: Document,
        version: UInt32,
        cause: EventPosition
    ) {
        group.builder.append(
            stream: document.id.rawValue,
            streamVersion: version,
            type: event.type.rawValue,
            schemaVersion: event.schemaVersion,
            stage: stageNames[event.stage],
            cause: cause,
            facts: event.facts.span,
            content: event.content?.span
        )
    }

    private mutating func place(
        _ record: RenderedRecord,
        of document: Document,
        version: UInt32,
        cause: EventPosition
    ) {
        guard let sink = sinks.firstIndex(where: { $0.stage == record.stage }) else { return }
        let bytes = sinks[sink].isDelivered ? [] : record.bytes(at: nextPosition)
        let event = DocumentExported(
            sink: sinks[sink].name,
            path: sinks[sink].path,
            offset: sinks[sink].end,
            length: bytes.count,
            crc32c: Checksum.crc32c(bytes.span)
        )
        append(
            PendingEvent(event, stage: record.stage),
            of: document,
            version: version,
            cause: cause
        )
        guard !bytes.isEmpty else { return }
        if let index = group.exports.firstIndex(where: { $0.sink == sink }) {
            group.exports[index].bytes.append(contentsOf: bytes)
        } else {
            group.exports.append(
                CommitGroup.ExportBytes(sink: sink, offset: sinks[sink].end, bytes: bytes)
            )
        }
        sinks[sink].end += bytes.count
    }

    /// Takes out what is there and begins the next group.
    mutating func cut() -> CommitGroup {
        let full = group
        group = CommitGroup(
            builder: EventBatchBuilder(firstPosition: full.builder.nextPosition, run: run),
            ledger: stageNames.map { StageBalance(stage: $0) }
        )
        return full
    }
}
