internal import Testing
internal import YAML

@Suite("Suggestions")
struct SuggestionTests {
    private let keys = ["threshold", "shingle", "permutations", "to", "by", "from", "format"]

    @Test(
        "a slip of the finger is recognised",
        arguments: [
            ("treshold", "threshold"), ("Threshold", "threshold"), ("thershold", "threshold"),
            ("shingles", "shingle"), ("frmo", "from"), ("form", "from"), ("formt", "format"),
            ("permutation", "permutations"), ("t", "to"),
        ]
    )
    func near(_ word: String, _ expected: String) {
        #expect(Suggestion.nearest(to: word, among: keys) == expected)
    }

    @Test("another word is not", arguments: ["", "x", "dictionary", "zz", "threshold-of-pain"])
    func far(_ word: String) {
        #expect(Suggestion.nearest(to: word, among: keys) == nil)
    }

    @Test("dashes and underscores are the same")
    func dashes() {
        #expect(Suggestion.nearest(to: "min_words", among: ["min-words"]) == "min-words")
    }
}
