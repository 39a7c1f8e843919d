/// A cursor over CBOR bytes that reads items in order and skips those nobody asked for.
package struct CBORReader: ~Escapable {
    @usableFromInline let bytes: Span<UInt8>
    /// The offset of the next item, in bytes.
    package var offset: Int

    /// Reads from the first byte.
    @inlinable
    @_lifetime(copy bytes)
    package init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
        offset = 0
    }

    /// Whether nothing is left.
    @inlinable
    package var isAtEnd: Bool { offset >= bytes.count }

    /// The next item's first byte, which tells its type.
    @inlinable
    package func peek() throws(CBORError) -> UInt8 {
        guard offset < bytes.count else { throw CBORError(.truncated, at: offset) }
        return bytes[offset]
    }

    /// Reads a head: major type (0...7), additional information and argument.
    @inlinable
    package mutating func head() throws(CBORError) -> (major: UInt8, info: UInt8, value: UInt64) {
        let first = try peek()
        let start = offset
        offset += 1
        let info = first & 31
        if info < 24 { return (first >> 5, info, UInt64(info)) }
        guard info < 28 else { throw CBORError(.unsupported, at: start) }
        let width = 1 << Int(info - 24)
        guard bytes.count - offset >= width else { throw CBORError(.truncated, at: start) }
        var value: UInt64 = 0
        for index in offset..<(offset + width) {
            value = value << 8 | UInt64(bytes[index])
        }
        offset += width
        return (first >> 5, info, value)
    }

    @inlinable
    mutating func length(of major: UInt8, _ name: String) throws(CBORError) -> Int {
        let start = offset
        let head = try head()
        guard head.major == major else {
            throw CBORError(.unexpectedType, at: start, expected: name)
        }
        guard let count = Int(exactly: head.value), count <= bytes.count - offset else {
            throw CBORError(.truncated, at: start, expected: name)
        }
        return count
    }

    /// Reads the number of pairs of a map, whose keys and values come next.
    @inlinable
    package mutating func map() throws(CBORError) -> Int { try length(of: 5, "map") }

    /// Reads the number of items of an array, which come next.
    @inlinable
    package mutating func array() throws(CBORError) -> Int { try length(of: 4, "array") }

    /// Reads text and answers where its bytes lie.
    @inlinable
    package mutating func textRange() throws(CBORError) -> Range<Int> {
        let count = try length(of: 3, "text")
        defer { offset += count }
        return offset..<(offset + count)
    }

    /// Reads a byte string and answers where its bytes lie.
    @inlinable
    package mutating func bytesRange() throws(CBORError) -> Range<Int> {
        let count = try length(of: 2, "bytes")
        defer { offset += count }
        return offset..<(offset + count)
    }

    /// Reads text.
    @inlinable
    package mutating func text() throws(CBORError) -> String {
        let range = try textRange()
        return String(lossyUTF8: bytes.extracting(range))
    }

    /// Reads text, or nil for null.
    package mutating func optionalText() throws(CBORError) -> String? {
        if try readNull() { return nil }
        return try text()
    }

    /// Reads a byte string.
    package mutating func byteString() throws(CBORError) -> [UInt8] {
        let range = try bytesRange()
        return Array(copying: bytes.extracting(range))
    }

    /// Reads an integer.
    @inlinable
    package mutating func integer() throws(CBORError) -> Int {
        let start = offset
        let head = try head()
        guard head.major < 2 else {
            throw CBORError(.unexpectedType, at: start, expected: "integer")
        }
        guard let magnitude = Int(exactly: head.value) else {
            throw CBORError(.outOfRange, at: start, expected: "integer")
        }
        return head.major == 0 ? magnitude : -1 - magnitude
    }

    /// Reads a non-negative integer.
    @inlinable
    package mutating func unsigned() throws(CBORError) -> UInt64 {
        let start = offset
        let head = try head()
        guard head.major == 0 else {
            throw CBORError(.unexpectedType, at: start, expected: "unsigned integer")
        }
        return head.value
    }

    /// Reads a number, whole or not.
    package mutating func number() throws(CBORError) -> Double {
        let start = offset
        let head = try head()
        switch (head.major, head.info) {
        case (0, _): return Double(head.value)
        case (1, _): return -1 - Double(head.value)
        case (7, 25): return Self.double(half: UInt16(truncatingIfNeeded: head.value))
        case (7, 26): return Double(Float(bitPattern: UInt32(truncatingIfNeeded: head.value)))
        case (7, 27): return Double(bitPattern: head.value)
        default: throw CBORError(.unexpectedType, at: start, expected: "number")
        }
    }

    /// Reads true or false.
    package mutating func bool() throws(CBORError) -> Bool {
        let start = offset
        let head = try head()
        guard head.major == 7, head.info == 20 || head.info == 21 else {
            throw CBORError(.unexpectedType, at: start, expected: "bool")
        }
        return head.info == 21
    }

    /// Reads null if it is next.
    @inlinable
    package mutating func readNull() throws(CBORError) -> Bool {
        guard try peek() == 0xF6 else { return false }
        offset += 1
        return true
    }

    /// Steps over the next item and all it holds.
    ///
    /// Complexity: linear in the number of heads.
    @inlinable
    package mutating func skip() throws(CBORError) {
        var pending: UInt64 = 1
        while pending > 0 {
            pending -= 1
            let start = offset
            let head = try head()
            switch head.major {
            case 2, 3:
                guard head.value <= UInt64(bytes.count - offset) else {
                    throw CBORError(.truncated, at: start)
                }
                offset += Int(head.value)
            case 4, 5:
                // Every item takes a byte at least, which bounds an untrusted count.
                guard head.value <= UInt64(bytes.count - offset) else {
                    throw CBORError(.truncated, at: start)
                }
                pending += head.major == 4 ? head.value : head.value * 2
            case 6:
                // A tag says something of the item after it (RFC 8949 §3.4).
                pending += 1
            default:
                break
            }
        }
    }

    /// The bytes of a range that this reader answered.
    @inlinable
    package var span: Span<UInt8> {
        @_lifetime(copy self)
        get { bytes }
    }

    private static func double(half bits: UInt16) -> Double {
        let sign: Double = bits & 0x8000 == 0 ? 1 : -1
        let exponent = Int(bits >> 10 & 31)
        let mantissa = Double(bits & 0x3FF)
        switch exponent {
        case 0: return sign * mantissa * 0x1p-24
        case 31: return mantissa == 0 ? sign * .infinity : .nan
        default:
            return sign
                * Double(sign: .plus, exponent: exponent - 15, significand: 1 + mantissa / 1024)
        }
    }
}
