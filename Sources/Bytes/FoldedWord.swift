/// Reads words that hold letters beyond ASCII, scalar by scalar.
struct FoldedWord {
    /// The word's bytes with case folded; kept from word to word for its capacity.
    private var bytes: [UInt8] = []
    private var beginsUpper = false
    private var hasLower = false
    private var hasUpper = false
    private var hasLetter = false

    /// Appends the word at `start`, if one stands there, and answers where to read on.
    mutating func read(_ text: Span<UInt8>, at start: Int, into tokens: inout [WordToken]) -> Int {
        bytes.removeAll(keepingCapacity: true)
        (beginsUpper, hasLower, hasUpper, hasLetter) = (false, false, false, false)
        var end = start
        while end < text.count {
            let (scalar, width) = UTF8Scalar.decode(text, at: end)
            let kind = LetterKind(scalar)
            guard kind != .separator else { break }
            if kind == .ideograph && end > start { break }
            add(scalar)
            end += width
            if kind == .ideograph { break }
        }
        guard end > start else { return start + UTF8Scalar.decode(text, at: start).width }
        tokens.append(
            WordToken(
                start: UInt32(truncatingIfNeeded: start),
                end: UInt32(truncatingIfNeeded: end),
                hash: hash,
                shape: shape
            )
        )
        return end
    }

    private mutating func add(_ scalar: UInt32) {
        let folded = CaseFolding.lower(scalar)
        UTF8Scalar.append(folded, to: &bytes)
        if (0x30...0x39).contains(scalar) { return }
        // A final sigma folds to a sigma and is no capital for it.
        if folded != scalar && scalar != 0x3C2 {
            if !hasLetter { beginsUpper = true }
            hasUpper = true
        } else if !LetterKind.isMark(scalar) {
            hasLower = true
        }
        hasLetter = true
    }

    private var hash: UInt64 {
        var hash = WordHash.seed
        let text = bytes.span
        var index = 0
        while index < text.count {
            let isWhole = index + 8 <= text.count
            hash = WordHash.mix(hash, isWhole ? text.word(at: index) : text.lastWord(at: index))
            index += 8
        }
        return Hash64.finish(hash)
    }

    private var shape: WordToken.Shape {
        var shape: WordToken.Shape = []
        if beginsUpper { shape.insert(.capitalized) }
        if hasUpper && !hasLower { shape.insert(.allCapitals) }
        if !hasLetter { shape.insert(.number) }
        return shape
    }
}
