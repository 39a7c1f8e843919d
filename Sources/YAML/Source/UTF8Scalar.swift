/// One step of strict UTF-8 decoding (RFC 3629).
struct UTF8Scalar {
    /// The scalar, or nil where the bytes are not UTF-8.
    let value: Unicode.Scalar?
    /// The bytes it takes; one where they are not UTF-8.
    let byteCount: Int

    private static let invalid = UTF8Scalar(value: nil, byteCount: 1)

    private init(value: Unicode.Scalar?, byteCount: Int) {
        self.value = value
        self.byteCount = byteCount
    }

    /// Decodes at `offset`, which must be inside the bytes.
    init(_ bytes: Span<UInt8>, at offset: Int) {
        let first = bytes[offset]
        let byteCount: Int
        var value: UInt32
        let smallest: UInt32
        switch first {
        case 0x00...0x7F: (byteCount, value, smallest) = (1, UInt32(first), 0)
        case 0xC2...0xDF: (byteCount, value, smallest) = (2, UInt32(first & 0x1F), 0x80)
        case 0xE0...0xEF: (byteCount, value, smallest) = (3, UInt32(first & 0x0F), 0x800)
        case 0xF0...0xF4: (byteCount, value, smallest) = (4, UInt32(first & 0x07), 0x1_0000)
        default:
            self = .invalid
            return
        }
        guard offset + byteCount <= bytes.count else {
            self = .invalid
            return
        }
        for next in (offset + 1)..<(offset + byteCount) {
            guard bytes[next] & 0xC0 == 0x80 else {
                self = .invalid
                return
            }
            value = value << 6 | UInt32(bytes[next] & 0x3F)
        }
        guard value >= smallest, let scalar = Unicode.Scalar(value) else {
            self = .invalid
            return
        }
        self.init(value: scalar, byteCount: byteCount)
    }

    /// Whether a byte begins a scalar (or is no UTF-8), so that counting such counts columns.
    static func isStart(_ byte: UInt8) -> Bool {
        byte & 0xC0 != 0x80
    }
}
