internal import Bytes

/// A line at the head or the foot of a text, as the rules look at it.
struct Line {
    /// The ends of a text where article structure stands.
    enum Place {
        case head
        case foot
    }

    /// A longer line is prose, whatever it holds.
    static let lengthLimit = 500

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

    init(_ text: Span<UInt8>, place: Place, isOutermost: Bool) {
        self.text = [UInt8](copying: text)
        var folded: [UInt8] = []
        folded.reserveCapacity(text.count)
        var marks: UInt64 = 0
        for index in text.indices {
            let byte = text[index]
            if byte < 64 { marks |= 1 << UInt64(byte) }
            folded.append(byte &- 0x41 < 26 ? byte | 0x20 : byte)
        }
        self.folded = folded
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

    /// Whether it begins with a phrase in lower case.
    func begins(with phrase: String) -> Bool { folded.starts(with: phrase.utf8) }

    /// The first offset, from `start` on, of a phrase in lower case.
    func offset(of phrase: String, from start: Int = 0) -> Int? {
        let phrase = phrase.utf8
        guard let first = phrase.first, start + phrase.count <= folded.count else { return nil }
        let line = folded.span
        for index in start...(folded.count - phrase.count)
        where line[index] == first && folded[index...].starts(with: phrase) {
            return index
        }
        return nil
    }

    /// Whether a phrase in lower case occurs in it.
    func contains(_ phrase: String) -> Bool { offset(of: phrase) != nil }
}
