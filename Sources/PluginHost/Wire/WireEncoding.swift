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
            writer.base64 = .standard
            swap(&writer.bytes, &bytes)
            writer.value(message)
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
}
