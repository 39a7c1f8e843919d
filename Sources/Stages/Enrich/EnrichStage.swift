package import Pipeline
internal import PluginHost
package import YAML

/// The stage that annotates documents: who is named, and about what.
package struct EnrichStage: Stage {
    package let name: String
    private let number: Int
    private let parts: [Part]

    /// Who finds something in documents.
    private enum Part: Sendable {
        case annotator(any Annotator)
        case plugin(PluginStage)
    }

    /// As pipelines name it.
    package static let kind = StageKind(
        name: "enrich",
        summary: "finds leaders and topics by dictionaries, and what plugins find",
        version: 1,
        form: .list(
            AnnotatorKind.all.map { kind in
                StageKind.Item(name: kind.name) { _ = kind.build($0, &$1) }
            },
            plugins: PluginManifest.Kind.enrich.rawValue
        ),
        incidentalOptions: [
            "plugin/instances", "plugin/max_failed", "plugin/sandbox", "plugin/allow",
            "plugin/cache",
        ],
        build: EnrichStage.build
    )

    package func measure(_ documents: inout [Document]) async throws {
        for part in parts {
            switch part {
            case .annotator(let annotator): annotator.annotate(&documents, stage: number)
            case .plugin(let plugin): try await plugin.measure(&documents)
            }
        }
    }

    /// The annotators that answer to ``inquire(_:_:of:)``.
    var annotators: [any Annotator] {
        parts.compactMap { part in
            if case .annotator(let annotator) = part { annotator } else { nil }
        }
    }

    private var plugins: [PluginStage] {
        parts.compactMap { part in
            if case .plugin(let plugin) = part { plugin } else { nil }
        }
    }

    package var memories: [any StageMemory] { plugins.flatMap(\.memories) }

    package func check() async -> [Diagnostic] {
        var found: [Diagnostic] = []
        for plugin in plugins { found += await plugin.check() }
        return found
    }

    package func close() async {
        for plugin in plugins { await plugin.close() }
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
        var parts: [Part] = []
        var seen: [String: Node] = [:]
        for item in items {
            guard let (key, options) = annotator(item, &context) else { continue }
            if key.text == "plugin" {
                if let plugin = plugin(key, options, &seen, &context) {
                    parts.append(.plugin(plugin))
                }
                continue
            }
            guard let kind = kind(key, seen: &seen, &context),
                let annotator = kind.build(options, &context)
            else { continue }
            parts.append(.annotator(annotator))
            context.annotators.append(kind.name)
            context.annotationFields[kind.name] = kind.fields
        }
        guard parts.count == items.count else { return nil }
        return EnrichStage(name: context.name, number: context.number, parts: parts)
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

    /// A plugin, which stands beside the house's own annotators under its own name.
    private static func plugin(
        _ key: Node,
        _ node: Node,
        _ seen: inout [String: Node],
        _ context: inout StageContext
    ) -> PluginStage? {
        guard let reference = PluginReference.read(node, kinds: [.enrich], in: &context) else {
            return nil
        }
        let name = reference.manifest.name
        guard isNew(name, key, &seen, &context) else { return nil }
        context.annotators.append(name)
        return PluginStage(name: context.name, number: context.number, reference: reference)
    }

    private static func isNew(
        _ name: String,
        _ key: Node,
        _ seen: inout [String: Node],
        _ context: inout StageContext
    ) -> Bool {
        if let first = seen[name] {
            context.diagnostics.error(
                "pipeline.duplicate-annotator",
                "the annotator \"\(name)\" stands here twice",
                at: key,
                notes: [Diagnostic.Note("the first is here", at: first.range)]
            )
            return false
        }
        if context.annotators.contains(name) {
            context.diagnostics.error(
                "pipeline.duplicate-annotator",
                "another stage annotates as \"\(name)\" already",
                at: key
            )
            return false
        }
        seen[name] = key
        return true
    }

    private static func kind(
        _ key: Node,
        seen: inout [String: Node],
        _ context: inout StageContext
    ) -> AnnotatorKind? {
        let name = key.text ?? ""
        guard let kind = AnnotatorKind.all.first(where: { $0.name == name }) else {
            let names = AnnotatorKind.all.map(\.name) + ["plugin"]
            context.diagnostics.error(
                "pipeline.unknown-annotator",
                "there is no annotator \"\(name)\"",
                at: key,
                expected: names.joined(separator: " or "),
                hint: Suggestion.hint(for: name, among: names)
            )
            return nil
        }
        return isNew(name, key, &seen, &context) ? kind : nil
    }
}
