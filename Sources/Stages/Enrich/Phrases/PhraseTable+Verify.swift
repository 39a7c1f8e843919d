internal import Bytes

/// Comparing a phrase with the words at a place, byte by byte.
extension PhraseTable {
    /// Appends the phrases of one chain of entries that stand at `first`.
    func verify(
        _ entry: Int,
        at first: Int,
        _ count: Int,
        _ words: Span<WordToken>,
        in bytes: Span<UInt8>,
        into matches: inout [Match]
    ) {
        var index = entry
        while true {
            let entry = entries[index]
            if Int(entry.wordCount) == count && stands(entry, at: first, words, in: bytes) {
                let payload = Int(entry.payload)
                matches.append(Match(firstWord: first, wordCount: count, payload: payload))
            }
            if entry.flags & Self.isLast != 0 { return }
            index += 1
        }
    }

    private func stands(
        _ entry: Entry,
        at first: Int,
        _ words: Span<WordToken>,
        in bytes: Span<UInt8>
    ) -> Bool {
        let text = text.span
        var place = Int(entry.start)
        for index in first..<first + Int(entry.wordCount) {
            let word = words[index]
            if isExact(word, in: bytes, at: place, of: text) {
                place += word.range.count + 1
                continue
            }
            guard let end = text.firstIndex(of: 0x20, from: place) else { return false }
            let own = text.extracting(place..<end)
            let read = bytes.extracting(word.range)
            place = end + 1
            guard CaseFold.areEqual(own, read) else { return false }
            if CaseFold.isLower(own) { continue }
            guard word.shape.contains(.allCapitals),
                CaseFold.scalarCount(read) >= 4
                    || isAllCapitals(words, first..<first + Int(entry.wordCount))
            else { return false }
        }
        return true
    }

    /// Whether a word reads byte for byte as the phrase's word at a place.
    @inline(__always)
    private func isExact(
        _ word: WordToken,
        in bytes: Span<UInt8>,
        at place: Int,
        of text: Span<UInt8>
    ) -> Bool {
        let start = Int(word.start)
        let count = Int(word.end) - start
        guard place + count < text.count, text[place + count] == 0x20 else { return false }
        for offset in 0..<count where text[place + offset] != bytes[start + offset] {
            return false
        }
        return true
    }

    /// Whether several words together stand in capitals.
    private func isAllCapitals(_ words: Span<WordToken>, _ range: Range<Int>) -> Bool {
        var bytes = 0
        for index in range {
            guard words[index].shape.contains(.allCapitals) else { return false }
            bytes += words[index].range.count
        }
        return range.count > 1 && bytes >= 4
    }
}

/// Letter case of short words, scalar by scalar, by the same simple mappings as the tokenizer's.
enum CaseFold {
    /// Whether both read the same, letter case aside.
    static func areEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        var leftIndex = 0
        var rightIndex = 0
        while leftIndex < left.count && rightIndex < right.count {
            let (leftScalar, leftWidth) = UTF8Scalar.decode(left, at: leftIndex)
            let (rightScalar, rightWidth) = UTF8Scalar.decode(right, at: rightIndex)
            guard lower(leftScalar) == lower(rightScalar) else { return false }
            leftIndex += leftWidth
            rightIndex += rightWidth
        }
        return leftIndex == left.count && rightIndex == right.count
    }

    /// Whether a word holds no capital.
    static func isLower(_ word: Span<UInt8>) -> Bool {
        var index = 0
        while index < word.count {
            let (scalar, width) = UTF8Scalar.decode(word, at: index)
            if lower(scalar) != scalar { return false }
            index += width
        }
        return true
    }

    /// How many code points a word has.
    static func scalarCount(_ word: Span<UInt8>) -> Int {
        var count = 0
        for index in word.indices where word[index] & 0xC0 != 0x80 { count += 1 }
        return count
    }

    static func lower(_ value: UInt32) -> UInt32 {
        if value < 0x80 { return value &- 0x41 < 26 ? value | 0x20 : value }
        guard let scalar = Unicode.Scalar(value), scalar.properties.isCased else { return value }
        let mapping = scalar.properties.lowercaseMapping.unicodeScalars
        guard mapping.count == 1, let only = mapping.first else { return value }
        return only.value
    }
}
