internal import Bytes

/// The share of letters among the characters that are not white space.
struct LetterShare {
    private var letters = 0
    private var visible = 0

    /// Counts through a text; O(n), ASCII eight bytes at a time.
    static func of(_ text: Span<UInt8>) -> Double {
        var counts = LetterShare()
        counts.read(text)
        return TextMeasurements.share(counts.letters, of: counts.visible)
    }

    private mutating func read(_ text: Span<UInt8>) {
        var index = 0
        while index < text.count {
            if let end = readBlocks(text, from: index) {
                index = end
                continue
            }
            let (scalar, width) = UTF8Scalar.decode(text, at: index)
            letters += Self.isLetter(scalar) ? 1 : 0
            visible += scalar > 0x20 ? 1 : 0
            index += width
        }
    }

    /// Counts blocks of ASCII; returns where they end, nil if none comes next.
    ///
    /// Each byte of the sums counts one byte of the blocks, so they last for 255 of them.
    private mutating func readBlocks(_ text: Span<UInt8>, from start: Int) -> Int? {
        let end = min(text.count - 8, start + 254 * 8)
        var letterSums: UInt64 = 0
        var visibleSums: UInt64 = 0
        var index = start
        while index <= end {
            let block = TextBlock(text, at: index)
            if !block.isASCII { break }
            letterSums += block.letters >> 7
            visibleSums += block.between(0x21, 0x7F) >> 7
            index += 8
        }
        letters += Self.sum(letterSums)
        visible += Self.sum(visibleSums)
        return index > start ? index : nil
    }

    /// The sum of the eight bytes.
    private static func sum(_ bytes: UInt64) -> Int {
        let even = bytes & 0x00FF_00FF_00FF_00FF
        let odd = bytes >> 8 & 0x00FF_00FF_00FF_00FF
        return Int(((even + odd) &* 0x0001_0001_0001_0001) >> 48)
    }

    private static func isLetter(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0..<0x80: return (scalar | 0x20) &- 0x61 < 26
        case 0x80...0xBF: return scalar == 0xAA || scalar == 0xB5 || scalar == 0xBA
        case 0xC0...0x24F: return scalar != 0xD7 && scalar != 0xF7
        case 0x400...0x481, 0x4E00...0x9FFF: return true
        case 0x2000...0x206F: return false
        default: return Unicode.Scalar(scalar)?.properties.isAlphabetic ?? false
        }
    }
}
