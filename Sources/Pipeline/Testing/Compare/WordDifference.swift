/// What makes one text of another, word by word.
///
/// By Myers' algorithm (E. W. Myers, "An O(ND) Difference Algorithm and Its Variations",
/// Algorithmica 1, 1986), as the standard library has it, between what both texts have in common at
/// their ends. Takes time in the number of words times that of differences; texts that differ in too
/// many words are taken to differ throughout.
package struct WordDifference: Sendable, Equatable {
    /// A stretch of words.
    package enum Part: Sendable, Equatable {
        /// In both texts.
        case same(String)
        /// In the expected one alone.
        case removed(String)
        /// In the one that came alone.
        case added(String)
    }

    /// The parts in order; neighbours are of different kinds.
    package private(set) var parts: [Part] = []

    /// Words to compare at most, on either side of what is the same at the ends.
    static let limit = 4_000

    /// Compares two texts.
    package init(from old: String, to new: String) {
        let (old, new) = (Self.words(old), Self.words(new))
        let lead = zip(old, new).prefix { $0 == $1 }.count
        let tail = zip(old.reversed(), new.reversed()).prefix { $0 == $1 }.count
        let trail = min(tail, min(old.count, new.count) - lead)
        append(old[..<lead]) { .same($0) }
        let oldMiddle = old[lead..<(old.count - trail)]
        let newMiddle = new[lead..<(new.count - trail)]
        compare(Array(oldMiddle), Array(newMiddle))
        append(old[(old.count - trail)...]) { .same($0) }
    }

    /// A word by its bytes: letters that look the same may be written in two ways, and that is a
    /// difference.
    private typealias Word = [UInt8]

    private mutating func compare(_ old: [Word], _ new: [Word]) {
        guard old.count <= Self.limit, new.count <= Self.limit else {
            append(old[...]) { .removed($0) }
            append(new[...]) { .added($0) }
            return
        }
        var removed: Set<Int> = []
        var added: Set<Int> = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            if left < old.count, removed.contains(left) {
                append(old[left...left]) { .removed($0) }
                left += 1
            } else if right < new.count, added.contains(right) {
                append(new[right...right]) { .added($0) }
                right += 1
            } else {
                append(old[left...left]) { .same($0) }
                left += 1
                right += 1
            }
        }
    }

    private mutating func append(_ words: ArraySlice<Word>, _ make: (String) -> Part) {
        guard !words.isEmpty else { return }
        let text = String(decoding: words.joined(), as: UTF8.self)
        switch (parts.last, make("")) {
        case (.same(let before)?, .same): parts[parts.count - 1] = .same(before + text)
        case (.removed(let before)?, .removed): parts[parts.count - 1] = .removed(before + text)
        case (.added(let before)?, .added): parts[parts.count - 1] = .added(before + text)
        default: parts.append(make(text))
        }
    }

    /// Words and what stands between them: joined, they are the text.
    private static func words(_ text: String) -> [Word] {
        var words: [Word] = []
        var word: Word = []
        var isSpace = false
        for byte in text.utf8 {
            let spaces = [0x20, 0x0A, 0x09, 0x0D].contains(byte)
            if spaces != isSpace || byte == 0x0A, !word.isEmpty {
                words.append(word)
                word = []
            }
            isSpace = spaces
            word.append(byte)
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}
