extension Hash128 {
    /// The hash of a text's words in order, letter case, white space and punctuation aside; of one
    /// without words, of its bytes.
    package init(words: [WordToken], of text: Span<UInt8>) {
        guard !words.isEmpty else {
            self.init(hashing: text)
            return
        }
        var high: UInt64 = 0x8000_0000_0000_0001
        var low: UInt64 = 0x4000_0000_0000_0003
        for word in words {
            high = Hash64.combine(high, word.hash)
            low = (low ^ word.hash) &* 0x9E37_79B9_7F4A_7C15
            low ^= low >> 29
        }
        self.init(high: Hash64.finish(high), low: Hash64.finish(low))
    }

    /// The hash of the words of a text that is not split yet.
    package init(wordsOf text: Span<UInt8>) {
        var words: [WordToken] = []
        WordTokenizer.tokenize(text, into: &words)
        self.init(words: words, of: text)
    }

    /// Thirty-two hexadecimal digits.
    package var digits: String { Hex.string(high) + Hex.string(low) }
}
