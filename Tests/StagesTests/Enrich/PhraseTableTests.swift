import Bytes
import Glibc
import Testing

@testable import Stages

@Suite("phrase table")
struct PhraseTableTests {
    private func table(_ phrases: [String]) throws -> PhraseTable {
        var builder = PhraseTable.Builder()
        for (number, phrase) in phrases.enumerated() { try builder.add(phrase, payload: number) }
        return builder.build()
    }

    /// The stretches of the text that match, as they stand there.
    private func found(_ phrases: [String], in text: String) throws -> [String] {
        let bytes = Array(text.utf8)
        let words = WordTokenizer.words(of: text)
        var matches: [PhraseTable.Match] = []
        try table(phrases).match(words.span, in: bytes.span, into: &matches)
        return matches.map { match in
            let start = words[match.firstWord].range.lowerBound
            let end = words[match.endWord - 1].range.upperBound
            return String(decoding: bytes[start..<end], as: UTF8.self)
        }
    }

    struct Case: CustomTestStringConvertible {
        var phrases: [String]
        var text: String
        var found: [String]
        var testDescription: String { "\(phrases) in \"\(text)\"" }
    }

    @Test(
        "the longest phrase wins, the leftmost first",
        arguments: [
            Case(
                phrases: ["Korea", "North Korea"],
                text: "in North Korea",
                found: ["North Korea"]
            ),
            Case(phrases: ["North", "Korea"], text: "North Korea", found: ["North", "Korea"]),
            Case(phrases: ["a b c", "b c d e"], text: "a b c d e", found: ["a b c"]),
            Case(phrases: ["a b c d", "b c"], text: "a b c x", found: ["b c"]),
            Case(phrases: ["a", "a b c"], text: "a b a b c", found: ["a", "a b c"]),
            Case(phrases: ["Salman", "King Salman"], text: "King Salman", found: ["King Salman"]),
            Case(phrases: ["x"], text: "", found: []),
        ]
    )
    func longestWins(_ example: Case) throws {
        #expect(try found(example.phrases, in: example.text) == example.found)
    }

    @Test(
        "a lower-case word matches any case, a capital exactly itself or capitals",
        arguments: [
            Case(
                phrases: ["energy"],
                text: "Energy ENERGY energy",
                found: ["Energy", "ENERGY", "energy"]
            ),
            Case(phrases: ["Iran"], text: "iran Iran IRAN", found: ["Iran", "IRAN"]),
            Case(phrases: ["US"], text: "us Us US", found: ["US"]),
            Case(phrases: ["Who"], text: "who WHO Who", found: ["Who"]),
            Case(
                phrases: ["Xi Jinping"],
                text: "XI JINPING, Xi JINPING",
                found: ["XI JINPING", "Xi JINPING"]
            ),
            Case(phrases: ["Kim Jong-un"], text: "KIM JONG-UN", found: ["KIM JONG-UN"]),
            Case(
                phrases: ["al-Assad"],
                text: "Al-Assad AL-ASSAD",
                found: ["Al-Assad", "AL-ASSAD"]
            ),
            Case(phrases: ["Путин", "мир"], text: "ПУТИН Мир путин", found: ["ПУТИН", "Мир"]),
            Case(phrases: ["Gül"], text: "GÜL Gül gül", found: ["Gül"]),
        ]
    )
    func letterCase(_ example: Case) throws {
        #expect(try found(example.phrases, in: example.text) == example.found)
    }

    @Test(
        "a phrase spans spaces, a line break, hyphens, apostrophes and abbreviations, no sentence",
        arguments: [
            Case(phrases: ["Bashar Assad"], text: "Bashar\nAssad", found: ["Bashar\nAssad"]),
            Case(phrases: ["Bashar Assad"], text: "Bashar\n\nAssad", found: []),
            Case(phrases: ["Assad Bashar"], text: "met Assad. Bashar said", found: []),
            Case(phrases: ["Assad Bashar"], text: "Assad, Bashar", found: []),
            Case(phrases: ["Ban Ki-moon"], text: "Ban Ki moon", found: ["Ban Ki moon"]),
            Case(phrases: ["Ban Ki moon"], text: "Ban Ki‑moon", found: ["Ban Ki‑moon"]),
            Case(
                phrases: ["leaders' meeting"],
                text: "the leaders’ meeting",
                found: ["leaders’ meeting"]
            ),
            Case(phrases: ["V. Putin"], text: "V. Putin, V Putin", found: ["V. Putin", "V Putin"]),
            Case(
                phrases: ["U.S. President"],
                text: "the U.S. President",
                found: ["U.S. President"]
            ),
            Case(phrases: ["St Petersburg"], text: "St. Petersburg", found: ["St. Petersburg"]),
            Case(
                phrases: ["Austin, Texas", "Austin"],
                text: "Austin, Texas Austin Texas",
                found: ["Austin, Texas", "Austin"]
            ),
            Case(
                phrases: ["Johnson & Johnson"],
                text: "Johnson & Johnson",
                found: ["Johnson & Johnson"]
            ),
            Case(phrases: ["North Korea"], text: "North (Korea)", found: []),
            Case(phrases: ["Syria Russia"], text: "Syria – Russia", found: []),
        ]
    )
    func joints(_ example: Case) throws {
        #expect(try found(example.phrases, in: example.text) == example.found)
    }

    @Test(
        "the same words with several meanings give one match each, in the order of the dictionary"
    )
    func severalMeanings() throws {
        let words = WordTokenizer.words(of: "Bush")
        var matches: [PhraseTable.Match] = []
        let table = try table(["Bush", "bush", "Bush"])
        table.match(words.span, in: Array("Bush".utf8).span, into: &matches)
        #expect(matches.map(\.payload) == [0, 1, 2])
    }

    @Test("a phrase without a word, with too many, or across a sentence's end is refused")
    func refusals() {
        var builder = PhraseTable.Builder()
        let endless = Array(repeating: "a", count: 40).joined(separator: " ")
        for phrase in ["", "…", endless, "stop! go"] {
            #expect(throws: PhraseTable.Builder.Refusal.self) {
                try builder.add(phrase, payload: 0)
            }
        }
    }

    /// Seeds of the random dictionaries and texts; `ANNALS_PROPERTY_RUNS` asks for more.
    static var runs: Range<UInt64> {
        let count = unsafe getenv("ANNALS_PROPERTY_RUNS").flatMap {
            unsafe UInt64(String(cString: $0))
        }
        return 0..<(count ?? 300)
    }

    @Test("random dictionaries match random texts as the naive matcher does")
    func agreesWithNaiveMatcher() throws {
        for seed in Self.runs {
            var random = SplitMix(state: seed)
            let phrases = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                random.phrase(of: 1...4, joints: [" ", "-", ", ", ". "])
            }
            let text = random.phrase(
                of: 1...60,
                joints: [" ", " ", " ", "-", ", ", ". ", "\n", "\n\n", " - ", "! "]
            )
            let words = WordTokenizer.words(of: text)
            var matches: [PhraseTable.Match] = []
            try table(phrases).match(words.span, in: Array(text.utf8).span, into: &matches)
            let found = matches.map {
                NaiveMatcher.Found(first: $0.firstWord, count: $0.wordCount, phrase: $0.payload)
            }
            try #require(
                found == NaiveMatcher(phrases: phrases).matches(text),
                "seed \(seed): \(phrases) in \(text.debugDescription)"
            )
        }
    }
}

/// Vigna's splitmix64: the same numbers on every machine.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Words of a small vocabulary in any case, so that phrases do occur.
    mutating func phrase(of counts: ClosedRange<Int>, joints: [String]) -> String {
        let vocabulary = ["king", "of", "a", "iran", "us", "Mr", "V", "north", "Korea", "XI"]
        var text = ""
        for number in 0..<Int.random(in: counts, using: &self) {
            if number > 0 { text += joints[Int.random(in: joints.indices, using: &self)] }
            let word = vocabulary[Int.random(in: vocabulary.indices, using: &self)]
            switch Int.random(in: 0..<6, using: &self) {
            case 0: text += word.uppercased()
            case 1: text += word.lowercased()
            case 2: text += word.prefix(1).uppercased() + word.dropFirst()
            default: text += word
            }
        }
        return text
    }
}
