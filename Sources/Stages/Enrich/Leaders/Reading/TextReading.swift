internal import Bytes

/// A text being read for names: its words and what lies between them.
struct TextReading: ~Escapable {
    let bytes: Span<UInt8>
    let words: Span<WordToken>
    let grammar: GrammarWords
    private let joint: WordJoint

    @_lifetime(copy bytes, copy words)
    init(
        bytes: Span<UInt8>,
        words: Span<WordToken>,
        grammar: GrammarWords,
        joint: WordJoint
    ) {
        self.bytes = bytes
        self.words = words
        self.grammar = grammar
        self.joint = joint
    }

    /// What stands after a word; the end after the last.
    func gap(after word: Int) -> WordGap {
        guard word >= 0, word + 1 < words.count else { return .end }
        return WordGap(bytes, from: Int(words[word].end), to: Int(words[word + 1].start))
    }

    /// What a word does in English; nothing outside the text.
    func roles(of word: Int) -> GrammarWords.Role {
        words.indices.contains(word) ? grammar.roles(of: words[word]) : []
    }

    /// Whether a word begins with a capital.
    func isCapitalized(_ word: Int) -> Bool {
        words.indices.contains(word) && words[word].shape.contains(.capitalized)
    }

    /// Whether a word is an acronym: capitals only, and more than one.
    func isAcronym(_ word: Int) -> Bool {
        words[word].shape.contains(.allCapitals) && words[word].range.count > 1
    }

    /// Whether a word is a capital letter, as an initial is.
    func isInitial(_ word: Int) -> Bool {
        words[word].shape.contains(.capitalized) && words[word].range.count == 1
    }

    /// Whether the gap after a word joins it to the next as parts of a name are joined.
    func joinsName(after word: Int) -> Bool {
        switch gap(after: word) {
        case .space, .hyphen: true
        case .period: joint.isAbbreviation(words[word])
        default: false
        }
    }

    /// Whether a word begins a sentence, a paragraph or a quotation, where any word has a capital.
    func beginsSentence(_ word: Int) -> Bool {
        guard word > 0 else { return true }
        return switch gap(after: word - 1) {
        case .end: true
        case .period: !joint.isAbbreviation(words[word - 1])
        case .other: isQuote(before: word)
        case .space: bytes[words[word].range.lowerBound - 1] == 0x0A
        default: false
        }
    }

    private func isQuote(before word: Int) -> Bool {
        let place = words[word].range.lowerBound
        let last = bytes[place - 1]
        return last == 0x22 || last == 0x9C || last == 0x98 || last == 0x28
    }

    /// Whether a word that begins a sentence can be taken for an ordinary one.
    func isStarter(_ word: Int) -> Bool {
        if roles(of: word).contains(.starter) { return true }
        return hasAdverbEnding(words[word].range) || standsInLowerCase(words[word].hash)
    }

    private func hasAdverbEnding(_ range: Range<Int>) -> Bool {
        guard range.count > 4 else { return false }
        return Self.endings.contains { ending in
            let end = range.upperBound
            return bytes.extracting(end - ending.count..<end).isEqual(to: ending.span)
        }
    }

    private static let endings: [[UInt8]] = ["ing", "ly", "ed"].map { Array($0.utf8) }

    private func standsInLowerCase(_ hash: UInt64) -> Bool {
        for index in words.indices where words[index].hash == hash {
            if words[index].shape.isEmpty { return true }
        }
        return false
    }

    /// Whether this is a headline in which nearly every long word has a capital.
    var isTitleCase: Bool {
        var long = 0
        var capitalized = 0
        for index in words.indices where words[index].range.count > 3 {
            long += 1
            if words[index].shape.contains(.capitalized) { capitalized += 1 }
        }
        return long > 2 && capitalized * 5 >= long * 4
    }
}
