package import Bytes

/// A document's body was cleaned; the body is the event's content.
package struct DocumentCleaned: EventPayload, Equatable {
    package static let type = EventType.documentCleaned

    /// The fields known from here on: the source's, and those split off the body.
    package var fields: DocumentFields
    /// How often each rule changed something, by rule, in the rules' order of names.
    package var rules: [RuleCount]
    /// The pieces that were taken out of the body.
    package var removed: [Removal]
    /// What was measured, by name, such as `words` or `letters`.
    package var measurements: [Measurement]

    /// How often a rule changed something.
    package struct RuleCount: Sendable, Equatable {
        /// The rule's name.
        package var rule: String
        /// How often.
        package var count: Int

        /// Joins a rule and its count.
        package init(rule: String, count: Int) {
            self.rule = rule
            self.count = count
        }
    }

    /// A piece of text that a rule took out of the body.
    package struct Removal: Sendable, Equatable {
        /// The rule's name.
        package var rule: String
        /// The piece, cut after 512 bytes.
        package var text: String
        /// The piece's whole length in bytes.
        package var length: Int

        /// Joins a rule and what it took.
        package init(rule: String, text: String, length: Int) {
            self.rule = rule
            self.text = text
            self.length = length
        }
    }

    /// A named number.
    package struct Measurement: Sendable, Equatable {
        /// The name.
        package var name: String
        /// The value.
        package var value: Double

        /// Joins a name and a value.
        package init(name: String, value: Double) {
            self.name = name
            self.value = value
        }
    }

    /// States what cleaning did.
    package init(
        fields: DocumentFields,
        rules: [RuleCount],
        removed: [Removal],
        measurements: [Measurement]
    ) {
        self.fields = fields
        self.rules = rules
        self.removed = removed
        self.measurements = measurements
    }

    package func encode(into writer: inout CBORWriter) {
        writer.map(4)
        writer.text("rules")
        writer.map(rules.count)
        for count in rules.sorted(by: { $0.rule.isOrderedBeforeInCBOR($1.rule) }) {
            writer.text(count.rule)
            writer.integer(count.count)
        }
        writer.text("fields")
        fields.encode(into: &writer)
        writer.text("removed")
        writer.array(removed.count)
        for removal in removed {
            writer.map(3)
            writer.text("rule")
            writer.text(removal.rule)
            writer.text("text")
            writer.text(removal.text)
            writer.text("length")
            writer.integer(removal.length)
        }
        writer.text("measurements")
        writer.map(measurements.count)
        for measurement in measurements.sorted(by: { $0.name.isOrderedBeforeInCBOR($1.name) }) {
            writer.text(measurement.name)
            writer.number(measurement.value)
        }
    }

    package init(cbor: Span<UInt8>) throws(CBORError) {
        var reader = CBORReader(cbor)
        var event = DocumentCleaned(
            fields: DocumentFields(),
            rules: [],
            removed: [],
            measurements: []
        )
        try reader.eachKey { (key, reader) throws(CBORError) in
            switch key {
            case "rules":
                try reader.eachKey { (rule, reader) throws(CBORError) in
                    event.rules.append(RuleCount(rule: rule, count: try reader.integer()))
                }
            case "fields": event.fields = try DocumentFields(&reader)
            case "removed":
                for _ in 0..<(try reader.array()) { event.removed.append(try Removal(&reader)) }
            case "measurements":
                try reader.eachKey { (name, reader) throws(CBORError) in
                    event.measurements.append(Measurement(name: name, value: try reader.number()))
                }
            default: try reader.skip()
            }
        }
        self = event
    }
}

extension DocumentCleaned.Removal {
    fileprivate init(_ reader: inout CBORReader) throws(CBORError) {
        var removal = Self(rule: "", text: "", length: 0)
        try reader.eachKey { (key, reader) throws(CBORError) in
            switch key {
            case "rule": removal.rule = try reader.text()
            case "text": removal.text = try reader.text()
            case "length": removal.length = try reader.integer()
            default: try reader.skip()
            }
        }
        self = removal
    }
}

extension CBORWriter {
    /// Writes a whole number as an integer, any other as a floating-point number.
    mutating func number(_ value: Double) {
        if let whole = Int(exactly: value) { integer(whole) } else { double(value) }
    }
}
