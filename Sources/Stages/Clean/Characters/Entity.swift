internal import Bytes

/// An HTML entity (HTML Living Standard, section 13.5) at the end of a text.
struct Entity {
    /// What it stands for.
    let scalar: UInt32
    /// Its length in bytes, with `&` and `;`.
    let length: Int

    /// `&#x10FFFF;` and `&thetasym;`: no entity that is known here is longer.
    private static let lengthLimit = 10

    /// The entity that the text's final semicolon ends, if there is one.
    static func atEnd(of text: Span<UInt8>) -> Entity? {
        let semicolon = text.count - 1
        var index = semicolon - 1
        while index >= 0, semicolon - index < lengthLimit, isNameByte(text[index]) { index -= 1 }
        guard index >= 0, index < semicolon - 1, text[index] == 0x26 else { return nil }
        let name = text.extracting((index + 1)..<semicolon)
        let scalar = name[0] == 0x23 ? number(name) : named(name)
        return scalar.map { Entity(scalar: $0, length: text.count - index) }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x23
    }

    private static func named(_ name: Span<UInt8>) -> UInt32? {
        EntityNames.table[String(lossyUTF8: name)]
    }

    /// `#8217` and `#x2019`; nothing for NUL and for what is no code point.
    private static func number(_ name: Span<UInt8>) -> UInt32? {
        let isHexadecimal = name.count > 1 && name[1] | 0x20 == 0x78
        let radix: UInt32 = isHexadecimal ? 16 : 10
        var value: UInt32 = 0
        var index = isHexadecimal ? 2 : 1
        guard index < name.count else { return nil }
        while index < name.count {
            guard let digit = digit(name[index]), digit < radix else { return nil }
            value = value * radix + digit
            index += 1
        }
        if let character = EntityNames.windows1252[value] { return character }
        return Unicode.Scalar(value) == nil || value == 0 ? nil : value
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte - 0x30)
        case 0x41...0x46, 0x61...0x66: UInt32((byte | 0x20) - 0x61) + 10
        default: nil
        }
    }
}
