import Bytes
import Projections
import Testing

@Suite("Passages that two texts share")
struct SharedPassagesTests {
    private func passages(_ one: String, _ other: String) -> [String] {
        let words = WordTokenizer.words(of: one)
        let found = SharedPassages(of: words, and: WordTokenizer.words(of: other))
        return found.passages.map { passage in
            let start = words[passage.words.lowerBound].range.lowerBound
            let end = words[passage.words.upperBound - 1].range.upperBound
            return String(decoding: Array(one.utf8)[start..<end], as: UTF8.self)
        }
    }

    @Test("the longest runs of words, whatever their case and marks")
    func runs() {
        #expect(
            passages(
                "Yesterday the council met in the old hall, and nobody knew why it had.",
                "The Council met in the old hall! Then rain. And nobody knew why it had to."
            ) == ["the council met in the old hall", "and nobody knew why it had"]
        )
    }

    @Test("runs of fewer than five words are no passages")
    func short() {
        #expect(passages("one two three four", "one two three four").isEmpty)
        #expect(passages("one two three four five", "one two three four five").count == 1)
        #expect(passages("", "one two three four five").isEmpty)
    }

    @Test("no word is counted twice, however often the other text repeats it")
    func tiles() {
        let phrase = "a b c d e f"
        #expect(passages(phrase, "\(phrase) x \(phrase) y \(phrase)") == [phrase])
        #expect(passages("\(phrase) \(phrase)", phrase) == [phrase])
    }

    @Test("a passage that a longer one cuts into goes on with what is left of it")
    func cut() {
        let one = "k1 k2 k3 k4 k5 k6 k7 k8 k9 z1 z2 z3 z4 z5 z6"
        let other = "k5 k6 k7 k8 k9 z1 z2 z3 z4 z5 z6 q k1 k2 k3 k4 k5 k6 k7"
        let shared = SharedPassages(
            of: WordTokenizer.words(of: one),
            and: WordTokenizer.words(of: other)
        )
        #expect(shared.passages.map(\.words) == [4..<15])
        #expect(shared.sharedWordCount == 11)
    }

    @Test("every passage stands in both texts and none overlaps another, in texts made at random")
    func property() {
        var random = SeededWords(state: 11)
        for _ in 0..<200 {
            let one = random.text(words: 60, of: 4)
            let other = random.text(words: 60, of: 4)
            let (left, right) = (WordTokenizer.words(of: one), WordTokenizer.words(of: other))
            let found = SharedPassages(of: left, and: right)
            var here: Set<Int> = []
            var there: Set<Int> = []
            for passage in found.passages {
                #expect(passage.words.count >= SharedPassages.shortest)
                for (step, word) in passage.words.enumerated() {
                    #expect(left[word].hash == right[passage.other + step].hash)
                    #expect(here.insert(word).inserted)
                    #expect(there.insert(passage.other + step).inserted)
                }
            }
        }
    }

    @Test("a text of one word twenty thousand times over is compared with itself in a moment")
    func boilerplate() {
        let text = WordTokenizer.words(of: String(repeating: "la ", count: 20_000))
        #expect(SharedPassages(of: text, and: text).sharedWordCount == 20_000)
    }
}

/// Texts of few different words, which repeat much.
private struct SeededWords {
    var state: UInt64

    mutating func text(words: Int, of vocabulary: UInt64) -> String {
        (0..<words).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return "w\(state >> 33 % vocabulary)"
        }.joined(separator: " ")
    }
}
