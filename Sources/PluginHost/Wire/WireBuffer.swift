internal import Bytes

/// What a plugin wrote, cut into messages.
///
/// Never holds more than one message of the greatest length and what was read with it.
struct WireBuffer: Sendable {
    /// How its messages are written.
    var encoding = WireEncoding.json
    /// What may still come; each message takes its part.
    var allowance = WireAllowance.other
    private var bytes: [UInt8] = []
    private var start = 0
    /// Up to where no line feed is.
    private var searched = 0

    /// More room than this is given back once it is empty.
    private static let roomBytesMax = 1 << 20

    /// The bytes that the next message may have.
    private var messageBytesMax: Int { min(allowance.bytes, WireAllowance.messageBytesMax) }

    mutating func append(_ new: Span<UInt8>) {
        if start == bytes.count {
            bytes.removeAll(keepingCapacity: bytes.capacity <= Self.roomBytesMax)
            (start, searched) = (0, 0)
        } else if start > 1 << 16, start * 2 > bytes.count {
            bytes.removeFirst(start)
            searched = max(0, searched - start)
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
        var valuesLeft = allowance.values
        let value = try Self.line(bytes.span.extracting(start..<end), &valuesLeft)
        allowance.values = valuesLeft
        allowance.bytes -= end - start
        start = end + 1
        searched = start
        return value
    }

    private static func line(
        _ line: Span<UInt8>,
        _ valuesLeft: inout Int
    ) throws(WireError) -> CBORValue {
        if let offset = UTF8Scalar.firstInvalidOffset(in: line) {
            throw WireError("a line that is no UTF-8: byte \(offset)")
        }
        do throws(JSONError) {
            var reader = JSONReader(line)
            reader.valuesLeft = valuesLeft
            let value = try reader.value()
            try reader.end()
            valuesLeft = reader.valuesLeft
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
        var valuesLeft = allowance.values
        let value = try Self.item(bytes.span.extracting(body..<body + length), &valuesLeft)
        allowance.values = valuesLeft
        allowance.bytes -= length
        start = body + length
        return value
    }

    private static func item(
        _ item: Span<UInt8>,
        _ valuesLeft: inout Int
    ) throws(WireError) -> CBORValue {
        do throws(CBORError) {
            return try CBORValue(anyOrder: item, valuesLeft: &valuesLeft)
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
