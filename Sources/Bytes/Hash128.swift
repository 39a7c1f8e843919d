/// A 128-bit hash that stands for a key or a content in an index.
package struct Hash128: Hashable, Sendable {
    /// The first half.
    package let high: UInt64
    /// The second half.
    package let low: UInt64

    /// Joins two halves.
    @inlinable
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The hash of some bytes.
    @inlinable
    package init(hashing bytes: Span<UInt8>) {
        high = Hash64.hash(bytes, seed: 0x2545_F491_4F6C_DD1D)
        low = Hash64.hash(bytes, seed: 0xD6E8_FEB8_6659_FD93)
    }

    /// The hash of a string's UTF-8 bytes.
    package init(hashing text: String) {
        var text = text
        self = text.withUTF8 { unsafe Hash128(hashing: Span(_unsafeElements: $0)) }
    }

    @inlinable
    package func hash(into hasher: inout Hasher) {
        hasher.combine(high)
    }
}
