extension Span<UInt8> {
    /// The little-endian integer at a byte offset; traps outside the span.
    @inlinable
    func littleEndian<Value: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int,
        as type: Value.Type = Value.self
    ) -> Value {
        unsafe Value(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: type))
    }

    /// Whether the bytes are all zero.
    var isZero: Bool {
        for index in indices where self[index] != 0 {
            return false
        }
        return true
    }
}

extension [UInt8] {
    /// Overwrites the bytes at an offset with an integer, least significant byte first.
    @inlinable
    mutating func store<Value: FixedWidthInteger>(_ value: Value, at offset: Int) {
        var rest = value
        for index in offset..<offset + Value.bitWidth / 8 {
            self[index] = UInt8(truncatingIfNeeded: rest)
            rest >>= 8
        }
    }

    /// Overwrites the bytes at an offset.
    mutating func store(_ bytes: [UInt8], at offset: Int) {
        replaceSubrange(offset..<offset + bytes.count, with: bytes)
    }

    /// Appends zeros up to a multiple of eight.
    mutating func padToEight() {
        while !count.isMultiple(of: 8) { append(0) }
    }
}

/// The length of what follows `length` bytes up to a multiple of eight.
func padding(after length: Int) -> Int {
    -length & 7
}
