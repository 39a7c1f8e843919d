package import Pipeline
internal import YAML

/// The stage that annotates documents: who is named, and about what.
package struct EnrichStage: Stage {
    package let name: String
    private let number: Int
    private let annotators: [any Annotator]

    /// As pipelines name it.
    package static let kind = StageKind(
        name: "enrich",
        summary: "finds leaders and topics by dictionaries",
        version: 1,
        build: EnrichStage.build
    )

    package func measure(_ documents: inout [Document]) {
        for annotator in annotators { annotator.annotate(&documents, stage: number) }
    }

    private static func build(_ node: Node, _ context: inout StageContext) -> (any Stage)? {
        guard let items = node.sequence, !items.isEmpty else {
            context.diagnostics.error(
                "pipeline.type",
                "enrich must be a list of annotators",
                at: node,
                expected: "a list of at least one annotator",
                hint: "write \"- leaders: {dictionary: …}\" below it"
            )
            return nil
        }
        var annotators: [any Annotator] = []
        var seen: [String: Node] = [:]
        for item in items {
            guard let (key, options) = annotator(item, &context),
                let kind = kind(key, seen: &seen, &context),
                let annotator = kind.build(options, &context)
            else { continue }
            annotators.append(annotator)
            context.annotators.append(kind.name)
        }
        guard annotators.count == items.count else { return nil }
        return EnrichStage(name: context.name, number: context.number, annotators: annotators)
    }

    /// The name and options of one item of the list.
    private static func annotator(
        _ item: Node,
        _ context: inout StageContext
    ) -> (key: Node, options: Node)? {
        if let mapping = item.mapping, mapping.count == 1, let entry = mapping.entries.first {
            return (entry.key, entry.value)
        }
        context.diagnostics.error(
            "pipeline.type",
            "an annotator must be one name with its options",
            at: item,
            expected: "a mapping of one key",
            hint: "write \"leaders: {dictionary: …}\""
        )
        return nil
    }

    private static func kind(
        _ key: Node,
        seen: inout [String: Node],
        _ context: inout StageContext
    ) -> AnnotatorKind? {
        let name = key.text ?? ""
        guard let kind = AnnotatorKind.all.first(where: { $0.name == name }) else {
            let names = AnnotatorKind.all.map(\.name)
            context.diagnostics.error(
                "pipeline.unknown-annotator",
                "there is no annotator \"\(name)\"",
                at: key,
                expected: names.joined(separator: " or "),
                hint: Suggestion.hint(for: name, among: names)
            )
            return nil
        }
        if let first = seen[name] {
            context.diagnostics.error(
                "pipeline.duplicate-annotator",
                "the annotator \"\(name)\" stands here twice",
                at: key,
                notes: [Diagnostic.Note("the first is here", at: first.range)]
            )
            return nil
        }
        seen[name] = key
        return kind
    }
}
