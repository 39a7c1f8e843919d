/// Appends deterministic CBOR (RFC 8949 §4.2.1): shortest heads, definite lengths.
///
/// The caller writes a map's keys in the bytewise order of their encoded form: shorter keys first,
/// keys of one length alphabetically. ``CBORValue/init(decoding:)`` refuses any other order.
package struct CBORWriter: Sendable {
    /// What has been written.
    package var bytes: [UInt8] = []

    /// Begins with no bytes.
    @inlinable
    package init() {}

    /// Begins a map of `count` pairs, each a key and a value.
    @inlinable
    package mutating func map(_ count: Int) {
        head(major: 5, UInt64(count))
    }

    /// Begins an array of `count` items.
    @inlinable
    package mutating func array(_ count: Int) {
        head(major: 4, UInt64(count))
    }

    /// Writes text; also a map's key.
    @inlinable
    package mutating func text(_ value: String) {
        var value = value
        value.withUTF8 { buffer in
            head(major: 3, UInt64(buffer.count))
            unsafe bytes.append(contentsOf: buffer)
        }
    }

    /// Writes text that is known to be UTF-8.
    @inlinable
    package mutating func text(utf8 value: Span<UInt8>) {
        head(major: 3, UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    /// Writes a byte string.
    @inlinable
    package mutating func bytes(_ value: Span<UInt8>) {
        head(major: 2, UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    /// Writes a non-negative integer.
    @inlinable
    package mutating func unsigned(_ value: UInt64) {
        head(major: 0, value)
    }

    /// Writes an integer.
    @inlinable
    package mutating func integer(_ value: Int) {
        if value >= 0 {
            head(major: 0, UInt64(value))
        } else {
            head(major: 1, UInt64(bitPattern: Int64(-1 - value)))
        }
    }

    /// Writes a number in the shortest of the three floating-point widths that keeps its value.
    package mutating func double(_ value: Double) {
        let single = Float(value)
        if value.isNaN {
            bytes.append(contentsOf: [0xF9, 0x7E, 0x00])
        } else if let half = Self.half(single), Double(single) == value {
            bytes.append(0xF9)
            bytes.appendBigEndian(half)
        } else if Double(single) == value {
            bytes.append(0xFA)
            bytes.appendBigEndian(single.bitPattern)
        } else {
            bytes.append(0xFB)
            bytes.appendBigEndian(value.bitPattern)
        }
    }

    /// Writes true or false.
    @inlinable
    package mutating func bool(_ value: Bool) {
        bytes.append(value ? 0xF5 : 0xF4)
    }

    /// Writes null.
    @inlinable
    package mutating func null() {
        bytes.append(0xF6)
    }

    @inlinable
    package mutating func head(major: UInt8, _ value: UInt64) {
        let top = major << 5
        switch value {
        case 0..<24:
            bytes.append(top | UInt8(truncatingIfNeeded: value))
        case 24..<0x100:
            bytes.append(top | 24)
            bytes.append(UInt8(truncatingIfNeeded: value))
        case 0x100..<0x1_0000:
            bytes.append(top | 25)
            bytes.appendBigEndian(UInt16(truncatingIfNeeded: value))
        case 0x1_0000..<0x1_0000_0000:
            bytes.append(top | 26)
            bytes.appendBigEndian(UInt32(truncatingIfNeeded: value))
        default:
            bytes.append(top | 27)
            bytes.appendBigEndian(value)
        }
    }

    /// The binary16 pattern of a single that binary16 holds exactly, or nil.
    private static func half(_ value: Float) -> UInt16? {
        let bits = value.bitPattern
        let sign = UInt16(truncatingIfNeeded: bits >> 16) & 0x8000
        if bits & 0x7FFF_FFFF == 0 { return sign }
        let exponent = Int(bits >> 23 & 0xFF) - 127
        let mantissa = bits & 0x7F_FFFF
        if exponent == 128 { return mantissa == 0 ? sign | 0x7C00 : nil }
        if (-14...15).contains(exponent) {
            guard mantissa & 0x1FFF == 0 else { return nil }
            return sign | UInt16(exponent + 15) << 10 | UInt16(mantissa >> 13)
        }
        guard (-24 ..< -14).contains(exponent) else { return nil }
        let shift = UInt32(13 + (-14 - exponent))
        let whole = mantissa | 0x80_0000
        guard whole & ((1 << shift) - 1) == 0 else { return nil }
        return sign | UInt16(whole >> shift)
    }
}
