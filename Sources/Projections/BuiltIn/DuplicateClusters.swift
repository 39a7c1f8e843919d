internal import Bytes
internal import Events
internal import GRDB

/// Which documents are copies of which.
struct DuplicateClusters: Projection {
    let version = 2
    let options = ""
    let schema = DuplicateRecord.schema
    let consumes: Set<String>? = [
        EventType.documentIngested.rawValue, EventType.documentCleaned.rawValue,
        EventType.documentDropped.rawValue, EventType.documentUnique.rawValue,
        EventType.documentDuplicate.rawValue, EventType.documentFailed.rawValue,
        EventType.documentRetracted.rawValue,
        EventType.documentRemoved.rawValue,
    ]

    func makeFold(_ schemas: KnownSchemas) -> AnyFold {
        AnyFold(DocumentFold<DuplicateRecord>(schemas, context: NoContext()))
    }

    func makeTables(_ database: Database) throws -> AnyTables {
        AnyTables(try DocumentRows<DuplicateRecord>(database))
    }

    func digest(_ database: Database, into digest: inout DigestBuilder) throws {
        let rows = try RowStatement(database, DuplicateRecord.select("ORDER BY document"))
        while try rows.next() {
            let record = DuplicateRecord(rows, at: 1)
            let document = rows.bytes(0)
            digest.row { writer in
                writer.array(4)
                writer.text(utf8: document.span)
                writer.text(utf8: record.original.span)
                writer.text(utf8: record.kind.span)
                writer.double(record.similarity)
            }
        }
    }
}

/// That a document is a copy of another; no row for one that is not.
struct DuplicateRecord: RowRecord {
    /// The document that it is a copy of; empty if it is none.
    var original: [UInt8] = []
    /// `exact` or `near`.
    var kind: [UInt8] = []
    var similarity = 0.0

    static let columns: [(name: String, type: String)] = [
        ("original", "TEXT NOT NULL"), ("kind", "TEXT NOT NULL"), ("similarity", "REAL NOT NULL"),
    ]
    static let kinds: Set<FactKind> = [
        .ingested, .cleaned, .dropped, .unique, .duplicate, .failed, .retracted,
        .removed,
    ]

    private init() {}

    init(_ row: RowStatement, at column: Int) {
        original = row.bytes(column)
        kind = row.bytes(column + 1)
        similarity = row.double(column + 2)
    }

    func bind(_ row: RowStatement, at column: Int) {
        row.bind(column, text: original.span)
        row.bind(column + 1, text: kind.span)
        row.bind(column + 2, similarity)
    }

    /// Each event says anew whether the document is a copy.
    var isWhole: Bool { true }
    var isEmpty: Bool { original.isEmpty }
    var byteCount: Int { original.count + kind.count }

    mutating func join(_ later: DuplicateRecord) { self = later }

    static func read(
        _ kind: FactKind,
        _ facts: Span<UInt8>,
        _ place: EventPlace,
        _ context: inout NoContext
    ) throws(CBORError) -> DuplicateRecord {
        var record = DuplicateRecord()
        guard kind == .duplicate else { return record }
        var reader = CBORReader(facts)
        for _ in 0..<(try reader.map()) {
            switch try reader.fieldName() {
            case .of: record.original = try reader.textBytes()
            case .kind: record.kind = try reader.textBytes()
            case .similarity: record.similarity = try reader.number()
            default: try reader.skip()
            }
        }
        return record
    }
}
