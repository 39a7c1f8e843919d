/// Eight bytes tested at once in a 64-bit word; an answer has the top bit of each byte that fits.
@usableFromInline
enum ByteMask {
    /// 1 in every byte.
    @inlinable static var ones: UInt64 { 0x0101_0101_0101_0101 }
    /// The top bit of every byte.
    @inlinable static var tops: UInt64 { 0x8080_8080_8080_8080 }

    /// Where a word's bytes are 0; only the lowest bit is exact, the others may be wrong.
    @inlinable
    static func zeros(_ word: UInt64) -> UInt64 {
        (word &- ones) & ~word & tops
    }

    /// Where bytes lie in `first...last`; bytes and bounds are all below 0x80.
    @inlinable
    static func between(_ first: UInt8, _ last: UInt8, in word: UInt64) -> UInt64 {
        let fromFirst = word &+ UInt64(0x80 - first) &* ones
        let beyondLast = word &+ UInt64(0x7F - last) &* ones
        return fromFirst & ~beyondLast & tops
    }

    /// The index of the lowest byte of an answer; 8 for none.
    @inlinable
    static func firstIndex(_ mask: UInt64) -> Int {
        mask.trailingZeroBitCount / 8
    }
}

extension Span<UInt8> {
    /// Eight bytes from an offset, the first of them lowest; the offset must leave eight.
    @inlinable
    @inline(__always)
    package func word(at index: Int) -> UInt64 {
        // The load is checked against the span's bounds; any bit pattern is an integer.
        UInt64(
            littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
        )
    }

    /// The last bytes from an offset, fewer than eight, with zeros above them.
    @inlinable
    @inline(__always)
    package func lastWord(at index: Int) -> UInt64 {
        // The last eight bytes, less those before `index`: one load instead of seven.
        if count >= 8, index < count, index > count - 8 {
            return word(at: count - 8) >> UInt64((index - count + 8) * 8)
        }
        var word: UInt64 = 0
        var shift: UInt64 = 0
        for offset in index..<Swift.min(index + 8, count) {
            word |= UInt64(self[offset]) << shift
            shift += 8
        }
        return word
    }
}
