import Bytes
import EventLog
import Events

/// Writes a store as the runner does: per document its events in order, committed in groups.
struct StoreGenerator {
    /// What was written.
    struct Summary {
        var events = 0
        var documents = 0
        /// Events and bytes of facts by type.
        var types: [String: (events: Int, bytes: Int)] = [:]
    }

    private var model: CorpusModel
    private let writer: EventLogWriter
    private let facts: Compression
    private var builder: EventBatchBuilder
    private var summary = Summary()
    private var time: UInt64 = 1_511_258_400_000_000
    private var exportOffset = 0
    /// Texts to draw from: making each anew would take longer than all else.
    private let bodies: [[UInt8]]

    /// As much as the runner commits at once (`GroupBuilder.groupBytes`).
    private static let groupByteCount = 4 << 20
    private static let run = "r660e5293ad31b-28626a"

    init(_ path: String, seed: UInt64, facts: Compression) throws {
        var model = CorpusModel(seed: seed)
        // Bodies of the real store: 2.6 KB on average, most far shorter, some far longer.
        bodies = (0..<512).map { number in
            Array(model.text(500 + (number % 8 == 7 ? 12_000 : number % 8 * 400)).utf8)
        }
        self.model = model
        self.facts = facts
        writer = try EventLogWriter.open(path)
        builder = EventBatchBuilder(firstPosition: writer.nextPosition, run: Self.run)
    }

    /// Writes documents until there are so many events.
    mutating func write(events: Int) throws -> Summary {
        append(
            Self.run,
            RunStarted(engine: "local", sources: ["corpus.jsonl"]),
            version: 0,
            stage: "",
            content: nil
        )
        while summary.events < events {
            addDocument()
            if builder.rawByteCount >= Self.groupByteCount { try commit() }
        }
        append(Self.run, RunFinished(stages: [], unchanged: 0), version: 1, stage: "", content: nil)
        try commit()
        writer.close()
        return summary
    }

    private mutating func addDocument() {
        let number = summary.documents
        summary.documents += 1
        let id = "corpus.jsonl#\(number + 1)"
        let fate = model.fate()
        if fate == .failed { return addFailure(id, number) }
        let body = bodies[model.numbers.below(bodies.count)]
        var fields = model.fields()
        let ingested = DocumentIngested(
            source: "corpus.jsonl",
            offset: number * 3000,
            record: number + 1,
            media: "application/json",
            charset: "utf-8",
            sha256: Hex.string(Hash64.finish(UInt64(number))) + Hex.string(model.numbers.next())
                + Hex.string(model.numbers.next()) + Hex.string(model.numbers.next()),
            fields: fields,
            metadata: model.metadata(number, fields)
        )
        append(id, ingested, version: 0, stage: "ingest", content: body)
        if model.numbers.below(4) == 0 { fields.dateline = "MOSCOW, November 21" }
        let cleaned = DocumentCleaned(
            fields: fields,
            rules: [],
            removed: [],
            measurements: [
                .init(name: "bytes", value: Double(body.count)),
                .init(name: "words", value: Double(body.count / 6)),
                .init(name: "letters", value: Double(8000 + model.numbers.below(1000)) / 10_000),
                .init(name: "repeated_lines", value: 0),
            ]
        )
        append(id, cleaned, version: 1, stage: "clean", content: body)
        switch fate {
        case .dropped:
            let dropped = DocumentDropped(rule: "words", value: 11, minimum: 20, maximum: 100_000)
            append(id, dropped, version: 2, stage: "clean", content: nil)
        case .duplicate:
            let duplicate = DocumentDuplicate(
                of: DocumentID(rawValue: "corpus.jsonl#\(number)"),
                kind: .near,
                similarity: 0.9,
                threshold: 0.8,
                fingerprint: model.fingerprint()
            )
            append(id, duplicate, version: 2, stage: "deduplicate", content: nil)
        default:
            addKept(id, body)
        }
    }

    private mutating func addKept(_ id: String, _ body: [UInt8]) {
        let unique = DocumentUnique(fingerprint: model.fingerprint())
        append(id, unique, version: 2, stage: "deduplicate", content: nil)
        let leaders = model.enrichedByLeaders(bodyByteCount: body.count)
        append(id, leaders, version: 3, stage: "enrich", content: nil)
        let topics = model.enrichedByTopics(bodyByteCount: body.count)
        append(id, topics, version: 4, stage: "enrich", content: nil)
        let exported = DocumentExported(
            sink: "export",
            path: "out/k.jsonl",
            offset: exportOffset,
            length: body.count + 900,
            crc32c: UInt32(truncatingIfNeeded: model.numbers.next())
        )
        exportOffset += body.count + 900
        append(id, exported, version: 5, stage: "export", content: nil)
    }

    private mutating func addFailure(_ id: String, _ number: Int) {
        let failed = DocumentFailed(
            code: "ingest.empty",
            message: "the record's text in 'lead', 'text' is empty",
            file: "corpus.jsonl",
            offset: number * 3000,
            attempt: 1,
            retryable: false,
            sha256: String(repeating: "0", count: 64)
        )
        append(id, failed, version: 0, stage: "ingest", content: nil)
    }

    private mutating func append<Payload: EventPayload>(
        _ stream: String,
        _ event: Payload,
        version: UInt32,
        stage: String,
        content: [UInt8]?
    ) {
        let facts = event.encoded
        builder.append(
            stream: stream,
            streamVersion: version,
            type: Payload.type.rawValue,
            schemaVersion: Payload.schemaVersion,
            stage: stage,
            cause: nil,
            facts: facts.span,
            content: content?.span
        )
        summary.events += 1
        let known = summary.types[Payload.type.rawValue, default: (0, 0)]
        summary.types[Payload.type.rawValue] = (known.events + 1, known.bytes + facts.count)
    }

    private mutating func commit() throws {
        guard builder.count > 0 else { return }
        let batch = builder
        try writer.append(try batch.encode(compression: .fast, facts: facts), time: time)
        time += 100_000
        builder = EventBatchBuilder(firstPosition: writer.nextPosition, run: Self.run)
    }
}
