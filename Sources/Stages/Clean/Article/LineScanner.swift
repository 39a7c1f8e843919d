internal import Bytes

/// Reads a line from left to right, as the grammars of rules ask for it.
struct LineScanner {
    let line: Line
    /// The offset of what comes next.
    var index: Int

    init(_ line: Line, from index: Int = 0) {
        self.line = line
        self.index = index
    }

    var isAtEnd: Bool { index >= line.text.count }
    /// What is left.
    var rest: Range<Int> { index..<line.text.count }

    /// The byte that comes next, 0 at the end.
    var next: UInt8 { isAtEnd ? 0 : line.text[index] }

    /// Steps over a phrase in lower case, if it comes next in whatever case.
    mutating func accept(_ phrase: String) -> Bool {
        guard line.has(phrase, at: index) else { return false }
        index += phrase.utf8.count
        return true
    }

    /// Steps over the first of some phrases that comes next.
    mutating func accept(anyOf phrases: [String]) -> Bool {
        phrases.contains { accept($0) }
    }

    /// Steps over spaces.
    mutating func skipSpaces() {
        while next == 0x20 { index += 1 }
    }

    /// Reads a number of so many digits and no more.
    mutating func number(digits: ClosedRange<Int>) -> Int? {
        var value = 0
        var end = index
        while end < line.text.count, line.text[end] &- 0x30 < 10, end - index < 9 {
            value = value * 10 + Int(line.text[end] - 0x30)
            end += 1
        }
        guard digits.contains(end - index) else { return nil }
        index = end
        return value
    }

    /// Reads ASCII letters; nil if none come next.
    mutating func letters() -> Range<Int>? {
        let start = index
        while !isAtEnd, line.folded[index] &- 0x61 < 26 { index += 1 }
        return index > start ? start..<index : nil
    }

    /// Reads letters and digits with apostrophes and hyphens between them; nil if none come next.
    mutating func word() -> Range<Int>? {
        var end = index
        while let width = Self.letterWidth(line.text, at: end) ?? joinWidth(at: end) {
            if end == index && !isLetterOrDigit(at: end) { return nil }
            end += width
        }
        guard end > index else { return nil }
        defer { index = end }
        return index..<end
    }

    /// Reads a word that begins with an upper-case letter.
    mutating func capitalizedWord() -> Range<Int>? {
        let start = index
        guard let word = word() else { return nil }
        if isUpper(at: word.lowerBound) { return word }
        index = start
        return nil
    }

    /// Whether an upper-case letter stands at an offset.
    func isUpper(at offset: Int) -> Bool {
        guard offset < line.text.count else { return false }
        let byte = line.text[offset]
        if byte < 0x80 { return byte &- 0x41 < 26 }
        let scalar = UTF8Scalar.decode(line.text.span, at: offset).scalar
        return Unicode.Scalar(scalar)?.properties.isUppercase ?? false
    }

    /// Whether a word has at least two letters and no lower-case one.
    func isAllCapitals(_ word: Range<Int>) -> Bool {
        var letters = 0
        var offset = word.lowerBound
        while offset < word.upperBound {
            let (scalar, width) = UTF8Scalar.decode(line.text.span, at: offset)
            guard let properties = Unicode.Scalar(scalar)?.properties else { return false }
            if properties.isLowercase { return false }
            if properties.isUppercase { letters += 1 }
            offset += width
        }
        return letters >= 2
    }

    private func isLetterOrDigit(at offset: Int) -> Bool {
        Self.letterWidth(line.text, at: offset) != nil
    }

    /// The width of an apostrophe or hyphen between two letters.
    private func joinWidth(at offset: Int) -> Int? {
        guard offset < line.text.count else { return nil }
        let byte = line.text[offset]
        if byte == 0x27 || byte == 0x2D {
            return isLetterOrDigit(at: offset + 1) ? 1 : nil
        }
        let isApostrophe = line.text[offset...].starts(with: [0xE2, 0x80, 0x99])
        return isApostrophe && isLetterOrDigit(at: offset + 3) ? 3 : nil
    }

    private static func letterWidth(_ text: [UInt8], at offset: Int) -> Int? {
        guard offset < text.count else { return nil }
        let byte = text[offset]
        if byte < 0x80 {
            return (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 ? 1 : nil
        }
        let (scalar, width) = UTF8Scalar.decode(text.span, at: offset)
        if scalar < 0xC0 || (0x2000...0x2BFF).contains(scalar) { return nil }
        return width
    }
}
