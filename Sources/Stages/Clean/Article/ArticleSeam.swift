internal import Bytes

/// Joins what is left of a text when pieces are taken out.
enum ArticleSeam {
    /// The text without some ranges, given in order.
    ///
    /// White space around a piece is reduced to the strongest of it: a paragraph break, a line feed
    /// or a space. None is left at the ends of the text.
    static func join(_ text: Span<UInt8>, without ranges: [Range<Int>]) -> [UInt8] {
        var joined: [UInt8] = []
        joined.reserveCapacity(text.count)
        var gap = Gap.none
        var start = 0
        for range in ranges + [text.count..<text.count] {
            var piece = start..<range.lowerBound
            start = range.upperBound
            while !piece.isEmpty, let white = Gap(text, piece.lowerBound, within: piece) {
                gap = max(gap, white)
                piece = (piece.lowerBound + 1)..<piece.upperBound
            }
            if piece.isEmpty { continue }
            var following = Gap.none
            while let white = Gap(text, piece.upperBound - 1, within: piece) {
                following = max(following, white)
                piece = piece.lowerBound..<(piece.upperBound - 1)
            }
            if !joined.isEmpty { gap.append(to: &joined) }
            joined.append(contentsOf: text.extracting(piece))
            gap = following
        }
        return joined
    }

    /// White space between two pieces of text.
    enum Gap: Int, Comparable {
        case none, space, line, paragraph

        static func < (left: Gap, right: Gap) -> Bool { left.rawValue < right.rawValue }
    }
}

extension ArticleSeam.Gap {
    /// The white space at an offset; nil for anything else.
    init?(_ text: Span<UInt8>, _ index: Int, within piece: Range<Int>) {
        switch text[index] {
        case 0x20: self = .space
        case 0x0A:
            let isBreak =
                (index + 1 < piece.upperBound && text[index + 1] == 0x0A)
                || (index > piece.lowerBound && text[index - 1] == 0x0A)
            self = isBreak ? .paragraph : .line
        default: return nil
        }
    }

    func append(to text: inout [UInt8]) {
        switch self {
        case .none: break
        case .space: text.append(0x20)
        case .line: text.append(0x0A)
        case .paragraph:
            text.append(0x0A)
            text.append(0x0A)
        }
    }
}
