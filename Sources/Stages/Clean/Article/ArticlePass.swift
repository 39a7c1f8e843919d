internal import Bytes
internal import Events

/// One look at the head and the foot of a text.
struct ArticlePass {
    /// A piece to take out.
    struct Cut {
        /// Its bytes.
        var range: Range<Int>
        /// The rule that takes it.
        var rule: String
    }

    /// What to take out, in the order of the text.
    private(set) var cuts: [Cut] = []
    /// The fields known with it.
    private(set) var fields: DocumentFields

    /// The head reaches up to this many lines that stay, or sentences among them.
    private static let headLines = 8
    private static let headSentences = 2
    /// The foot reaches up to this many lines that stay.
    private static let footLines = 2

    /// Looks at a text; O(n) in what it takes out and in the length of the lines it looks at.
    static func run(_ text: Span<UInt8>, known: DocumentFields) -> ArticlePass {
        var pass = ArticlePass(fields: known)
        pass.readHead(text)
        pass.readFoot(text)
        return pass
    }

    private init(fields: DocumentFields) { self.fields = fields }

    private mutating func readHead(_ text: Span<UInt8>) {
        var headline = HeadlineSearch()
        var kept = 0
        var sentences = 0
        var offset = 0
        while kept < Self.headLines, sentences < Self.headSentences,
            let range = LineRange.next(in: text, from: offset)
        {
            offset = range.upperBound
            if take(text, range, place: .head, isOutermost: kept == 0) {
                if cuts.count > Article.removalLimit { return }
                continue
            }
            if kept == 0, takeRepeatedTitle(text, range) { continue }
            let paragraph = LineRange.paragraph(in: text, at: range)
            let isSentence = Prose.isSentence(text.extracting(paragraph))
            let hasDateline = isSentence && takeDateline(text, range, of: paragraph)
            if kept > 0 || !hasDateline {
                headline.see(text, range, isFirst: kept == 0, isSentence: isSentence)
            }
            kept += 1
            if isSentence && headline.line != range { sentences += 1 }
        }
        if fields.title == nil, let line = headline.found(hasFurniture: !cuts.isEmpty) {
            take(headline: line, of: text)
        }
    }

    private mutating func readFoot(_ text: Span<UInt8>) {
        var kept = 0
        var end = text.count
        var found: [Cut] = []
        swap(&found, &cuts)
        let headEnd = found.last?.range.upperBound ?? 0
        while kept < Self.footLines, let range = LineRange.previous(in: text, before: end) {
            guard range.lowerBound >= headEnd else { break }
            end = range.lowerBound
            if !take(text, range, place: .foot, isOutermost: kept == 0) { kept += 1 }
            if cuts.count > Article.removalLimit { break }
        }
        cuts = found + cuts.reversed()
    }

    /// Tries the rules on a whole line.
    private mutating func take(
        _ text: Span<UInt8>,
        _ range: Range<Int>,
        place: Line.Place,
        isOutermost: Bool
    ) -> Bool {
        let piece = text.extracting(range)
        guard let line = Line(piece, place: place, isOutermost: isOutermost) else { return false }
        for rule in LineRule.all where rule.take(line, &fields) {
            cuts.append(Cut(range: range, rule: rule.name))
            return true
        }
        return false
    }

    /// Takes the first line if the source gave it as the title already.
    private mutating func takeRepeatedTitle(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard let title = fields.title, range.upperBound < text.count,
            Headline.isSame(text.extracting(range), as: title)
        else { return false }
        cuts.append(Cut(range: range, rule: Headline.name))
        return true
    }

    private mutating func take(headline range: Range<Int>, of text: Span<UInt8>) {
        fields.title = String(lossyUTF8: text.extracting(range))
        let place = cuts.firstIndex { $0.range.lowerBound > range.lowerBound } ?? cuts.count
        cuts.insert(Cut(range: range, rule: Headline.name), at: place)
    }

    /// Takes the place and agency that a paragraph begins with, if it does.
    private mutating func takeDateline(
        _ text: Span<UInt8>,
        _ range: Range<Int>,
        of paragraph: Range<Int>
    ) -> Bool {
        guard let dateline = Dateline(text.extracting(range)) else { return false }
        let end = range.lowerBound + dateline.length
        guard Prose.isSentence(text.extracting(end..<paragraph.upperBound)) else { return false }
        dateline.fill(&fields)
        cuts.append(Cut(range: range.lowerBound..<end, rule: Dateline.name))
        return true
    }
}

/// The lines of a text that are not empty, one by one from either end.
enum LineRange {
    /// The first line that begins at an offset or after it.
    static func next(in text: Span<UInt8>, from offset: Int) -> Range<Int>? {
        var start = offset
        while start < text.count, text[start] == 0x0A { start += 1 }
        guard start < text.count else { return nil }
        return start..<(text.firstIndex(of: 0x0A, from: start) ?? text.count)
    }

    /// A line with those that follow it up to an empty one, if it begins a paragraph; no further
    /// than is needed to tell whether it is prose.
    static func paragraph(in text: Span<UInt8>, at line: Range<Int>) -> Range<Int> {
        let start = line.lowerBound
        guard start == 0 || (start > 1 && text[start - 2] == 0x0A) else { return line }
        var end = line.upperBound
        while end + 1 < text.count, text[end + 1] != 0x0A, end - start <= Prose.longestLabel {
            end = text.firstIndex(of: 0x0A, from: end + 1) ?? text.count
        }
        return start..<end
    }

    /// The last line that ends before an offset.
    static func previous(in text: Span<UInt8>, before offset: Int) -> Range<Int>? {
        var end = offset
        while end > 0, text[end - 1] == 0x0A { end -= 1 }
        guard end > 0 else { return nil }
        var start = end
        while start > 0, text[start - 1] != 0x0A { start -= 1 }
        return start..<end
    }
}
