/// What the character pass does with a code point above ASCII.
enum CharacterClass {
    /// Stays, and is in normal form whatever stands beside it.
    case keep
    /// Stays, but may have to be composed or reordered.
    case suspect
    /// Becomes a space.
    case space
    /// Becomes a line feed.
    case newline
    /// A control character: removed.
    case control
    /// Has no width: removed.
    case zeroWidth
    /// A control of writing direction: removed.
    case bidi
    /// ZWJ or ZWNJ: stays between the letters that need it.
    case joiner

    init(_ scalar: UInt32) {
        if let special = Self.special(scalar) {
            self = special
        } else {
            self = Self.isSurelyNormal(scalar) ? .keep : .suspect
        }
    }

    private static func special(_ scalar: UInt32) -> CharacterClass? {
        switch scalar {
        case 0x85, 0x2028, 0x2029: .newline
        case 0x80...0x9F: .control
        case 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: .space
        case 0x200C, 0x200D: .joiner
        case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0x61C: .bidi
        // Soft hyphen, zero-width space, word joiner and invisible operators, deprecated format
        // characters, BOM, interlinear annotation, tags.
        case 0xAD, 0x180E, 0x200B, 0x2060...0x2064, 0x206A...0x206F, 0xFEFF, 0xFFF9...0xFFFB,
            0xE0001, 0xE0020...0xE007F:
            .zeroWidth
        default: nil
        }
    }

    /// Whether a code point is in NFC whatever stands beside it.
    ///
    /// It has NFC_Quick_Check=Yes and combining class 0, so that text made of such is in NFC
    /// (Unicode Standard Annex 15, section 9). Unlisted ones take the slow path.
    static func isSurelyNormal(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0..<0x300: true
        case 0x300...0x36F: false
        case 0x370...0x373, 0x375...0x37D, 0x388...0x482, 0x48A...0x52F: true
        case 0x531...0x58A, 0x5D0...0x5EA, 0x60C...0x60F, 0x61B...0x61F: true
        case 0x620...0x64A, 0x660...0x66F, 0x671...0x6D4, 0x6F0...0x6FF: true
        case 0x904...0x93B, 0x93D...0x94C, 0x964...0x97F: true
        case 0xE01...0xE37, 0xE3F...0xE47, 0xE4F...0xE5B, 0x10A0...0x10FF: true
        case 0x1E00...0x1EFF: true
        case 0x2002...0x20CF, 0x2100...0x2125, 0x2127...0x2129, 0x212C...0x2328: true
        case 0x232B...0x2ADB, 0x2B00...0x2BFF: true
        case 0x3000...0x3029, 0x3030...0x3098, 0x309B...0x30FF, 0x3105...0x312F: true
        case 0x3400...0x9FFF, 0xAC00...0xD7A3, 0xE000...0xF8FF: true
        case 0xFE00...0xFE0F, 0xFE30...0xFE6F, 0xFF01...0xFFEF, 0xFFFC...0xFFFD: true
        case 0x1F000...0x1FAFF, 0x20000...0x2F7FF: true
        default: false
        }
    }
}
