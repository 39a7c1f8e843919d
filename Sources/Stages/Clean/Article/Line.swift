internal import Bytes

/// A line at the head or the foot of a text, as the rules look at it.
struct Line {
    /// The ends of a text where article structure stands.
    enum Place {
        case head
        case foot
    }

    /// A longer line is prose, whatever it holds; a caption is known by a slash and may be longer.
    private static let lengthLimit = 300
    private static let captionLengthLimit = 500

    /// Its bytes, without the line feed.
    let text: [UInt8]
    /// Its bytes with ASCII letters in lower case; the offsets are those of `text`.
    let folded: [UInt8]
    /// Which ASCII characters below 64 (punctuation and digits) occur in it, a bit for each.
    private let marks: UInt64
    /// The end of the text that it stands at.
    let place: Place
    /// Whether nothing that stays in the body stands between it and that end.
    let isOutermost: Bool

    /// Nil for a line that is too long for any rule.
    init?(_ text: Span<UInt8>, place: Place, isOutermost: Bool) {
        if text.count > Self.lengthLimit {
            guard text.count <= Self.captionLengthLimit, text.firstIndex(of: 0x2F) != nil else {
                return nil
            }
        }
        self.init(whole: text, place: place, isOutermost: isOutermost)
    }

    /// A line of any length.
    init(whole text: Span<UInt8>, place: Place, isOutermost: Bool) {
        self.text = [UInt8](copying: text)
        var marks: UInt64 = 0
        folded = [UInt8](capacity: text.count) { folded in
            for index in text.indices {
                let byte = text[index]
                marks |= byte < 64 ? 1 << UInt64(byte) : 0
                folded.append(byte &- 0x41 < 26 ? byte | 0x20 : byte)
            }
        }
        self.marks = marks
        self.place = place
        self.isOutermost = isOutermost
    }

    /// A part of it, without spaces at its ends.
    func string(_ range: Range<Int>) -> String {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, text[start] == 0x20 { start += 1 }
        while end > start, text[end - 1] == 0x20 { end -= 1 }
        return String(decoding: text[start..<end], as: UTF8.self)
    }

    /// The whole of it.
    var string: String { String(decoding: text, as: UTF8.self) }

    /// Whether a punctuation mark below U+0040 occurs in it: the cheap look before a search.
    func has(_ mark: Unicode.Scalar) -> Bool {
        mark.value < 64 && marks & (1 << UInt64(mark.value)) != 0
    }

    /// Whether a digit occurs in it.
    var hasDigit: Bool { marks & 0x03FF_0000_0000_0000 != 0 }

    /// Whether a phrase in lower case stands at an offset.
    func has(_ phrase: String, at offset: Int) -> Bool {
        let phrase = phrase.utf8.span
        let line = folded.span
        guard offset + phrase.count <= line.count else { return false }
        for index in phrase.indices where line[offset + index] != phrase[index] { return false }
        return true
    }

    /// Whether it begins with a phrase in lower case.
    func begins(with phrase: String) -> Bool { has(phrase, at: 0) }

    /// The first offset, from `start` on, of a phrase in lower case.
    func offset(of phrase: String, from start: Int = 0) -> Int? {
        guard let first = phrase.utf8.first else { return nil }
        let line = folded.span
        let last = line.count - phrase.utf8.count
        var index = start
        while index <= last {
            if line[index] == first, has(phrase, at: index) { return index }
            index += 1
        }
        return nil
    }

    /// Whether a phrase in lower case occurs in it.
    func contains(_ phrase: String) -> Bool { offset(of: phrase) != nil }
}
