internal import Bytes

/// The 64-bit summary of which event types a batch holds (FORMAT.md §2.3).
enum TypeMask {
    /// The one bit of a type: the low six bits of the CRC-32C of its name.
    static func bit(of type: String) -> UInt64 {
        1 << UInt64(Checksum.crc32c(type.utf8Span.span) & 63)
    }

    /// The bits of several types.
    static func bits(of types: some Sequence<String>) -> UInt64 {
        types.reduce(0) { $0 | bit(of: $1) }
    }
}
