internal import Bytes
internal import EventLog
internal import Events
internal import GRDB

/// The dead letters: documents and inputs that could not be processed, until a success clears them.
struct FailureList: Projection {
    let version = 2
    let options = ""
    let schema = FailureRecord.schema
    let consumes: Set<String>? = [
        EventType.documentIngested.rawValue, EventType.documentFailed.rawValue,
        EventType.documentRetracted.rawValue,
        EventType.documentRemoved.rawValue,
    ]

    func makeFold(_ schemas: KnownSchemas) -> AnyFold {
        AnyFold(DocumentFold<FailureRecord>(schemas, context: NoContext()))
    }

    func makeTables(_ database: Database) throws -> AnyTables {
        AnyTables(try DocumentRows<FailureRecord>(database))
    }

    func digest(_ database: Database, into digest: inout DigestBuilder) throws {
        let rows = try RowStatement(database, FailureRecord.select("ORDER BY document"))
        while try rows.next() {
            let record = FailureRecord(rows, at: 1)
            let document = rows.bytes(0)
            digest.row { writer in
                writer.array(7)
                writer.text(utf8: document.span)
                writer.text(utf8: record.code.span)
                writer.text(utf8: record.message.span)
                writer.text(utf8: record.file.span)
                writer.integer(record.offset)
                writer.integer(record.attempt)
                writer.bool(record.isRetryable)
            }
        }
    }
}

/// Why a document failed; no row for one that did not.
struct FailureRecord: RowRecord {
    /// The position of the event; -1 if there is none.
    var position = -1
    var code: [UInt8] = []
    var message: [UInt8] = []
    var file: [UInt8] = []
    var offset = 0
    var attempt = 1
    var isRetryable = false

    static let columns: [(name: String, type: String)] = [
        ("position", "INTEGER NOT NULL"), ("code", "TEXT NOT NULL"), ("message", "TEXT NOT NULL"),
        ("file", "TEXT NOT NULL"), ("offset", "INTEGER NOT NULL"),
        ("attempt", "INTEGER NOT NULL"), ("retryable", "INTEGER NOT NULL"),
    ]
    static let kinds: Set<FactKind> = [.ingested, .failed, .retracted, .removed]

    private init() {}

    init(_ row: RowStatement, at column: Int) {
        position = row.integer(column)
        code = row.bytes(column + 1)
        message = row.bytes(column + 2)
        file = row.bytes(column + 3)
        offset = row.integer(column + 4)
        attempt = row.integer(column + 5)
        isRetryable = row.integer(column + 6) != 0
    }

    func bind(_ row: RowStatement, at column: Int) {
        row.bind(column, position)
        row.bind(column + 1, text: code.span)
        row.bind(column + 2, text: message.span)
        row.bind(column + 3, text: file.span)
        row.bind(column + 4, offset)
        row.bind(column + 5, attempt)
        row.bind(column + 6, isRetryable ? 1 : 0)
    }

    /// Each event says anew whether the document failed.
    var isWhole: Bool { true }
    var isEmpty: Bool { position < 0 }
    var byteCount: Int { code.count + message.count + file.count }

    mutating func join(_ later: FailureRecord) { self = later }

    static func read(
        _ kind: FactKind,
        _ facts: Span<UInt8>,
        _ place: EventPlace,
        _ context: inout NoContext
    ) throws(CBORError) -> FailureRecord {
        var record = FailureRecord()
        guard kind == .failed else { return record }
        record.position = Int(place.position.rawValue)
        var reader = CBORReader(facts)
        for _ in 0..<(try reader.map()) {
            switch try reader.fieldName() {
            case .code: record.code = try reader.textBytes()
            case .message: record.message = try reader.textBytes()
            case .file: record.file = try reader.textBytes()
            case .offset: record.offset = try reader.integer()
            case .attempt: record.attempt = try reader.integer()
            case .retryable: record.isRetryable = try reader.bool()
            default: try reader.skip()
            }
        }
        return record
    }
}
