internal import Bytes

/// What an annotator found in a document, and when the document was published.
///
/// Of fixed size and without a reference: the findings are in the heap of the stretch.
struct AnnotationRecord: DocumentRecord {
    /// Whether it says all there is to say: a revision began with it.
    private(set) var isWhole = false
    /// Whether the document counts: not if it was dropped or found to be a duplicate afterwards;
    /// nil if that is not said.
    private(set) var counts: Bool?
    /// The day of publication; nil if it is not said.
    private(set) var published: DayNumber?
    /// Where the findings lie in the heap; nil if they are not said.
    private(set) var findings: Range<Int32>?

    static let kinds: Set<FactKind> = [
        .ingested, .cleaned, .dropped, .unique, .duplicate, .enriched, .failed, .retracted,
    ]

    @inline(__always)
    mutating func join(_ later: AnnotationRecord) {
        if later.isWhole {
            self = later
        } else {
            if let said = later.counts { counts = said }
            if let said = later.published { published = said }
            if let said = later.findings { findings = said }
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
            record.findings = try context.findings(facts)
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
