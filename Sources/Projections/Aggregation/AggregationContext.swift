internal import Bytes

/// How the records of an aggregation are read: what is wanted of which events.
struct AggregationContext: Sendable {
    let plan: FactPlan
    private let facts: FactTree
    private let annotators: [(name: [UInt8], fields: FactTree)]
    /// The slots of what a cleaned document says anew.
    private let cleanedSlots: [Int]

    init(_ plan: FactPlan) {
        self.plan = plan
        facts = FactTree(plan.facts)
        annotators = plan.annotators.map { (Array($0.name.utf8), FactTree($0.paths)) }
        cleanedSlots = plan.facts.indices.compactMap { index in
            let isSaid = ["fields", "measurements"].contains(plan.facts[index].first)
            return isSaid ? index + 1 : nil
        }
    }

    /// The number of the annotator whose findings an event holds; nil if they are not wanted.
    func annotator(of enriched: Span<UInt8>) throws(CBORError) -> Int? {
        guard !annotators.isEmpty else { return nil }
        var cursor = FactCursor(enriched)
        var found: Int?
        for _ in 0..<cursor.map() {
            if cursor.take(.annotator) || cursor.key() == .annotator {
                let name = enriched.extracting(cursor.text())
                found = annotators.firstIndex { $0.name.span.isEqual(to: name) }
                break
            }
            cursor.skip()
        }
        try cursor.finish()
        return found
    }

    /// The slots of what a document was read with, or of what cleaning made of it.
    func readFacts(
        _ bytes: Span<UInt8>,
        isCleaned: Bool,
        into slots: inout [[UInt8]?]
    ) throws(CBORError) {
        var reader = CBORReader(bytes)
        var values = [[FieldValue]](repeating: [], count: plan.facts.count)
        guard try reader.peek() >> 5 == 5 else {
            throw CBORError(.unexpectedType, at: 0, expected: "map")
        }
        try facts.read(&reader, into: &values)
        for index in values.indices where !isCleaned || cleanedSlots.contains(index + 1) {
            slots[index + 1] = Self.encoded(values[index])
        }
    }

    /// The slot of an annotator's findings: of each its id, label, mentions, and wanted fields.
    func readFindings(_ bytes: Span<UInt8>, of annotator: Int) throws(CBORError) -> [UInt8] {
        var reader = CBORReader(bytes)
        var writer = CBORWriter()
        for _ in 0..<(try reader.map()) {
            guard try reader.fieldName() == .annotations else {
                try reader.skip()
                continue
            }
            for _ in 0..<(try reader.array()) {
                try readFinding(&reader, annotators[annotator].fields, annotator, &writer)
            }
        }
        return writer.bytes
    }

    private func readFinding(
        _ reader: inout CBORReader,
        _ tree: FactTree,
        _ annotator: Int,
        _ writer: inout CBORWriter
    ) throws(CBORError) {
        let start = reader.offset
        var id: FieldValue?
        var label: FieldValue?
        var mentions = 0
        let count = plan.annotators[annotator].paths.count
        var values = [[FieldValue]](repeating: [], count: count)
        for _ in 0..<(try reader.map()) {
            switch try reader.fieldName() {
            case .id: id = try Self.text(&reader)
            case .label: label = try Self.text(&reader)
            case .spans, .titleSpans:
                let spans = try reader.array()
                mentions += spans
                for _ in 0..<spans { try reader.skip() }
            case .fields: try tree.read(&reader, into: &values)
            default: try reader.skip()
            }
        }
        guard let id else { throw CBORError(.missingKey, at: start, expected: "id") }
        writer.array(3 + count)
        id.encode(into: &writer)
        (label ?? id).encode(into: &writer)
        writer.integer(mentions)
        for list in values {
            writer.array(list.count)
            for value in list { value.encode(into: &writer) }
        }
    }

    private static func text(_ reader: inout CBORReader) throws(CBORError) -> FieldValue {
        let range = try reader.textRange()
        return FieldValue(text: reader.span.extracting(range))
    }

    static func encoded(_ values: [FieldValue]) -> [UInt8] {
        var writer = CBORWriter()
        for value in values { value.encode(into: &writer) }
        return writer.bytes
    }
}
