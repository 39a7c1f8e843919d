internal import Bytes
internal import Events
internal import Pipeline

extension TopicsAnnotator {
    var ids: [String] { dictionary.topics.map(\.id) }

    func inquire(_ id: String, of document: Document) -> FindingInquiry? {
        guard let topic = dictionary.topics.firstIndex(where: { $0.id == id }) else { return nil }
        var title = TitleText()
        title.read(document.fields.title)
        let texts = [
            InquiredText(title.bytes, title.words, isTitle: true, dictionary.table),
            InquiredText(document.body, document.words, isTitle: false, dictionary.table),
        ]
        let names = dictionary.table.phrases { dictionary.terms[$0].topic == topic }
        let places = PhrasePlaces(names)
        var occurrences: [FindingInquiry.Occurrence] = []
        var counts: [Int: Int] = [:]
        for text in texts {
            for place in places.find(in: text.bytes, text.words) {
                let (counts, reason) = judge(place, topic, in: text)
                occurrences.append(
                    FindingInquiry.Occurrence(
                        text: place.text,
                        span: place.span,
                        isTitle: text.isTitle,
                        counts: counts,
                        reason: reason
                    )
                )
            }
            for (term, count) in terms(of: topic, in: text) { counts[term, default: 0] += count }
        }
        let score = counts.sorted { $0.key < $1.key }.reduce(0) { sum, term in
            sum + dictionary.terms[term.key].weight * TopicScore.factor(term.value)
        }
        let reached = TopicScore.rounded(score)
        let needed = dictionary.threshold(words: document.words.count)
        return FindingInquiry(
            label: dictionary.topics[topic].label,
            isFound: reached >= needed && reached > 0,
            names: names,
            occurrences: occurrences,
            score: (reached: reached, needed: (needed * 1_000).rounded() / 1_000),
            remarks: remarks(counts, document)
        )
    }

    private func remarks(_ counts: [Int: Int], _ document: Document) -> [String] {
        var remarks = counts.sorted { $0.key < $1.key }.map { term, count in
            let weight = dictionary.terms[term].weight
            let score = TopicScore.rounded(weight * TopicScore.factor(count))
            return
                "“\(dictionary.table.phrase(of: term))” ×\(count) at weight \(weight) is \(score)"
        }
        let words = document.words.count
        if dictionary.longText > 0, words > dictionary.longText {
            remarks.append(
                "a text of \(words) words needs more than the \(dictionary.threshold) of one of"
                    + " \(dictionary.longText)"
            )
        }
        return remarks
    }

    /// The terms of a topic that count in a text, and how often; a title's count as two.
    private func terms(of topic: Int, in text: InquiredText) -> [(term: Int, count: Int)] {
        var heaviest: [Int: Int] = [:]
        for match in text.matches where dictionary.terms[match.payload].topic == topic {
            let other = heaviest[match.firstWord].map { dictionary.terms[$0].weight } ?? -1
            if dictionary.terms[match.payload].weight > other {
                heaviest[match.firstWord] = match.payload
            }
        }
        return heaviest.values.filter { dictionary.terms[$0].weight > 0 }
            .map { ($0, text.isTitle ? 2 : 1) }
    }

    private func judge(
        _ place: PhrasePlaces.Place,
        _ topic: Int,
        in text: InquiredText
    ) -> (counts: Bool, reason: String) {
        let matches = text.matches(at: place.words)
        if let own = matches.first(where: { dictionary.terms[$0.payload].topic == topic }) {
            let weight = dictionary.terms[own.payload].weight
            return weight > 0
                ? (true, "weight \(weight)\(text.isTitle ? ", twice in the title" : "")")
                : (false, "weight 0: it only keeps shorter terms inside it from counting")
        }
        if let other = matches.first {
            let owner = dictionary.topics[dictionary.terms[other.payload].topic].id
            return (false, "part of “\(text.text(other))”, a longer term of \(owner)")
        }
        return (false, "the dictionary has “\(place.phrase)”: letter case or marks differ")
    }
}
