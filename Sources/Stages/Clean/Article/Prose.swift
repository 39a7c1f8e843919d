internal import Bytes

/// Tells running text from lines that stand around it, by length and ending alone.
enum Prose {
    private static let shortestSentence = 30
    /// What is longer is no headline, name or label.
    static let longestLabel = 250

    /// Whether a line is a sentence or a paragraph rather than a headline, a name or a label.
    static func isSentence(_ line: Span<UInt8>) -> Bool {
        if line.count > longestLabel { return true }
        return line.count >= shortestSentence && endsSentence(line)
    }

    /// Whether a line ends with a full stop or the like, inside or outside of closing marks.
    static func endsSentence(_ line: Span<UInt8>) -> Bool {
        var end = line.count
        while end > 0, let width = closingMark(line, before: end) { end -= width }
        guard end > 0 else { return false }
        let last = line[end - 1]
        return last == 0x2E || last == 0x21 || last == 0x3F || isEllipsis(line, before: end)
    }

    /// The width of a closing quotation mark or bracket that ends at an offset.
    private static func closingMark(_ line: Span<UInt8>, before end: Int) -> Int? {
        switch line[end - 1] {
        case 0x22, 0x27, 0x29, 0x5D: return 1
        case 0x99, 0x9D:
            return end >= 3 && line[end - 2] == 0x80 && line[end - 3] == 0xE2 ? 3 : nil
        case 0xBB: return end >= 2 && line[end - 2] == 0xC2 ? 2 : nil
        default: return nil
        }
    }

    private static func isEllipsis(_ line: Span<UInt8>, before end: Int) -> Bool {
        end >= 3 && line[end - 1] == 0xA6 && line[end - 2] == 0x80 && line[end - 3] == 0xE2
    }

    /// Whether a sentence may begin here: an upper-case letter, a digit or an opening mark.
    static func beginsSentence(_ line: Span<UInt8>) -> Bool {
        guard !line.isEmpty else { return false }
        let (scalar, _) = UTF8Scalar.decode(line, at: 0)
        switch scalar {
        case 0x41...0x5A, 0x30...0x39: return true
        case 0x22, 0x27, 0x28, 0x5B, 0x24: return true
        case 0x201C, 0x2018, 0x201E, 0xAB, 0xA3, 0x20AC: return true
        case 0..<0x80: return false
        default:
            let properties = Unicode.Scalar(scalar)?.properties
            return properties.map { $0.isAlphabetic && !$0.isLowercase } ?? false
        }
    }
}
