internal import Bytes

/// Single facts of an event, read without decoding the others: a store of millions of documents is
/// gone through before each run.
enum EventFacts {
    static let sha256 = Array("sha256".utf8)
    static let original = Array("of".utf8)
    static let path = Array("path".utf8)
    static let sink = Array("sink".utf8)
    static let offset = Array("offset".utf8)
    static let length = Array("length".utf8)

    /// Where a text lies in an event's facts.
    static func text(_ key: [UInt8], in facts: Span<UInt8>) throws(CBORError) -> Range<Int> {
        var reader = CBORReader(facts)
        try find(key, &reader)
        return try reader.textRange()
    }

    /// A whole number of an event's facts.
    static func integer(_ key: [UInt8], in facts: Span<UInt8>) throws(CBORError) -> Int {
        var reader = CBORReader(facts)
        try find(key, &reader)
        return try reader.integer()
    }

    private static func find(_ key: [UInt8], _ reader: inout CBORReader) throws(CBORError) {
        for _ in 0..<(try reader.map()) {
            let range = try reader.textRange()
            if reader.span.extracting(range).isEqual(to: key.span) { return }
            try reader.skip()
        }
        throw CBORError(.missingKey, at: 0, expected: String(decoding: key, as: UTF8.self))
    }
}
