package import Bytes

/// A filter dropped a document: what was measured, and the threshold that decided.
package struct DocumentDropped: EventPayload, Equatable {
    package static let type = EventType.documentDropped

    /// The rule, such as `words`.
    package var rule: String
    /// The measured value.
    package var value: Double
    /// The smallest value that would have been kept.
    package var minimum: Double?
    /// The largest value that would have been kept.
    package var maximum: Double?
    /// SHA-256 of what was dropped, in hexadecimal, where nothing else in the log says it: a
    /// document that was not let in has no `document.ingested`.
    package var sha256: String?
    /// The path at which that was read, or `-`.
    package var source: String?

    /// States a decision.
    package init(
        rule: String,
        value: Double,
        minimum: Double?,
        maximum: Double?,
        sha256: String? = nil,
        source: String? = nil
    ) {
        self.rule = rule
        self.value = value
        self.minimum = minimum
        self.maximum = maximum
        self.sha256 = sha256
        self.source = source
    }

    package func encode(into writer: inout CBORWriter) {
        writer.map(3 + (sha256 == nil ? 0 : 1) + (source == nil ? 0 : 1))
        writer.text("rule")
        writer.text(rule)
        writer.text("value")
        writer.number(value)
        if let sha256 {
            writer.text("sha256")
            writer.text(sha256)
        }
        if let source {
            writer.text("source")
            writer.text(source)
        }
        writer.text("threshold")
        writer.map((minimum == nil ? 0 : 1) + (maximum == nil ? 0 : 1))
        if let maximum {
            writer.text("max")
            writer.number(maximum)
        }
        if let minimum {
            writer.text("min")
            writer.number(minimum)
        }
    }

    package init(cbor: Span<UInt8>) throws(CBORError) {
        var reader = CBORReader(cbor)
        var event = DocumentDropped(rule: "", value: 0, minimum: nil, maximum: nil)
        try reader.eachKey { (key, reader) throws(CBORError) in
            switch key {
            case "rule": event.rule = try reader.text()
            case "value": event.value = try reader.number()
            case "sha256": event.sha256 = try reader.text()
            case "source": event.source = try reader.text()
            case "threshold":
                try reader.eachKey { (bound, reader) throws(CBORError) in
                    switch bound {
                    case "max": event.maximum = try reader.number()
                    case "min": event.minimum = try reader.number()
                    default: try reader.skip()
                    }
                }
            default: try reader.skip()
            }
        }
        self = event
    }
}
