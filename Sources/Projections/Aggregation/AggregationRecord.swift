internal import Bytes

/// What an aggregation keeps of a document: its outcome, and the facts and findings of its plan.
///
/// Each is a slot: nil where the events said nothing of it. A document that is read again begins
/// anew (``isWhole``), so that nothing of what it said before remains.
struct AggregationRecord: RowRecord {
    private(set) var isWhole = false
    private(set) var slots: [[UInt8]?]

    static let columns: [(name: String, type: String)] = [("facts", "BLOB NOT NULL")]
    static let kinds: Set<FactKind> = [
        .ingested, .cleaned, .dropped, .unique, .duplicate, .enriched, .failed, .retracted,
        .removed,
    ]

    private init(slotCount: Int) {
        slots = [[UInt8]?](repeating: nil, count: slotCount)
    }

    init(_ row: RowStatement, at column: Int) {
        slots = Self.slots(row.bytes(column))
        isWhole = true
    }

    func bind(_ row: RowStatement, at column: Int) {
        var bytes: [UInt8] = []
        for slot in slots {
            bytes.appendVarInt(slot?.count ?? 0)
            if let slot { bytes.append(contentsOf: slot) }
        }
        row.bind(column, blob: bytes.span)
    }

    /// The slots of a row; fewer than there are if the row is damaged.
    static func slots(_ bytes: [UInt8]) -> [[UInt8]?] {
        var slots: [[UInt8]?] = []
        var offset = 0
        while offset < bytes.count {
            let count = bytes.varInt(at: &offset)
            guard count >= 0, count <= bytes.count - offset else { break }
            slots.append(Array(bytes[offset..<offset + count]))
            offset += count
        }
        return slots
    }

    var isEmpty: Bool { false }
    var byteCount: Int { slots.reduce(32) { $0 + 16 + ($1?.count ?? 0) } }

    mutating func join(_ later: AggregationRecord) {
        guard !later.isWhole, slots.count == later.slots.count else {
            self = later
            return
        }
        for index in slots.indices {
            if let said = later.slots[index] { slots[index] = said }
        }
    }

    static func wants(
        _ kind: FactKind,
        _ facts: Span<UInt8>,
        _ context: borrowing AggregationContext
    ) throws(CBORError) -> Bool {
        guard kind == .enriched else { return true }
        return try context.annotator(of: facts) != nil
    }

    static func read(
        _ kind: FactKind,
        _ facts: Span<UInt8>,
        _ place: EventPlace,
        _ context: inout AggregationContext
    ) throws(CBORError) -> AggregationRecord {
        var record = AggregationRecord(slotCount: context.plan.slotCount)
        switch kind {
        case .ingested:
            record.isWhole = true
            record.slots[0] = DocumentOutcome(.kept).encoded
            try context.readFacts(facts, isCleaned: false, into: &record.slots)
        case .cleaned:
            record.slots[0] = DocumentOutcome(.kept).encoded
            try context.readFacts(facts, isCleaned: true, into: &record.slots)
        case .enriched:
            if let annotator = try context.annotator(of: facts) {
                record.slots[context.plan.firstAnnotatorSlot + annotator] =
                    try context.readFindings(facts, of: annotator)
            }
        case .failed, .removed, .retracted:
            record.isWhole = true
            record.slots[0] = try DocumentOutcome(kind, facts).encoded
            if let source = context.plan.index(ofFact: ["source"]) {
                let said = try DocumentOutcome.source(kind, facts)
                record.slots[source + 1] = AggregationContext.encoded(said.map { [$0] } ?? [])
            }
        default:
            record.slots[0] = try DocumentOutcome(kind, facts).encoded
        }
        return record
    }
}
