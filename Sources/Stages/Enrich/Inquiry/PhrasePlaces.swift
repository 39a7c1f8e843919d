internal import Bytes
internal import Events

/// The places of a text that read like some phrases, letter case and marks aside: more than match.
struct PhrasePlaces {
    /// A place.
    struct Place {
        var words: Range<Int>
        var span: ByteSpan
        /// As it stands there.
        var text: String
        /// The phrase that it reads like.
        var phrase: String
    }

    private let phrases: [(text: String, words: [UInt64])]

    init(_ phrases: [String]) {
        self.phrases = phrases.map { ($0, WordTokenizer.words(of: $0).map(\.hash)) }
            .filter { !$0.words.isEmpty }
            .sorted { $0.words.count > $1.words.count }
    }

    /// The places in order, the longest phrase at each, none within another.
    func find(in bytes: [UInt8], _ words: [WordToken]) -> [Place] {
        var places: [Place] = []
        var next = 0
        while next < words.count {
            let here = phrases.first { phrase in
                phrase.words.count <= words.count - next
                    && phrase.words.indices.allSatisfy {
                        phrase.words[$0] == words[next + $0].hash
                    }
            }
            guard let here else {
                next += 1
                continue
            }
            let range = next..<next + here.words.count
            let span = ByteSpan(
                start: words[range.lowerBound].range.lowerBound,
                end: words[range.upperBound - 1].range.upperBound
            )
            let text = String(decoding: bytes[span.start..<span.end], as: UTF8.self)
            places.append(Place(words: range, span: span, text: text, phrase: here.text))
            next = range.upperBound
        }
        return places
    }
}

extension PhraseTable {
    /// The phrases of some meanings, as the dictionary has them but for the marks between words.
    func phrases(where isWanted: (Int) -> Bool) -> [String] {
        var phrases: [String] = []
        for entry in entries where isWanted(Int(entry.payload)) {
            var end = Int(entry.start)
            for _ in 0..<entry.wordCount {
                end = (text.span.firstIndex(of: 0x20, from: end) ?? text.count) + 1
            }
            let bytes = text[Int(entry.start)..<max(Int(entry.start), end - 1)]
            phrases.append(String(decoding: bytes, as: UTF8.self))
        }
        return phrases.sorted()
    }

    /// What a phrase reads as.
    func phrase(of payload: Int) -> String { phrases { $0 == payload }.first ?? "" }
}

/// A text with its words and what a dictionary's table finds in it.
struct InquiredText {
    let bytes: [UInt8]
    let words: [WordToken]
    let isTitle: Bool
    let matches: [PhraseTable.Match]

    init(_ bytes: [UInt8], _ words: [WordToken], isTitle: Bool, _ table: PhraseTable) {
        self.bytes = bytes
        self.words = words
        self.isTitle = isTitle
        var matches: [PhraseTable.Match] = []
        table.match(words.span, in: bytes.span, into: &matches)
        self.matches = matches
    }

    /// The matches that share a word with a place.
    func matches(at words: Range<Int>) -> [PhraseTable.Match] {
        matches.filter { $0.firstWord < words.upperBound && $0.endWord > words.lowerBound }
    }

    /// The words of a match as they stand in the text.
    func text(_ match: PhraseTable.Match) -> String {
        let start = words[match.firstWord].range.lowerBound
        let end = words[match.endWord - 1].range.upperBound
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}
