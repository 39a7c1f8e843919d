internal import Bytes

/// How messages are written down (PROTOCOL.md §3).
enum WireEncoding: String, Sendable, CaseIterable {
    /// A JSON object on a line of its own.
    case json
    /// Four bytes with the length, most significant first, then a CBOR item.
    case cbor

    /// Appends a message to bytes on their way.
    func append(_ message: CBORValue, to bytes: inout [UInt8]) {
        switch self {
        case .json:
            var writer = JSONWriter()
            swap(&writer.bytes, &bytes)
            Self.write(message, &writer)
            writer.newline()
            swap(&writer.bytes, &bytes)
        case .cbor:
            let start = bytes.count
            bytes.append(contentsOf: [0, 0, 0, 0])
            var writer = CBORWriter()
            swap(&writer.bytes, &bytes)
            message.encode(into: &writer)
            swap(&writer.bytes, &bytes)
            let length = bytes.count - start - 4
            for index in 0..<4 {
                bytes[start + index] = UInt8(truncatingIfNeeded: length >> (24 - 8 * index))
            }
        }
    }

    /// Writes a tree; byte strings become base64 with padding (RFC 4648 §4).
    private static func write(_ value: CBORValue, _ writer: inout JSONWriter) {
        switch value {
        case .bytes(let bytes):
            let text = base64(bytes)
            writer.string(utf8: text.span)
        case .array(let items):
            writer.beginArray()
            for item in items { write(item, &writer) }
            writer.endArray()
        case .map(let pairs):
            writer.beginObject()
            for pair in pairs {
                writer.key(pair.key)
                write(pair.value, &writer)
            }
            writer.endObject()
        default: writer.value(value)
        }
    }

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    private static func base64(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let rest = min(3, bytes.count - start)
            var group = 0
            for index in 0..<3 {
                group = group << 8 | (index < rest ? Int(bytes[start + index]) : 0)
            }
            for index in 0..<4 {
                text.append(index <= rest ? alphabet[group >> (18 - 6 * index) & 63] : 0x3D)
            }
        }
        return text
    }
}
