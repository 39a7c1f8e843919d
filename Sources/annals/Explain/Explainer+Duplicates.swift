internal import Bytes
internal import EventLog
internal import Events
internal import Projections

extension Explainer {
    /// What shows that a document is a copy of another, from the texts that the log holds of both.
    func evidence(for telling: Explanation.Telling) throws -> DuplicateEvidence? {
        guard case .duplicate(let kinship) = telling.statement.fate.outcome else { return nil }
        var evidence = DuplicateEvidence(
            kinship: kinship,
            original: try documents.document(kinship.original)
        )
        guard let here = Self.text(of: telling),
            let there = try text(of: kinship.original, before: telling.statement.position)
        else { return evidence }
        let (words, others) = (Self.words(here), Self.words(there))
        let found = SharedPassages(of: words, and: others)
        evidence.counts = (words.count, others.count, found.sharedWordCount)
        evidence.shared = Self.longest(found.passages.map(\.words), of: here, words)
        evidence.onlyHere = Self.longest(
            Self.rest(of: words.count, without: found.passages.map(\.words)),
            of: here,
            words
        )
        let taken = found.passages.map { $0.other..<$0.other + $0.words.count }
            .sorted { $0.lowerBound < $1.lowerBound }
        evidence.onlyThere = Self.longest(
            Self.rest(of: others.count, without: taken),
            of: there,
            others
        )
        return evidence
    }

    /// The cleaned text of another document as it stood before a position.
    private func text(of document: String, before position: EventPosition) throws -> [UInt8]? {
        let story = try projections.engine.story(of: document, in: documents)
        let statement = story.statements.last { statement in
            statement.position < position && statement.events.contains(where: \.hasContent)
        }
        let event = statement?.events.last { event in
            event.hasContent
                && (event.type == EventType.documentCleaned.rawValue
                    || event.type == EventType.documentIngested.rawValue)
        }
        return try event.flatMap { try projections.engine.content(of: $0) }
    }

    private static func words(_ text: [UInt8]) -> [WordToken] {
        var words: [WordToken] = []
        WordTokenizer.tokenize(text.span, into: &words)
        return words
    }

    /// The stretches between some others.
    private static func rest(of count: Int, without taken: [Range<Int>]) -> [Range<Int>] {
        var rest: [Range<Int>] = []
        var start = 0
        for range in taken {
            if range.lowerBound > start { rest.append(start..<range.lowerBound) }
            start = range.upperBound
        }
        if start < count { rest.append(start..<count) }
        return rest
    }

    /// The longest stretches as they stand in the text.
    private static func longest(
        _ ranges: [Range<Int>],
        of text: [UInt8],
        _ words: [WordToken]
    ) -> [DuplicateEvidence.Passage] {
        ranges.sorted { ($1.count, $0.lowerBound) < ($0.count, $1.lowerBound) }.prefix(50)
            .map { range in
                let bytes =
                    words[range.lowerBound].range
                    .lowerBound..<words[range.upperBound - 1].range
                    .upperBound
                return DuplicateEvidence.Passage(
                    words: range.count,
                    text: String(decoding: text[bytes], as: UTF8.self)
                )
            }
    }
}
