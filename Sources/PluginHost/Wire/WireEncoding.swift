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
            writer.value(message.inJSON)
            bytes += writer.bytes
            bytes.append(0x0A)
        case .cbor:
            let item = message.encoded
            bytes.append(contentsOf: Self.prefix(item.count))
            bytes += item
        }
    }

    private static func prefix(_ count: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) }
    }
}

/// What a plugin wrote, cut into messages.
///
/// Never holds more than one message of the greatest length and what was read with it.
struct WireBuffer: Sendable {
    /// How its messages are written.
    var encoding = WireEncoding.json
    /// The bytes that a message may have.
    let messageBytesMax: Int
    private var bytes: [UInt8] = []
    private var start = 0
    /// Up to where no line feed is.
    private var searched = 0

    init(messageBytesMax: Int) {
        self.messageBytesMax = messageBytesMax
    }

    /// Whether nothing of a message has come.
    var isEmpty: Bool { start == bytes.count }

    mutating func append(_ new: Span<UInt8>) {
        if start > 1 << 16, start * 2 > bytes.count {
            bytes.removeFirst(start)
            searched -= start
            start = 0
        }
        bytes.append(contentsOf: new)
    }

    /// The next message; nil if it has not come whole.
    mutating func next() throws(WireError) -> CBORValue? {
        switch encoding {
        case .json: try nextLine()
        case .cbor: try nextItem()
        }
    }

    private mutating func nextLine() throws(WireError) -> CBORValue? {
        searched = max(searched, start)
        guard let end = bytes.span.firstIndex(of: 0x0A, from: searched) else {
            searched = bytes.count
            guard bytes.count - start <= messageBytesMax else { throw tooLong(bytes.count - start) }
            return nil
        }
        guard end - start <= messageBytesMax else { throw tooLong(end - start) }
        defer {
            start = end + 1
            searched = start
        }
        do throws(JSONError) {
            var reader = JSONReader(bytes.span.extracting(start..<end))
            let value = try reader.value()
            try reader.end()
            return value
        } catch {
            throw WireError("a line that is no JSON: \(error)")
        }
    }

    private mutating func nextItem() throws(WireError) -> CBORValue? {
        guard bytes.count - start >= 4 else { return nil }
        let length = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
        guard length <= messageBytesMax else { throw tooLong(length) }
        let body = start + 4
        guard bytes.count - body >= length else { return nil }
        defer { start = body + length }
        do throws(CBORError) {
            let item = bytes.span.extracting(body..<body + length)
            return try CBORValue(anyOrder: item)
        } catch {
            throw WireError("an item that is no CBOR: \(error)")
        }
    }

    private func tooLong(_ count: Int) -> WireError {
        WireError("a message of \(count) bytes or more; at most \(messageBytesMax) are taken")
    }
}

/// What a plugin wrote is no message.
struct WireError: Error, Sendable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension CBORValue {
    /// The value with its bytes as text, in base64 (RFC 4648 §4, with padding).
    fileprivate var inJSON: CBORValue {
        switch self {
        case .bytes(let bytes): .text(Base64.string(bytes))
        case .array(let items): .array(items.map(\.inJSON))
        case .map(let pairs): .map(pairs.map { Pair($0.key, $0.value.inJSON) })
        case .null, .bool, .integer, .double, .text: self
        }
    }
}
