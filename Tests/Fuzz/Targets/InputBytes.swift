internal import Bytes

/// An input taken apart from its front.
struct InputBytes {
    private var rest: ArraySlice<UInt8>

    init(_ input: [UInt8]) {
        rest = input[...]
    }

    /// The next byte, or 0: for choices.
    mutating func byte() -> UInt8 {
        rest.popFirst() ?? 0
    }

    /// The next `count` bytes, or what there is.
    mutating func bytes(_ count: Int) -> [UInt8] {
        let taken = rest.prefix(count)
        rest = rest.dropFirst(count)
        return Array(taken)
    }

    /// All that is left.
    mutating func remaining() -> [UInt8] {
        bytes(rest.count)
    }
}

extension [UInt8] {
    /// The little-endian integer at an offset.
    func integer<Value: FixedWidthInteger>(at offset: Int, as: Value.Type = Value.self) -> Value {
        (0..<Value.bitWidth / 8).reduce(0) { value, index in
            value | Value(self[offset + index]) << Value(index * 8)
        }
    }

    /// Overwrites the bytes at an offset by an integer, least significant byte first.
    mutating func set<Value: FixedWidthInteger>(_ value: Value, at offset: Int) {
        for index in 0..<Value.bitWidth / 8 {
            self[offset + index] = UInt8(truncatingIfNeeded: value >> Value(index * 8))
        }
    }

    /// Overwrites the bytes at an offset.
    mutating func set(_ bytes: [UInt8], at offset: Int) {
        replaceSubrange(offset..<offset + bytes.count, with: bytes)
    }

    /// Stores the checksum of a range, if all of it is there.
    mutating func seal(_ range: Range<Int>, checksumAt offset: Int) {
        guard range.upperBound <= count, offset + 4 <= count else { return }
        set(Checksum.crc32c(span.extracting(range)), at: offset)
    }

    /// Zeros up to a length; nothing else of what is there is lost.
    func padded(to length: Int) -> [UInt8] {
        self + [UInt8](repeating: 0, count: Swift.max(0, length - count))
    }
}
