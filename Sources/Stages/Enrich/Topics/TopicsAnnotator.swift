internal import Bytes
internal import Events
internal import Pipeline
internal import YAML

/// Says which topics a document is about, by the terms that stand in it.
///
/// A topic's score is the sum over its terms found of `weight * (1 + log2(occurrences))`; an
/// occurrence in the title counts as two. A long text needs a higher score. Of overlapping terms the longest counts, of whichever
/// topic; a term may stand under several topics.
struct TopicsAnnotator: Annotator {
    static let name = "topics"
    let dictionary: TopicDictionary

    init(_ dictionary: TopicDictionary) { self.dictionary = dictionary }

    func annotate(_ documents: inout [Document], stage: Int) {
        var scratch = Scratch(dictionary)
        for index in documents.indices where documents[index].isLive {
            let annotations = find(in: documents[index], &scratch)
            documents[index].enrich(
                DocumentEnriched(annotator: Self.name, annotations: annotations, unresolved: []),
                stage: stage
            )
        }
    }

    /// The counts of one document, in memory that a batch uses again.
    private struct Scratch {
        var title = TitleText()
        var titleMatches: [PhraseTable.Match] = []
        var matches: [PhraseTable.Match] = []
        /// Occurrences by term; all zero between documents.
        var counts: [Int]
        var terms: [Int] = []
        /// Scores by topic; all zero between documents.
        var scores: [Double]
        var topics: [Int] = []
        /// Occurrences of terms by topic, the title's twice: room for so many spans.
        var sizes: [Int]
        /// Annotations by topic; all -1 between documents.
        var places: [Int]

        init(_ dictionary: TopicDictionary) {
            counts = Array(repeating: 0, count: dictionary.terms.count)
            scores = Array(repeating: 0, count: dictionary.topics.count)
            sizes = Array(repeating: 0, count: dictionary.topics.count)
            places = Array(repeating: -1, count: dictionary.topics.count)
        }

        mutating func count(_ term: Int, _ occurrences: Int) {
            if counts[term] == 0 { terms.append(term) }
            counts[term] += occurrences
        }

        mutating func add(_ score: Double, _ occurrences: Int, to topic: Int) {
            if scores[topic] == 0 { topics.append(topic) }
            scores[topic] += score
            sizes[topic] += occurrences
        }
    }

    private func find(in document: Document, _ scratch: inout Scratch) -> [Annotation] {
        scratch.title.read(document.fields.title)
        let title = scratch.title
        scratch.titleMatches.removeAll(keepingCapacity: true)
        scratch.matches.removeAll(keepingCapacity: true)
        dictionary.table.match(title.words.span, in: title.bytes.span, into: &scratch.titleMatches)
        dictionary.table.match(document.words.span, in: document.body.span, into: &scratch.matches)
        keepHeaviest(&scratch.titleMatches)
        keepHeaviest(&scratch.matches)
        for match in scratch.titleMatches { scratch.count(match.payload, 2) }
        for match in scratch.matches { scratch.count(match.payload, 1) }
        // Terms in the dictionary's order: sums of floating-point numbers depend on it (invariant 4).
        scratch.terms.sort()
        for term in scratch.terms {
            let weight = dictionary.terms[term].weight
            let count = scratch.counts[term]
            scratch.counts[term] = 0
            guard weight > 0 else { continue }
            let score = weight * TopicScore.factor(count)
            scratch.add(score, count, to: dictionary.terms[term].topic)
        }
        scratch.terms.removeAll(keepingCapacity: true)
        return annotations(document, &scratch)
    }

    /// Of several spellings of a topic's term that match the same words (`Eurozone` and `eurozone`)
    /// the heaviest counts, and the others do not.
    private func keepHeaviest(_ matches: inout [PhraseTable.Match]) {
        var kept = 0
        for match in matches {
            let term = dictionary.terms[match.payload]
            var same = kept - 1
            while same >= 0, matches[same].firstWord == match.firstWord,
                dictionary.terms[matches[same].payload].topic != term.topic
            {
                same -= 1
            }
            if same < 0 || matches[same].firstWord != match.firstWord {
                matches[kept] = match
                kept += 1
            } else if dictionary.terms[matches[same].payload].weight < term.weight {
                matches[same] = match
            }
        }
        matches.removeSubrange(kept...)
    }

    private func annotations(_ document: Document, _ scratch: inout Scratch) -> [Annotation] {
        var annotations: [Annotation] = []
        let threshold = dictionary.threshold(words: document.words.count)
        scratch.topics.sort()
        for topic in scratch.topics {
            let score = TopicScore.rounded(scratch.scores[topic])
            let size = scratch.sizes[topic]
            scratch.scores[topic] = 0
            scratch.sizes[topic] = 0
            guard score >= threshold else { continue }
            let found = dictionary.topics[topic]
            scratch.places[topic] = annotations.count
            let fields = [
                CBORValue.Pair("score", .double(score)),
                CBORValue.Pair("broader", found.broader.map { .text($0) } ?? .null),
            ]
            var annotation = Annotation(id: found.id, label: found.label, spans: [], fields: fields)
            annotation.spans.reserveCapacity(size)
            annotations.append(annotation)
        }
        for match in scratch.matches {
            guard let place = place(of: match, scratch) else { continue }
            annotations[place].spans.append(span(of: match, document.words))
        }
        for match in scratch.titleMatches {
            guard let place = place(of: match, scratch) else { continue }
            annotations[place].titleSpans.append(span(of: match, scratch.title.words))
        }
        for topic in scratch.topics { scratch.places[topic] = -1 }
        scratch.topics.removeAll(keepingCapacity: true)
        return annotations
    }

    /// The annotation that a match belongs to, if its topic reached the threshold.
    private func place(of match: PhraseTable.Match, _ scratch: borrowing Scratch) -> Int? {
        let term = dictionary.terms[match.payload]
        let place = scratch.places[term.topic]
        return place >= 0 && term.weight > 0 ? place : nil
    }

    private func span(of match: PhraseTable.Match, _ words: [WordToken]) -> ByteSpan {
        ByteSpan(
            start: Int(words[match.firstWord].start),
            end: Int(words[match.endWord - 1].end)
        )
    }
}

extension AnnotatorKind {
    /// What a document is about.
    static let topics = AnnotatorKind(name: TopicsAnnotator.name, fields: ["score", "broader"]) {
        node,
        context in
        TopicDictionaryReader.read(node, &context).map { TopicsAnnotator($0) }
    }
}
