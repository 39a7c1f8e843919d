/// Reading and writing single code points in UTF-8 bytes.
package enum UTF8Scalar {
    /// The code point at an offset and its width in bytes; U+FFFD and 1 where the bytes are not UTF-8.
    @inlinable
    package static func decode(_ text: Span<UInt8>, at index: Int) -> (scalar: UInt32, width: Int) {
        let first = UInt32(text[index])
        if first < 0x80 { return (first, 1) }
        let width = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard (0xC2..<0xF5).contains(first), index + width <= text.count else { return (0xFFFD, 1) }
        var scalar = first & (0x7F >> UInt32(width))
        for offset in 1..<width {
            let byte = UInt32(text[index + offset])
            guard byte & 0xC0 == 0x80 else { return (0xFFFD, 1) }
            scalar = scalar << 6 | byte & 0x3F
        }
        let isOverlong = (width == 3 && scalar < 0x800) || (width == 4 && scalar < 0x1_0000)
        guard !isOverlong, scalar <= 0x10FFFF, !(0xD800..<0xE000).contains(scalar) else {
            return (0xFFFD, 1)
        }
        return (scalar, width)
    }

    /// Appends a code point; a surrogate or a number beyond U+10FFFF becomes U+FFFD.
    @inlinable
    package static func append(_ value: UInt32, to bytes: inout [UInt8]) {
        let isScalar = value <= 0x10FFFF && !(0xD800..<0xE000).contains(value)
        let scalar = isScalar ? value : 0xFFFD
        switch scalar {
        case 0..<0x80:
            bytes.append(UInt8(scalar))
        case 0x80..<0x800:
            bytes.append(UInt8(0xC0 | scalar >> 6))
            bytes.append(UInt8(0x80 | scalar & 0x3F))
        case 0x800..<0x1_0000:
            bytes.append(UInt8(0xE0 | scalar >> 12))
            bytes.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            bytes.append(UInt8(0x80 | scalar & 0x3F))
        default:
            bytes.append(UInt8(0xF0 | scalar >> 18))
            bytes.append(UInt8(0x80 | scalar >> 12 & 0x3F))
            bytes.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            bytes.append(UInt8(0x80 | scalar & 0x3F))
        }
    }

    /// The offset of the first byte that is not part of well-formed UTF-8, or nil.
    package static func firstInvalidOffset(in text: Span<UInt8>) -> Int? {
        var index = 0
        while index < text.count {
            if index + 8 <= text.count {
                let mask = text.word(at: index) & ByteMask.tops
                index += ByteMask.firstIndex(mask)
                if mask == 0 { continue }
            }
            let (scalar, width) = decode(text, at: index)
            if scalar == 0xFFFD && width == 1 { return index }
            index += width
        }
        return nil
    }
}
