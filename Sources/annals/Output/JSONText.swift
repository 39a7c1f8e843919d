internal import Bytes

/// JSON for people: a member a line.
enum JSONText {
    /// The value, indented, with a final line break.
    static func indented(_ value: CBORValue) -> [UInt8] {
        var bytes: [UInt8] = []
        append(value, "\n", to: &bytes)
        return bytes + [0x0A]
    }

    private static func append(_ value: CBORValue, _ lineBreak: String, to bytes: inout [UInt8]) {
        let below = lineBreak + "  "
        switch value {
        case .map(let pairs) where !pairs.isEmpty:
            bytes.append(UInt8(ascii: "{"))
            for (number, pair) in pairs.enumerated() {
                bytes += Array(((number == 0 ? "" : ",") + below).utf8)
                append(.text(pair.key), below, to: &bytes)
                bytes += Array(": ".utf8)
                append(pair.value, below, to: &bytes)
            }
            bytes += Array((lineBreak + "}").utf8)
        case .array(let items) where items.contains(where: { !isScalar($0) }):
            bytes.append(UInt8(ascii: "["))
            for (number, item) in items.enumerated() {
                bytes += Array(((number == 0 ? "" : ",") + below).utf8)
                append(item, below, to: &bytes)
            }
            bytes += Array((lineBreak + "]").utf8)
        default:
            var writer = JSONWriter()
            writer.value(value)
            bytes += writer.bytes
        }
    }

    private static func isScalar(_ value: CBORValue) -> Bool {
        switch value {
        case .map, .array: false
        default: true
        }
    }
}
