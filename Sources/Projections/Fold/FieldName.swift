internal import Bytes

/// A key of a payload as two machine words, to be compared without a string.
struct FieldName: Equatable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    /// A key of at most fifteen bytes; a longer one equals no other of ours.
    init(_ key: Span<UInt8>) {
        guard key.count < 16 else {
            high = .max
            return
        }
        for index in 0..<min(8, key.count) {
            low |= UInt64(key[index]) << UInt64(index * 8)
        }
        for index in min(8, key.count)..<key.count {
            high |= UInt64(key[index]) << UInt64((index - 8) * 8)
        }
        high |= UInt64(key.count) << 56
    }

    private init(_ key: String) {
        let bytes = Array(key.utf8)
        self.init(bytes.span)
    }

    static let annotations = FieldName("annotations")
    static let annotator = FieldName("annotator")
    static let attempt = FieldName("attempt")
    static let code = FieldName("code")
    static let fields = FieldName("fields")
    static let file = FieldName("file")
    static let id = FieldName("id")
    static let kind = FieldName("kind")
    static let label = FieldName("label")
    static let message = FieldName("message")
    static let of = FieldName("of")
    static let offset = FieldName("offset")
    static let published = FieldName("published")
    static let retryable = FieldName("retryable")
    static let role = FieldName("role")
    static let roles = FieldName("roles")
    static let similarity = FieldName("similarity")
    static let source = FieldName("source")
    static let spans = FieldName("spans")
    static let stages = FieldName("stages")
    static let title = FieldName("title")
    static let titleSpans = FieldName("title_spans")
}

extension CBORReader {
    /// Reads the key that is next.
    @inline(__always)
    mutating func fieldName() throws(CBORError) -> FieldName {
        let range = try textRange()
        return FieldName(span.extracting(range))
    }

    /// Reads text as its bytes.
    mutating func textBytes() throws(CBORError) -> [UInt8] {
        let range = try textRange()
        return [UInt8](copying: span.extracting(range))
    }
}
