internal import Bytes

/// What an annotator found in a document, and when the document was published.
///
/// Sixteen bytes without a reference: the findings are in the context of the stretch.
struct AnnotationRecord: DocumentRecord {
    /// Whether it says all there is to say: a revision began with it.
    private(set) var isWhole = false
    private var countsSaid: UInt8 = 0
    private var publishedSaid: Int32 = -1
    private var findingsStart: Int32 = -1
    private var findingsEnd: Int32 = -1

    /// Whether the document counts: not if it was dropped or found to be a duplicate afterwards;
    /// nil if that is not said.
    private(set) var counts: Bool? {
        get { countsSaid == 0 ? nil : countsSaid == 2 }
        set { countsSaid = newValue.map { $0 ? 2 : 1 } ?? 0 }
    }
    /// The day of publication; nil if it is not said.
    private(set) var published: DayNumber? {
        get { publishedSaid < 0 ? nil : DayNumber(rawValue: Int(publishedSaid)) }
        set { publishedSaid = newValue.map { Int32(truncatingIfNeeded: $0.rawValue) } ?? -1 }
    }
    /// Which of the stretch's findings are its own; nil if they are not said.
    private(set) var findings: Range<Int>? {
        get { findingsStart < 0 ? nil : Int(findingsStart)..<Int(findingsEnd) }
        set {
            findingsStart = newValue.map { Int32(truncatingIfNeeded: $0.lowerBound) } ?? -1
            findingsEnd = newValue.map { Int32(truncatingIfNeeded: $0.upperBound) } ?? -1
        }
    }

    static let kinds: Set<FactKind> = [
        .ingested, .cleaned, .dropped, .unique, .duplicate, .enriched, .failed, .retracted,
        .removed,
    ]

    @inline(__always)
    mutating func join(_ later: AnnotationRecord) {
        if later.isWhole {
            self = later
            return
        }
        if later.countsSaid > 0 { countsSaid = later.countsSaid }
        if later.publishedSaid >= 0 { publishedSaid = later.publishedSaid }
        if later.findingsStart >= 0 {
            findingsStart = later.findingsStart
            findingsEnd = later.findingsEnd
        }
    }

    @inline(__always)
    static func wants(
        _ kind: FactKind,
        _ facts: Span<UInt8>,
        _ context: borrowing AnnotationContext
    ) throws(CBORError) -> Bool {
        guard kind == .enriched else { return true }
        var cursor = FactCursor(facts)
        var isWanted = false
        for _ in 0..<cursor.map() {
            if cursor.take(.annotator) || cursor.key() == .annotator {
                isWanted = facts.extracting(cursor.text()).isEqual(to: context.annotator.span)
                break
            }
            cursor.skip()
        }
        try cursor.finish()
        return isWanted
    }

    @inline(__always)
    static func read(
        _ kind: FactKind,
        _ facts: Span<UInt8>,
        _ place: EventPlace,
        _ context: inout AnnotationContext
    ) throws(CBORError) -> AnnotationRecord {
        var record = AnnotationRecord()
        switch kind {
        case .ingested:
            record.isWhole = true
            record.published = try DayNumber(publishedIn: facts)
        case .cleaned:
            record.counts = true
            record.published = try DayNumber(publishedIn: facts)
        case .dropped, .duplicate:
            record.counts = false
        case .unique:
            record.counts = true
        case .enriched:
            record.findings = try context.read(facts)
        default:
            record.isWhole = true
        }
        return record
    }
}

extension DayNumber {
    /// Reads `fields.published` of an event that has fields, and no more of it than needed.
    init(publishedIn facts: Span<UInt8>) throws(CBORError) {
        var cursor = FactCursor(facts)
        var day = DayNumber.unknown
        var rest = cursor.map()
        while rest > 0 {
            rest -= 1
            guard cursor.take(.fields) || cursor.key() == .fields else {
                cursor.skip()
                continue
            }
            for _ in 0..<cursor.map() {
                if cursor.key() == .published, cursor.nextMajor == 3 {
                    day = DayNumber(iso: facts.extracting(cursor.text()))
                } else {
                    cursor.skip()
                }
            }
            rest = 0
        }
        try cursor.finish()
        self = day
    }
}
