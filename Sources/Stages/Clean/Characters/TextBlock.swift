internal import Bytes

/// Eight bytes of a text tested at once; an answer has the top bit of each byte that fits.
struct TextBlock {
    /// The bytes, the first of them lowest.
    private let bytes: UInt64

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    /// The top bit of every byte.
    static let tops: UInt64 = 0x8080_8080_8080_8080

    /// Reads eight bytes from an offset, which must leave so many.
    @inline(__always)
    init(_ text: Span<UInt8>, at index: Int) { bytes = text.word(at: index) }

    /// Whether all of it is ASCII; the tests below hold for such a block alone.
    var isASCII: Bool { bytes & Self.tops == 0 }

    /// Where bytes lie in `first...last`, both below 0x80.
    @inline(__always)
    func between(_ first: UInt8, _ last: UInt8) -> UInt64 {
        Self.between(first, last, in: bytes)
    }

    /// Where bytes are letters.
    @inline(__always)
    var letters: UInt64 { Self.between(0x61, 0x7A, in: bytes | 0x20 &* Self.ones) }

    @inline(__always)
    private static func between(_ first: UInt8, _ last: UInt8, in bytes: UInt64) -> UInt64 {
        let fromFirst = bytes &+ UInt64(0x80 - first) &* ones
        let beyondLast = bytes &+ UInt64(0x7F - last) &* ones
        return fromFirst & ~beyondLast & tops
    }
}
