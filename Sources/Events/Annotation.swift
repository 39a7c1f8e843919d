package import Bytes

/// Where something stands in a text, in bytes.
package struct ByteSpan: Sendable, Hashable {
    /// The offset of the first byte.
    package var start: Int
    /// The offset after the last byte.
    package var end: Int

    /// Spans a range.
    package init(start: Int, end: Int) {
        self.start = start
        self.end = end
    }
}

/// Something that an annotator found in a document.
package struct Annotation: Sendable, Equatable {
    /// What was found: a dictionary's id.
    package var id: String
    /// The name to print.
    package var label: String
    /// Where it stands in the cleaned body, in order.
    package var spans: [ByteSpan]
    /// Where it stands in the title, in order.
    package var titleSpans: [ByteSpan]
    /// What else the annotator says of it, such as `role` or `score`; keys in CBOR order.
    package var fields: [CBORValue.Pair]

    /// States a finding.
    package init(
        id: String,
        label: String,
        spans: [ByteSpan],
        titleSpans: [ByteSpan] = [],
        fields: [CBORValue.Pair] = []
    ) {
        self.id = id
        self.label = label
        self.spans = spans
        self.titleSpans = titleSpans
        self.fields = fields
    }

    package func encode(into writer: inout CBORWriter) {
        writer.map(5)
        writer.text("id")
        writer.text(id)
        writer.text("label")
        writer.text(label)
        writer.text("spans")
        writer.spans(spans)
        writer.text("fields")
        CBORValue.map(fields).encode(into: &writer)
        writer.text("title_spans")
        writer.spans(titleSpans)
    }

    package init(_ reader: inout CBORReader) throws(CBORError) {
        var annotation = Annotation(id: "", label: "", spans: [])
        let bytes = reader.span
        try reader.eachKey { (key, reader) throws(CBORError) in
            switch key {
            case "id": annotation.id = try reader.text()
            case "label": annotation.label = try reader.text()
            case "spans": annotation.spans = try reader.spans()
            case "title_spans": annotation.titleSpans = try reader.spans()
            case "fields":
                let start = reader.offset
                try reader.skip()
                annotation.fields =
                    try CBORValue(decoding: bytes.extracting(start..<reader.offset)).pairs
            default: try reader.skip()
            }
        }
        self = annotation
    }
}

/// A mention that an annotator saw and did not resolve, and why.
package struct UnresolvedMention: Sendable, Equatable {
    /// The words.
    package var text: String
    /// Why it stays open, such as `ambiguous` or `date-unknown`.
    package var reason: String
    /// The ids that it could have been.
    package var candidates: [String]
    /// Where it stands in the cleaned body.
    package var span: ByteSpan

    /// States an open mention.
    package init(text: String, reason: String, candidates: [String], span: ByteSpan) {
        self.text = text
        self.reason = reason
        self.candidates = candidates
        self.span = span
    }

    package func encode(into writer: inout CBORWriter) {
        writer.map(4)
        writer.text("span")
        writer.spans([span])
        writer.text("text")
        writer.text(text)
        writer.text("reason")
        writer.text(reason)
        writer.text("candidates")
        writer.array(candidates.count)
        for candidate in candidates { writer.text(candidate) }
    }

    package init(_ reader: inout CBORReader) throws(CBORError) {
        var mention = UnresolvedMention(
            text: "",
            reason: "",
            candidates: [],
            span: ByteSpan(start: 0, end: 0)
        )
        try reader.eachKey { (key, reader) throws(CBORError) in
            switch key {
            case "span": if let span = try reader.spans().first { mention.span = span }
            case "text": mention.text = try reader.text()
            case "reason": mention.reason = try reader.text()
            case "candidates":
                for _ in 0..<(try reader.array()) { mention.candidates.append(try reader.text()) }
            default: try reader.skip()
            }
        }
        self = mention
    }
}

extension CBORWriter {
    fileprivate mutating func spans(_ spans: [ByteSpan]) {
        array(spans.count)
        for span in spans {
            array(2)
            integer(span.start)
            integer(span.end)
        }
    }
}

extension CBORReader {
    fileprivate mutating func spans() throws(CBORError) -> [ByteSpan] {
        let count = try array()
        var spans: [ByteSpan] = []
        for _ in 0..<count {
            let start = offset
            guard try array() == 2 else {
                throw CBORError(.outOfRange, at: start, expected: "a start and an end")
            }
            spans.append(ByteSpan(start: try integer(), end: try integer()))
        }
        return spans
    }
}
