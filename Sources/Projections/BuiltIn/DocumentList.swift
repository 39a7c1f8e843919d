internal import Bytes
internal import EventLog
internal import Events
internal import GRDB

/// What became of each document, and where in the log its story stands.
struct DocumentList: Projection {
    let version = 1
    let options = ""
    let schema = DocumentListRecord.schema
    let consumes: Set<String>? = [
        EventType.documentIngested.rawValue, EventType.documentCleaned.rawValue,
        EventType.documentDropped.rawValue, EventType.documentUnique.rawValue,
        EventType.documentDuplicate.rawValue, EventType.documentEnriched.rawValue,
        EventType.documentExported.rawValue, EventType.documentFailed.rawValue,
        FactKind.documentRetracted.rawValue,
    ]

    func makeFold(_ database: Database) throws -> AnyFold {
        AnyFold(try DocumentFold<DocumentListRecord>(database, context: ()))
    }

    func digest(_ database: Database, into digest: inout DigestBuilder) throws {
        let rows = try RowStatement(database, DocumentListRecord.select("ORDER BY first, document"))
        while try rows.next() {
            let record = DocumentListRecord(rows, at: 1)
            let document = rows.bytes(0)
            digest.row { writer in
                writer.array(6)
                writer.text(utf8: document.span)
                writer.text(utf8: record.source.span)
                if let title = record.title { writer.text(utf8: title.span) } else { writer.null() }
                writer.integer(record.published.rawValue)
                writer.integer(record.status.rawValue)
                writer.text(utf8: record.original.span)
            }
        }
    }
}

/// What is known of a document altogether.
struct DocumentListRecord: DocumentRecord {
    /// The position of its first event; kept by later revisions.
    var first = 0
    /// The first positions of the batches that hold events of it, of this commit only: they are
    /// appended to those of earlier ones.
    var batches: [UInt8] = []
    var source: [UInt8] = []
    var title: [UInt8]?
    var published = DayNumber.unknown
    var status = DocumentStatus.kept
    /// The document that it is a duplicate of.
    var original: [UInt8] = []
    private var lastBatch = -1
    private var isNew = true

    static let columns: [(name: String, type: String)] = [
        ("first", "INTEGER NOT NULL"), ("batches", "TEXT NOT NULL"), ("source", "TEXT NOT NULL"),
        ("title", "TEXT"), ("published", "INTEGER"), ("status", "INTEGER NOT NULL"),
        ("original", "TEXT NOT NULL"),
    ]
    static let keptColumns: Set<String> = ["first"]
    static let grownColumns: Set<String> = ["batches"]
    static let kinds: Set<FactKind> = [
        .ingested, .cleaned, .dropped, .unique, .duplicate, .enriched, .exported, .failed,
        .retracted,
    ]

    init() {}

    init(_ row: RowStatement, at column: Int) {
        first = row.integer(column)
        source = row.bytes(column + 2)
        title = row.optionalBytes(column + 3)
        published = DayNumber(rawValue: row.integer(column + 4))
        status = DocumentStatus(rawValue: row.integer(column + 5)) ?? .failed
        original = row.bytes(column + 6)
        isNew = false
    }

    func bind(_ row: RowStatement, at column: Int) {
        row.bind(column, first)
        row.bind(column + 1, text: batches.span)
        row.bind(column + 2, text: source.span)
        row.bind(column + 3, text: title)
        row.bind(column + 4, published == .unknown ? nil : published.rawValue)
        row.bind(column + 5, status.rawValue)
        row.bind(column + 6, text: original.span)
    }

    var isEmpty: Bool { false }
    var byteCount: Int { batches.count + source.count + (title?.count ?? 0) + original.count }

    mutating func beginRevision() {
        var next = Self()
        next.first = first
        next.batches = batches
        next.lastBatch = lastBatch
        next.isNew = isNew
        self = next
    }

    mutating func apply(
        _ kind: FactKind,
        facts: Span<UInt8>,
        place: EventPlace,
        context: inout ()
    ) throws(CBORError) {
        note(place)
        switch kind {
        case .ingested:
            try readFields(facts)
        case .cleaned:
            status = .kept
            original = []
            try readFields(facts)
        case .unique:
            status = .kept
            original = []
        case .dropped:
            status = .dropped
        case .duplicate:
            status = .duplicate
            try readText(.of, of: facts) { (record, text) in record.original = text }
        case .failed:
            status = .failed
            try readText(.file, of: facts) { (record, text) in record.source = text }
        case .retracted:
            status = .retracted
            title = nil
            published = .unknown
            original = []
        default:
            break
        }
    }

    private mutating func note(_ place: EventPlace) {
        if isNew {
            first = Int(place.position.rawValue)
            isNew = false
        }
        let batch = Int(place.batch.rawValue)
        guard batch != lastBatch else { return }
        lastBatch = batch
        if !batches.isEmpty { batches.append(0x20) }
        batches.appendDecimal(batch)
    }

    /// Reads source, title and published of an event that has fields.
    private mutating func readFields(_ facts: Span<UInt8>) throws(CBORError) {
        var reader = CBORReader(facts)
        for _ in 0..<(try reader.map()) {
            switch try reader.fieldName() {
            case .source: source = try reader.textBytes()
            case .fields:
                title = nil
                published = .unknown
                for _ in 0..<(try reader.map()) {
                    switch try reader.fieldName() {
                    case .title: title = try reader.textBytes()
                    case .published:
                        let range = try reader.textRange()
                        published = DayNumber(iso: facts.extracting(range))
                    default: try reader.skip()
                    }
                }
            default: try reader.skip()
            }
        }
    }

    private mutating func readText(
        _ name: FieldName,
        of facts: Span<UInt8>,
        _ take: (inout Self, [UInt8]) -> Void
    ) throws(CBORError) {
        var reader = CBORReader(facts)
        for _ in 0..<(try reader.map()) {
            if try reader.fieldName() == name {
                take(&self, try reader.textBytes())
            } else {
                try reader.skip()
            }
        }
    }
}

/// What became of a document.
package enum DocumentStatus: Int, Sendable, Hashable, CaseIterable {
    case kept, dropped, duplicate, failed, retracted

    /// The word that the command line prints.
    package var name: String {
        switch self {
        case .kept: "kept"
        case .dropped: "dropped"
        case .duplicate: "duplicate"
        case .failed: "failed"
        case .retracted: "retracted"
        }
    }
}
