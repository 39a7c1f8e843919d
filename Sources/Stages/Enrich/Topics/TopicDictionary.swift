/// The topics that an annotator looks for, in order of id.
struct TopicDictionary: Sendable {
    /// A topic.
    struct Topic: Sendable {
        var id: String
        var label: String
        /// The id of the topic that it is part of.
        var broader: String?
    }

    /// What a phrase says for a topic; weight 0 only keeps shorter terms inside it from counting.
    struct Term: Sendable {
        var topic: Int
        var weight: Double
    }

    var topics: [Topic] = []
    /// By the payload of the phrase table.
    var terms: [Term] = []
    var table = PhraseTable.Builder().build()
    /// The score from which on a document has a topic.
    var threshold = 0.0
    /// Texts of more words than this need a higher score; 0 where length does not matter.
    var longText = 0

    /// The score from which on a text of so many words has a topic:
    /// `threshold * (1 + log2(words / longText))` for a long one.
    func threshold(words: Int) -> Double {
        guard longText > 0, words > longText else { return threshold }
        return threshold * (1 + TopicScore.factor(words) - TopicScore.factor(longText))
    }
}
