internal import Bytes

/// What stands between two neighbouring words of a text.
enum WordGap: UInt8 {
    /// Spaces or one line break, also behind the apostrophe of a plural: `leaders' meeting`.
    case space
    /// A hyphen or tight dash, `&` or `/`, without spaces.
    case hyphen
    /// An apostrophe, as in `Russia's`.
    case apostrophe
    /// A full stop, alone or before spaces.
    case period
    /// A comma, alone or before spaces.
    case comma
    /// Anything else inside a sentence: brackets, quotes, a spaced dash, a semicolon.
    case other
    /// The end of a sentence (`!`, `?`, `:`, a full stop and a quote) or of a paragraph.
    case end

    /// Reads the bytes from the end of one word to the start of the next.
    init(_ text: Span<UInt8>, from start: Int, to end: Int) {
        if end == start + 1 {
            self = Self.single(text[start])
            return
        }
        var found = WordGap.space
        var spaces = 0
        var lineBreaks = 0
        var index = start
        while index < end {
            let (scalar, width) = UTF8Scalar.decode(text, at: index)
            index += width
            switch scalar {
            case 0x20, 0x09, 0x0D, 0xA0, 0x2009, 0x202F: spaces += 1
            case 0x0A, 0x2028:
                spaces += 1
                lineBreaks += 1
            case 0x2029: lineBreaks += 2
            default: found = found.joined(with: Self(mark: scalar), afterSpaces: spaces)
            }
        }
        if lineBreaks > 1 {
            self = .end
        } else if spaces > 0 && (found == .hyphen || found == .apostrophe) {
            self = found == .apostrophe && Self.isSpace(text[end - 1]) ? .space : .other
        } else {
            self = found
        }
    }

    @inline(__always)
    private static func single(_ byte: UInt8) -> WordGap {
        isSpace(byte) ? .space : WordGap(mark: UInt32(byte))
    }

    @inline(__always)
    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    private init(mark scalar: UInt32) {
        switch scalar {
        case 0x2D, 0x2010, 0x2011, 0x2013, 0x26, 0x2F: self = .hyphen
        case 0x27, 0x60, 0x2019, 0x2018, 0x2BC, 0x2B9: self = .apostrophe
        case 0x2E: self = .period
        case 0x2C: self = .comma
        case 0x21, 0x3F, 0x3A, 0x2026: self = .end
        default: self = .other
        }
    }

    /// Several marks in one gap: only an ending full stop still counts as what it is.
    private func joined(with next: WordGap, afterSpaces spaces: Int) -> WordGap {
        if self == .space { return spaces > 0 && next != .end ? .other : next }
        if self == .end || next == .end || self == .period && next == .other { return .end }
        if self == .period && next == .hyphen && spaces == 0 { return .period }
        return .other
    }
}

/// How two neighbouring words may stand in one name or term.
struct WordJoint {
    /// Titles that are written with a full stop, as hashes of words.
    private let abbreviations: [UInt64]

    init() {
        let titles = "st mr mrs ms dr gov gen sen rep pres prof col lt maj capt sgt adm rev jr sr"
        abbreviations = WordTokenizer.words(of: titles).map(\.hash)
    }

    /// The gap after `word` as phrases see it: an abbreviation's full stop counts as a space, as
    /// hyphens and apostrophes do; other marks stand only in phrases that have them too.
    @inline(__always)
    func gap(_ text: Span<UInt8>, _ word: WordToken, _ next: WordToken) -> WordGap {
        switch WordGap(text, from: Int(word.end), to: Int(next.start)) {
        case .space, .hyphen, .apostrophe: .space
        case .period: word.end == word.start + 1 || isAbbreviation(word) ? .space : .period
        case .comma: .comma
        case .other: .other
        case .end: .end
        }
    }

    /// Whether a full stop after the word belongs to it, as in `V. Putin` and `Mr. Putin`.
    func isAbbreviation(_ word: WordToken) -> Bool {
        word.shape.contains(.capitalized)
            && (word.end - word.start == 1 || abbreviations.contains(word.hash))
    }
}
