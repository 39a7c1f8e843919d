internal import Bytes

/// The headline: a first line that is no sentence, above text that is.
enum Headline {
    /// The rule's name.
    static let name = "headline"

    private static let longest = 200

    /// Whether a first line can be a headline.
    static func isLike(_ line: Span<UInt8>) -> Bool {
        guard line.count <= longest, Prose.beginsSentence(line) else { return false }
        switch line[line.count - 1] {
        case 0x2E, 0x2C, 0x3A, 0x3B, 0x2D, 0x7C: return false
        default: break
        }
        if line.count >= 3, line.extracting((line.count - 3)...).isEqual(to: ellipsis.span) {
            return false
        }
        var words: [WordToken] = []
        WordTokenizer.tokenize(line, into: &words)
        let letters = words.reduce(0) { $0 + ($1.shape.contains(.number) ? 0 : $1.range.count) }
        return words.count >= 2 && letters * 2 > line.count
    }

    /// Whether a line has the words of a title.
    static func isSame(_ line: Span<UInt8>, as title: String) -> Bool {
        guard line.count <= 2 * title.utf8.count + 16 else { return false }
        var words: [WordToken] = []
        WordTokenizer.tokenize(line, into: &words)
        return !words.isEmpty && words.map(\.hash) == WordTokenizer.words(of: title).map(\.hash)
    }

    private static let ellipsis: [UInt8] = [0xE2, 0x80, 0xA6]
}

/// The search for a headline among the first lines that stay.
struct HeadlineSearch {
    /// The first line, if it can be a headline.
    private(set) var line: Range<Int>?
    private var isParagraph = false
    private var linesBelow = 0
    private var isAboveProse = false

    /// A longer line was not broken at a margin.
    private static let margin = 100
    /// So many lines below, a sentence must have come; a subtitle may stand between.
    private static let reach = 2

    /// Looks at a line that stays.
    mutating func see(_ text: Span<UInt8>, _ range: Range<Int>, isFirst: Bool, isSentence: Bool) {
        if isFirst {
            guard Headline.isLike(text.extracting(range)) else { return }
            line = range
            isParagraph = range.upperBound + 1 < text.count && text[range.upperBound + 1] == 0x0A
            return
        }
        guard line != nil, linesBelow < Self.reach else { return }
        linesBelow += 1
        if isParagraph {
            isAboveProse = isAboveProse || isSentence || text[range.upperBound - 1] == 0x3A
        } else if linesBelow == 1 {
            let next = text.extracting(range)
            isAboveProse = isSentence && next.count > Self.margin && Prose.beginsSentence(next)
        }
    }

    /// The headline, if the text bears it out.
    ///
    /// An empty line below it and prose after that are enough. Without the empty line, the first
    /// line may be a sentence broken at the margin: then a byline, a date or the like must show that
    /// this is the head of an article.
    func found(hasFurniture: Bool) -> Range<Int>? {
        isAboveProse && (isParagraph || hasFurniture) ? line : nil
    }
}
