internal import Bytes
internal import Events
internal import Pipeline

extension LeadersAnnotator {
    var ids: [String] { dictionary.leaders.map(\.id) }

    func inquire(_ id: String, of document: Document) -> FindingInquiry? {
        guard let leader = dictionary.leaders.firstIndex(where: { $0.id == id }) else { return nil }
        var documents = [document]
        annotate(&documents, stage: 0)
        let findings = documents[0].enrichments.last
        var title = TitleText()
        title.read(document.fields.title)
        let texts = [
            InquiredText(title.bytes, title.words, isTitle: true, dictionary.table),
            InquiredText(document.body, document.words, isTitle: false, dictionary.table),
        ]
        let names = dictionary.table.phrases { dictionary.senses[$0].leader == leader }
        let places = PhrasePlaces(names)
        let judge = LeaderJudge(
            dictionary: dictionary,
            leader: leader,
            findings: findings,
            published: document.fields.published
        )
        let occurrences = texts.flatMap { text in
            places.find(in: text.bytes, text.words).map { judge.occurrence($0, in: text) }
        }
        let isFound = findings?.annotations.contains { $0.id == id } ?? false
        return FindingInquiry(
            label: dictionary.leaders[leader].name,
            isFound: isFound,
            names: names,
            occurrences: occurrences,
            score: nil,
            remarks: judge.remarks(isNamed: !occurrences.isEmpty, isFound: isFound)
        )
    }
}

extension LeaderDictionary.Sense {
    /// The leader that a name or surname may stand for.
    fileprivate var leader: Int? {
        switch self {
        case .name(let leader), .surname(let leader): leader
        default: nil
        }
    }
}

/// Says what came of places that read like a leader's name.
private struct LeaderJudge {
    let dictionary: LeaderDictionary
    let leader: Int
    let findings: DocumentEnriched?
    let published: CalendarDate?

    private var id: String { dictionary.leaders[leader].id }

    func occurrence(
        _ place: PhrasePlaces.Place,
        in text: InquiredText
    ) -> FindingInquiry.Occurrence {
        let (counts, reason) = judge(place, in: text)
        return FindingInquiry.Occurrence(
            text: place.text,
            span: place.span,
            isTitle: text.isTitle,
            counts: counts,
            reason: reason
        )
    }

    private func judge(
        _ place: PhrasePlaces.Place,
        in text: InquiredText
    ) -> (counts: Bool, reason: String) {
        if let taken = annotation(at: place.span, isTitle: text.isTitle) {
            return taken.id == id
                ? (true, "names \(taken.label)") : (false, "taken for \(taken.label) (\(taken.id))")
        }
        if let open = unresolved(at: place.span), !text.isTitle {
            return (false, Self.words(open))
        }
        let matches = text.matches(at: place.words)
        let isOwn = matches.contains { dictionary.senses[$0.payload].leader == leader }
        if let exclusion = matches.first(where: { dictionary.senses[$0.payload] == .exclusion }) {
            return (false, "part of “\(text.text(exclusion))”, which names nobody")
        }
        if !isOwn, let longer = matches.first {
            return (false, "part of the longer “\(text.text(longer))”")
        }
        if !isOwn {
            return (false, "the dictionary has “\(place.phrase)”: letter case or marks differ")
        }
        return (false, "a surname alone, and \(alone(place, in: text))")
    }

    /// Why a surname that stands alone was taken for nobody, as far as its surroundings show.
    private func alone(_ place: PhrasePlaces.Place, in text: InquiredText) -> String {
        let first = place.words.lowerBound
        if first > 0, text.words[first - 1].shape.contains(.capitalized),
            text.words[first].range.lowerBound - text.words[first - 1].range.upperBound == 1
        {
            let range = text.words[first - 1].range.lowerBound..<place.span.end
            let whole = String(decoding: text.bytes[range], as: UTF8.self)
            return "“\(whole)” may be somebody else"
        }
        if let day = published.map(Day.init), !holds(on: day) {
            return "nobody here says who is meant: no office on \(published?.description ?? "")"
        }
        return "nothing near it says that \(dictionary.leaders[leader].name) is meant"
    }

    private func holds(on day: Day) -> Bool {
        dictionary.leaders[leader].roles.contains { $0.isHeld(on: day) }
    }

    private func annotation(at span: ByteSpan, isTitle: Bool) -> Annotation? {
        findings?.annotations.first { annotation in
            (isTitle ? annotation.titleSpans : annotation.spans).contains {
                $0.start < span.end && $0.end > span.start
            }
        }
    }

    private func unresolved(at span: ByteSpan) -> UnresolvedMention? {
        findings?.unresolved.first { $0.span.start < span.end && $0.span.end > span.start }
    }

    private static func words(_ mention: UnresolvedMention) -> String {
        let who = mention.candidates.joined(separator: ", ")
        return switch OpenReason(rawValue: mention.reason) {
        case .ambiguous: "left open: several fit (\(who))"
        case .dateUnknown: "left open: the document has no date that would tell (\(who))"
        case .nobodyInOffice: "left open: nobody known held the office on that day"
        case .otherOffice: "left open: the office beside it is not theirs (\(who))"
        case nil: "left open: \(mention.reason) (\(who))"
        }
    }

    /// What holds for the document as a whole.
    func remarks(isNamed: Bool, isFound: Bool) -> [String] {
        if isFound { return isNamed ? [] : ["meant by an office that the text names"] }
        let person = dictionary.leaders[leader]
        var remarks: [String] = []
        if let published {
            let day = Day(published)
            let roles = person.roles.filter { $0.isHeld(on: day) }.map(\.text)
            remarks.append(
                roles.isEmpty
                    ? "on \(published) \(person.name) held no office of the dictionary"
                    : "on \(published) \(person.name) was \(roles.joined(separator: ", "))"
            )
        } else {
            remarks.append("the document has no date: who held an office then cannot be told")
        }
        return remarks
    }
}
