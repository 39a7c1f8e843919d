/// Where the two joiners (U+200C ZWNJ, U+200D ZWJ) carry meaning.
enum Joiner {
    /// Whether a joiner between two code points stays; `next` is nil before a space or the end.
    static func isNeeded(after last: UInt32, before next: UInt32?) -> Bool {
        // A virama and a joiner are a half form or a chillu, whatever follows.
        if isVirama(last) { return true }
        guard let next else { return false }
        return (isJoiningLetter(last) && isJoiningLetter(next)) || (isEmoji(last) && isEmoji(next))
    }

    private static func isVirama(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x94D, 0x9CD, 0xA4D, 0xACD, 0xB4D, 0xBCD, 0xC4D, 0xCCD, 0xD4D, 0xDCA: true
        default: false
        }
    }

    /// Arabic, Syriac, N'Ko, Mandaic; the Indic scripts, Sinhala; Tibetan, Myanmar; Khmer, Mongolian.
    private static func isJoiningLetter(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x620...0x8FF, 0x900...0xDFF, 0xF00...0x109F, 0x1780...0x18AF, 0xFB50...0xFDFF,
            0xFE70...0xFEFC:
            true
        default: false
        }
    }

    private static func isEmoji(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x2190...0x21FF, 0x2300...0x27BF, 0x2B00...0x2BFF, 0xFE0F, 0x1F000...0x1FAFF: true
        default: false
        }
    }
}
