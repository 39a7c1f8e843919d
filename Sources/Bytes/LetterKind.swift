/// What a code point is to a tokenizer; digits count as letters.
enum LetterKind {
    case separator
    case letter
    case ideograph

    init(_ scalar: UInt32) {
        switch scalar {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: self = .letter
        case 0..<0x80: self = .separator
        case 0xC0...0x2FF: self = scalar == 0xD7 || scalar == 0xF7 ? .separator : .letter
        case 0xAA, 0xB5, 0xBA: self = .letter
        case 0x300...0x36F, 0x370...0x373, 0x376...0x377, 0x37F, 0x386, 0x388...0x481,
            0x483...0x52F:
            self = .letter
        case 0x2000...0x206F: self = scalar == 0x200D || scalar == 0x200C ? .letter : .separator
        case 0x3005...0x3007, 0x3041...0x3096, 0x30A1...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
            0xF900...0xFAFF, 0x20000...0x3FFFF:
            self = .ideograph
        case 0xFFFD: self = .separator
        default: self = Self.byProperties(scalar) ? .letter : .separator
        }
    }

    static func isMark(_ scalar: UInt32) -> Bool {
        (0x300...0x36F).contains(scalar) || (0x483...0x489).contains(scalar)
    }

    private static func byProperties(_ value: UInt32) -> Bool {
        guard let scalar = Unicode.Scalar(value) else { return false }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber:
            return true
        default:
            return false
        }
    }
}

/// Simple lower-case mappings (Unicode, UnicodeData.txt), one scalar to one scalar.
enum CaseFolding {
    static func lower(_ scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0x41...0x5A: scalar + 0x20
        case 0..<0x80: scalar
        case 0xC0...0xDE: scalar == 0xD7 ? scalar : scalar + 0x20
        case 0xDF...0xFF: scalar
        // Latin Extended-A in pairs, but for the dotted and dotless i, which have no simple pair.
        case 0x100...0x12F, 0x132...0x137, 0x14A...0x177: scalar | 1
        case 0x139...0x148: scalar + (scalar & 1)
        case 0x391...0x3A9: scalar + 0x20
        // The final sigma is a sigma (CaseFolding.txt), or a word in capitals would be another.
        case 0x3B1...0x3C9: scalar == 0x3C2 ? 0x3C3 : scalar
        case 0x400...0x40F: scalar + 0x50
        case 0x410...0x42F: scalar + 0x20
        case 0x430...0x45F: scalar
        default: byProperties(scalar)
        }
    }

    private static func byProperties(_ value: UInt32) -> UInt32 {
        guard let scalar = Unicode.Scalar(value), scalar.properties.isCased else { return value }
        let mapping = scalar.properties.lowercaseMapping.unicodeScalars
        guard mapping.count == 1, let only = mapping.first else { return value }
        return only.value
    }
}
