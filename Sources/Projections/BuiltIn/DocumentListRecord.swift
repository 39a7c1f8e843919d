internal import Bytes
internal import EventLog

/// What is known of a document altogether.
struct DocumentListRecord: RowRecord {
    /// The position of its first event; kept by later revisions.
    private(set) var first: Int
    /// The first positions of the batches that hold events of it, in order, as decimal numbers
    /// between spaces; kept by later revisions.
    private(set) var batches: [UInt8]
    private(set) var source: [UInt8] = []
    private(set) var title: [UInt8]?
    private(set) var published = DayNumber.unknown
    private(set) var status = DocumentStatus.kept
    /// The document that it is a duplicate of.
    private(set) var original: [UInt8] = []
    private var says: Said = []

    /// What a record says; of the rest nothing is known from its events.
    private struct Said: OptionSet {
        let rawValue: UInt8

        /// All but where the events are: a revision began.
        static let everything = Said(rawValue: 1)
        static let source = Said(rawValue: 2)
        /// Title and day of publication.
        static let fields = Said(rawValue: 4)
        static let status = Said(rawValue: 8)
        static let original = Said(rawValue: 16)
    }

    static let columns: [(name: String, type: String)] = [
        ("first", "INTEGER NOT NULL"), ("batches", "TEXT NOT NULL"), ("source", "TEXT NOT NULL"),
        ("title", "TEXT"), ("published", "INTEGER"), ("status", "INTEGER NOT NULL"),
        ("original", "TEXT NOT NULL"),
    ]
    static let kinds: Set<FactKind> = [
        .ingested, .cleaned, .dropped, .unique, .duplicate, .enriched, .exported, .failed,
        .retracted, .removed,
    ]

    /// All documents but those that their sources no longer hold, and those of which all was erased
    /// that was known at the time, as they first came.
    static let selectListed = select(
        "WHERE status <> \(DocumentStatus.removed.rawValue) AND source <> ''"
            + " ORDER BY first, document"
    )

    private init(_ place: EventPlace) {
        first = Int(place.position.rawValue)
        batches = []
        batches.appendDecimal(Int(place.batch.rawValue))
    }

    init(_ row: RowStatement, at column: Int) {
        first = row.integer(column)
        batches = row.bytes(column + 1)
        source = row.bytes(column + 2)
        title = row.optionalBytes(column + 3)
        published = DayNumber(rawValue: row.integer(column + 4))
        status = DocumentStatus(rawValue: row.integer(column + 5)) ?? .failed
        original = row.bytes(column + 6)
        says = .everything
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

    /// Never: where the events are is kept.
    var isWhole: Bool { false }
    var isEmpty: Bool { false }
    var byteCount: Int { batches.count + source.count + (title?.count ?? 0) + original.count }

    mutating func join(_ later: DocumentListRecord) {
        joinBatches(later.batches)
        let isRevision = later.says.contains(.everything)
        if isRevision || later.says.contains(.source) { source = later.source }
        if isRevision || later.says.contains(.fields) {
            title = later.title
            published = later.published
        }
        if isRevision || later.says.contains(.status) { status = later.status }
        if isRevision || later.says.contains(.original) { original = later.original }
        says.formUnion(later.says)
    }

    /// Appends batches; the first may be the one that this record's last event is in.
    private mutating func joinBatches(_ later: [UInt8]) {
        let first = later.prefix { $0 != 0x20 }
        let last = batches[((batches.lastIndex(of: 0x20) ?? -1) + 1)...]
        if last.elementsEqual(first) {
            batches.append(contentsOf: later[first.endIndex...])
        } else {
            batches.append(0x20)
            batches.append(contentsOf: later)
        }
    }

    static func read(
        _ kind: FactKind,
        _ facts: Span<UInt8>,
        _ place: EventPlace,
        _ context: inout NoContext
    ) throws(CBORError) -> DocumentListRecord {
        var record = DocumentListRecord(place)
        switch kind {
        case .ingested:
            try record.readFields(facts)
            record.says = .everything
        case .cleaned:
            try record.readFields(facts)
            record.says.formUnion([.status, .original])
        case .unique:
            record.says = [.status, .original]
        case .dropped:
            record.status = .dropped
            // One that was not let in has no other event that names it.
            record.source = try readText(.source, of: facts)
            record.says = record.source.isEmpty ? .status : [.status, .source]
        case .duplicate:
            record.status = .duplicate
            record.original = try readText(.of, of: facts)
            record.says = [.status, .original]
        case .failed:
            record.status = .failed
            record.source = try readText(.file, of: facts)
            record.says = .everything
        case .retracted:
            record.status = .retracted
            record.source = try readText(.source, of: facts)
            record.says = [.status, .fields, .original]
            if !record.source.isEmpty { record.says.insert(.source) }
        case .removed:
            record.status = .removed
            record.says = [.status, .fields, .original]
        default:
            break
        }
        return record
    }

    /// Its story begins and goes on there.
    static func erased(at place: EventPlace) -> DocumentListRecord? { DocumentListRecord(place) }

    /// Reads source, title and published of an event that has fields.
    private mutating func readFields(_ facts: Span<UInt8>) throws(CBORError) {
        var reader = CBORReader(facts)
        for _ in 0..<(try reader.map()) {
            switch try reader.fieldName() {
            case .source:
                source = try reader.textBytes()
                says.insert(.source)
            case .fields:
                says.insert(.fields)
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

    /// The text of a key; empty if there is none.
    private static func readText(
        _ name: FieldName,
        of facts: Span<UInt8>
    ) throws(CBORError) -> [UInt8] {
        var reader = CBORReader(facts)
        var text: [UInt8] = []
        for _ in 0..<(try reader.map()) {
            if try reader.fieldName() == name {
                text = try reader.textBytes()
            } else {
                try reader.skip()
            }
        }
        return text
    }
}
