internal import Bytes
internal import Events
internal import Pipeline
internal import YAML

/// Says which leaders a document names, and where.
///
/// - A full form or alias names its bearer; a surname alone names who was named in full before, else
///   who fits the office or country beside it, else the only one who can be meant on that day.
/// - An office with its country names who holds it on the document's date.
/// - The title is read before the body, whose surnames may resolve by it, and again after it, for its
///   own may resolve by the body.
/// - What several people fit stays unresolved, with its candidates.
struct LeadersAnnotator: Annotator {
    static let name = "leaders"
    let dictionary: LeaderDictionary
    private let grammar = GrammarWords()

    init(_ dictionary: LeaderDictionary) { self.dictionary = dictionary }

    func annotate(_ documents: inout [Document], stage: Int) {
        var state = LeaderState(leaders: dictionary.leaders.count)
        var title = TitleText()
        for index in documents.indices where documents[index].isLive {
            title.read(documents[index].fields.title)
            let findings = find(in: documents[index], title, &state)
            documents[index].enrich(findings, stage: stage)
        }
    }

    private func find(
        in document: Document,
        _ title: TitleText,
        _ state: inout LeaderState
    ) -> DocumentEnriched {
        state.clear()
        var resolver = LeaderResolver(
            dictionary: dictionary,
            grammar: grammar,
            day: document.fields.published.map { Day($0) }
        )
        resolver.isTitle = true
        resolver.read(title.bytes.span, title.words.span, &state)
        state.mentions.removeAll(keepingCapacity: true)
        resolver.isTitle = false
        resolver.read(document.body.span, document.words.span, &state)
        let body = state.mentions
        state.mentions.removeAll(keepingCapacity: true)
        resolver.isTitle = true
        resolver.read(title.bytes.span, title.words.span, &state)
        return DocumentEnriched(
            annotator: Self.name,
            annotations: annotations(body, state.mentions, resolver.day),
            unresolved: state.unresolved.sorted { $0.span.start < $1.span.start }
        )
    }

    /// One annotation for each leader, in order of id.
    private func annotations(
        _ body: [LeaderState.Mention],
        _ title: [LeaderState.Mention],
        _ day: Day?
    ) -> [Annotation] {
        Set((body + title).map(\.leader)).sorted().map { leader in
            let own = body.filter { $0.leader == leader }
            let above = title.filter { $0.leader == leader }
            let person = dictionary.leaders[leader]
            let held = day.flatMap { dictionary.role(of: leader, on: $0) }
            let stated = (own + above).lazy.compactMap(\.role).first.map { person.roles[$0] }
            let role = (held ?? stated)?.text
            return Annotation(
                id: person.id,
                label: person.name,
                spans: own.map(\.span).sorted { $0.start < $1.start },
                titleSpans: above.map(\.span).sorted { $0.start < $1.start },
                fields: [
                    CBORValue.Pair("role", role.map { .text($0) } ?? .null),
                    CBORValue.Pair("country", .text(dictionary.countries[person.country].name)),
                ]
            )
        }
    }
}

extension AnnotatorKind {
    /// Who is named.
    static let leaders = AnnotatorKind(name: LeadersAnnotator.name, fields: ["role", "country"]) {
        node,
        context in
        LeaderDictionaryReader.read(node, &context).map { LeadersAnnotator($0) }
    }
}
