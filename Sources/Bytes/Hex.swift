/// Lower-case hexadecimal.
package enum Hex {
    /// Two digits a byte.
    package static func string(_ bytes: Span<UInt8>) -> String {
        var digits: [UInt8] = []
        digits.reserveCapacity(bytes.count * 2)
        for index in bytes.indices {
            digits.append(digit(bytes[index] >> 4))
            digits.append(digit(bytes[index] & 15))
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// Sixteen digits, most significant first.
    package static func string(_ value: UInt64) -> String {
        var digits: [UInt8] = []
        for shift in stride(from: 60, through: 0, by: -4) {
            digits.append(digit(UInt8(truncatingIfNeeded: value >> UInt64(shift)) & 15))
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// The bytes that an even number of hexadecimal digits stands for, or nil.
    package static func bytes(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(digits[index]), let low = value(digits[index + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    @inlinable
    package static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? value + 0x30 : value - 10 + 0x61
    }

    /// The value of one hexadecimal digit of either case.
    @inlinable
    package static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x41 + 10
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }
}
