import Bytes
import Testing

@Suite("Word tokenizer")
struct WordTokenizerTests {
    static let splits: [(text: String, words: [String])] = [
        ("", []), ("  \n\t", []), ("Hello, world!", ["Hello", "world"]),
        ("Putin\u{2019}s", ["Putin", "s"]), ("don't", ["don", "t"]), ("a-b_c", ["a", "b", "c"]),
        ("2017-11-21", ["2017", "11", "21"]), ("3D x2", ["3D", "x2"]),
        ("caf\u{E9}s", ["caf\u{E9}s"]), ("e\u{301}te\u{301}", ["e\u{301}te\u{301}"]),
        ("Erdo\u{11F}an", ["Erdo\u{11F}an"]),
        ("\u{41F}\u{443}\u{442}\u{438}\u{43D}!", ["\u{41F}\u{443}\u{442}\u{438}\u{43D}"]),
        ("\u{6C34}\u{706B}abc\u{6C34}", ["\u{6C34}", "\u{706B}", "abc", "\u{6C34}"]),
        ("\u{30AB}\u{30CA}", ["\u{30AB}", "\u{30CA}"]),
        ("\u{D55C}\u{AD6D}\u{C5B4}", ["\u{D55C}\u{AD6D}\u{C5B4}"]),
        ("\u{645}\u{631}\u{62D}\u{628}\u{627}", ["\u{645}\u{631}\u{62D}\u{628}\u{627}"]),
        ("a\u{D7}b", ["a", "b"]), ("\u{2014}x\u{2026}", ["x"]), ("\u{FFFD}a", ["a"]),
        ("a\u{1F600}b", ["a", "b"]), ("abcdefgh", ["abcdefgh"]),
        ("abcdefghi jklmnopqrstuvwxyz", ["abcdefghi", "jklmnopqrstuvwxyz"]),
        ("abcdefgh\u{E9}", ["abcdefgh\u{E9}"]), ("abcdefgh\u{6C34}", ["abcdefgh", "\u{6C34}"]),
    ]

    @Test("words are runs of letters and digits; an ideograph is one of its own", arguments: splits)
    func split(text: String, words: [String]) {
        let bytes = Array(text.utf8)
        let found = WordTokenizer.words(of: text).map { token in
            String(decoding: bytes[token.range], as: UTF8.self)
        }
        #expect(found.map { Array($0.unicodeScalars) } == words.map { Array($0.unicodeScalars) })
    }

    static let equalPairs = [
        ("Trump", "TRUMP"), ("\u{C9}lys\u{E9}e", "\u{E9}LYS\u{C9}E"),
        ("ERDO\u{11E}AN", "erdo\u{11F}an"),
        ("\u{41F}\u{423}\u{422}\u{418}\u{41D}", "\u{43F}\u{443}\u{442}\u{438}\u{43D}"),
        ("\u{3A3}\u{391}\u{3A3}", "\u{3C3}\u{3B1}\u{3C2}"), ("\u{17D}\u{10D}", "\u{17E}\u{10C}"),
        ("abcdefghIJKL", "ABCDEFGHijkl"), ("\u{212A}", "k"), ("\u{1E9E}", "\u{DF}"),
        ("\u{178}x", "\u{FF}X"),
    ]

    @Test("the hash does not depend on letter case", arguments: equalPairs)
    func caseless(one: String, other: String) {
        #expect(
            WordTokenizer.words(of: one).map(\.hash) == WordTokenizer.words(of: other).map(\.hash)
        )
    }

    @Test("every letter that has a simple lower case hashes as that")
    func everyLetter() {
        for value in UInt32(0x41)...0x1FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let lower = scalar.properties.lowercaseMapping.unicodeScalars
            guard lower.count == 1, lower.first != scalar else { continue }
            let upper = WordTokenizer.words(of: "x\(scalar)")
            let folded = WordTokenizer.words(of: "x\(String(lower))")
            #expect(upper.map(\.hash) == folded.map(\.hash), "U+\(String(value, radix: 16))")
        }
    }

    @Test("different words of a dictionary's size have different hashes")
    func noCollisions() {
        var hashes: Set<UInt64> = []
        for number in 0..<100_000 {
            hashes.formUnion(
                WordTokenizer.words(of: "w\(number) \(number) \(number)longerword").map(\.hash)
            )
        }
        #expect(hashes.count == 300_000)
    }

    static let shapes: [(word: String, shape: WordToken.Shape)] = [
        ("word", []), ("Word", .capitalized), ("WORD", [.capitalized, .allCapitals]),
        ("wORD", []), ("2017", .number), ("x2", []), ("3D", [.capitalized, .allCapitals]),
        ("A", [.capitalized, .allCapitals]), ("McCain", .capitalized),
        ("\u{C9}lys\u{E9}e", .capitalized), ("\u{C9}LYS\u{C9}E", [.capitalized, .allCapitals]),
        ("\u{E9}lys\u{E9}e", []), ("\u{6C34}", []), ("\u{3C3}\u{3C2}", []),
        ("ABCDEFGHIJKLMNOPQ", [.capitalized, .allCapitals]), ("ABCDEFGHIJKLMNOPq", .capitalized),
        ("12345678901A", [.capitalized, .allCapitals]),
    ]

    @Test("a word's shape tells its letter case", arguments: shapes)
    func shape(word: String, shape: WordToken.Shape) {
        #expect(WordTokenizer.words(of: word).map(\.shape) == [shape])
    }

    @Test("eight bytes at a time find the words that one scalar at a time finds")
    func oracle() {
        var generator = SeededGenerator(seed: 5)
        let pieces = [
            "a", "B", "word", "LONGERWORDS", "7", " ", "  ", ".", "-", "\u{E9}", "\u{C9}",
            "\u{6C34}", "\u{2019}", "\u{301}", "\u{1F600}", "@", "[", "`", "{", "/", ":", "\u{7F}",
        ]
        for _ in 0..<PropertyCases.count(4000) {
            let text = (0..<Int.random(in: 0...30, using: &generator)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &generator)]
            }.joined()
            let expected = slowWords(text)
            let found = WordTokenizer.words(of: text)
            #expect(found.map(\.range) == expected, "\(text.debugDescription)")
            for token in found {
                // A word alone hashes as it does in its text.
                let word = String(decoding: Array(text.utf8)[token.range], as: UTF8.self)
                let alone = WordTokenizer.words(of: word)
                #expect(alone.map(\.hash) == [token.hash])
                #expect(alone.map(\.shape) == [token.shape])
            }
        }
    }

    @Test("hostile bytes end words and never lose the place")
    func hostile() {
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<PropertyCases.count(4000) {
            let bytes = generator.bytes(Int.random(in: 0...64, using: &generator))
            var tokens: [WordToken] = []
            WordTokenizer.tokenize(bytes.span, into: &tokens)
            var last = 0
            for token in tokens {
                #expect(token.range.lowerBound >= last && !token.range.isEmpty)
                last = token.range.upperBound
            }
            #expect(last <= bytes.count)
        }
    }

    @Test("one word of a megabyte is one word")
    func huge() {
        let text = String(repeating: "a", count: 1_000_003)
        #expect(WordTokenizer.words(of: text).map(\.range) == [0..<1_000_003])
        #expect(WordTokenizer.words(of: text + "\u{E9}").map(\.range) == [0..<1_000_005])
    }

    @Test("tokens are appended behind those already there")
    func appending() {
        var tokens = WordTokenizer.words(of: "one")
        WordTokenizer.tokenize(Array("two".utf8).span, into: &tokens)
        #expect(tokens.map(\.range) == [0..<3, 0..<3])
    }

    /// Letters, digits and marks by Unicode's own properties, scalar by scalar.
    private func slowWords(_ text: String) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start: Int?
        var offset = 0
        for scalar in text.unicodeScalars {
            let width = UTF8.width(scalar)
            let properties = scalar.properties
            let isWord =
                properties.isAlphabetic || properties.generalCategory == .nonspacingMark
                || properties.generalCategory == .decimalNumber
            if !isWord || properties.isIdeographic {
                if let first = start { ranges.append(first..<offset) }
                start = nil
                if properties.isIdeographic { ranges.append(offset..<(offset + width)) }
            } else if start == nil {
                start = offset
            }
            offset += width
        }
        if let first = start { ranges.append(first..<offset) }
        return ranges
    }
}
