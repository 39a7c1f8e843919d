internal import Bytes

/// A set of hashes that may say yes by mistake, small enough to stay in a core's cache.
struct WordFilter: Sendable {
    /// A power of two of bits.
    let bits: [UInt64]

    /// Thirty-two to sixty-four bits a hash: at most one strange hash in thirty-two passes.
    init(_ hashes: Set<UInt64>) {
        let count = max(64, (hashes.count * 32).nextPowerOfTwo)
        var bits = [UInt64](repeating: 0, count: count / 64)
        for hash in hashes {
            let bit = hash & UInt64(count - 1)
            bits[Int(bit >> 6)] |= 1 << (bit & 63)
        }
        self.bits = bits
    }

    /// The bytes that it takes.
    var byteCount: Int { bits.count * 8 }

    /// Whether the bits that a filter consists of may hold a hash.
    @inline(__always)
    static func holds(_ hash: UInt64, in bits: Span<UInt64>) -> Bool {
        let bit = hash & UInt64(truncatingIfNeeded: bits.count &* 64 &- 1)
        return bits[Int(truncatingIfNeeded: bit >> 6)] >> (bit & 63) & 1 != 0
    }

    /// The hash of two neighbouring words, in their order.
    @inline(__always)
    static func pair(_ first: UInt64, _ second: UInt64) -> UInt64 {
        (first &* 0x9E37_79B9_7F4A_7C15) ^ second
    }
}

extension Int {
    /// The smallest power of two that is not less.
    var nextPowerOfTwo: Int {
        self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount)
    }
}
