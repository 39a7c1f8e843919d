/// The bytes that the character pass may copy without a look at each code point.
enum PlainRun {
    /// The end of the longest stretch from `start` that is clean as it stands.
    ///
    /// Such a stretch begins and ends with a visible character; between two words it has one space,
    /// one line feed or two. It holds ASCII (but no `;`, which may end an entity), letters of Latin,
    /// Greek, Cyrillic and Han, and general punctuation: all in NFC by themselves and together.
    static func end(_ text: Span<UInt8>, from start: Int) -> Int {
        var index = start
        // The offset after the last visible character: where the stretch ends if a gap is not clean.
        var end = start
        while index < text.count {
            if index + 8 <= text.count {
                let isAfterWord = end == index && end > start
                let visible = visibleWidth(TextBlock(text, at: index), isAfterWord: isAfterWord)
                if visible > 0 {
                    end = index + visible
                    index += 8
                    continue
                }
            }
            let byte = text[index]
            if isPlain(byte) {
                index += 1
                end = index
                continue
            }
            if byte >= 0x80 {
                let width = width(text, at: index, of: byte)
                if width == 0 { break }
                index += width
                end = index
                continue
            }
            let gap = index - end
            if byte == 0x20 {
                guard gap == 0, end > start else { break }
            } else if byte == 0x0A {
                guard gap == 0 || (gap == 1 && text[end] == 0x0A), end > start else { break }
            } else {
                break
            }
            index += 1
        }
        return end
    }

    /// The number of bytes, up to the last visible one, of a block of plain ASCII whose spaces stand
    /// alone; 0 for any other block.
    @inline(__always)
    private static func visibleWidth(_ block: TextBlock, isAfterWord: Bool) -> Int {
        guard block.isASCII else { return 0 }
        let plain = block.between(0x20, 0x3A) | block.between(0x3C, 0x7E)
        guard plain == TextBlock.tops else { return 0 }
        let spaces = block.between(0x20, 0x20)
        let follows: UInt64 = isAfterWord ? 0 : 0x80
        guard spaces & (spaces << 8 | follows) == 0 else { return 0 }
        return spaces >> 63 == 1 ? 7 : 8
    }

    /// Printing ASCII but the space and the semicolon.
    @inline(__always)
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte &- 0x21 < 0x5E && byte != 0x3B
    }

    /// The bytes of a plain code point above ASCII, or 0.
    private static func width(_ text: Span<UInt8>, at index: Int, of lead: UInt8) -> Int {
        guard index + 1 < text.count else { return 0 }
        let second = text[index + 1]
        guard second & 0xC0 == 0x80 else { return 0 }
        switch lead {
        case 0xC2: return second > 0xA0 && second != 0xAD ? 2 : 0
        case 0xC3...0xCB, 0xCF...0xD1: return 2
        case 0xCE: return second >= 0x88 ? 2 : 0
        default: break
        }
        guard index + 2 < text.count, text[index + 2] & 0xC0 == 0x80 else { return 0 }
        switch lead {
        case 0xE2:
            guard second == 0x80 else { return 0 }
            let third = text[index + 2]
            return (0x90...0xA7).contains(third) || third >= 0xB0 ? 3 : 0
        case 0xE4...0xE9: return 3
        default: return 0
        }
    }
}
