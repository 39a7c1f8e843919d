package import Bytes

/// The facts of one type of event: a CBOR map in the JSON data model.
package protocol EventPayload: Sendable {
    /// The type's name in the log.
    static var type: EventType { get }
    /// The version of the payload's schema.
    static var schemaVersion: UInt8 { get }
    /// Writes the payload as deterministic CBOR.
    func encode(into writer: inout CBORWriter)
    /// Reads the payload; keys that it does not know are skipped.
    init(cbor: Span<UInt8>) throws(CBORError)
}

extension EventPayload {
    package static var schemaVersion: UInt8 { 1 }

    /// The payload's bytes.
    package var encoded: [UInt8] {
        var writer = CBORWriter()
        // Most payloads fit: one allocation instead of a growing array's six.
        writer.bytes.reserveCapacity(480)
        encode(into: &writer)
        return writer.bytes
    }
}

extension CBORReader {
    /// Reads a map's keys in turn; `read` reads or skips each value.
    mutating func eachKey(
        _ read: (String, inout CBORReader) throws(CBORError) -> Void
    ) throws(CBORError) {
        let count = try map()
        for _ in 0..<count {
            let key = try text()
            try read(key, &self)
        }
    }
}

/// A value that must have been among a payload's keys.
func required<Value>(_ value: Value?, _ key: String) throws(CBORError) -> Value {
    guard let value else { throw CBORError(.missingKey, at: 0, expected: key) }
    return value
}
