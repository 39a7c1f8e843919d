internal import Bytes
internal import YAML

/// Reads `projections:` of a pipeline.
enum ProjectionReader {
    static func read(_ reader: inout FieldReader) -> [DeclaredProjection] {
        reader.optionalMapping("projections") { reader in
            reader.entries().compactMap { entry -> DeclaredProjection? in
                guard let name = entry.key.text else { return nil }
                return reader.nested(entry.value, context: "projection \(name)") {
                    projection(named: name, &$0)
                }
            }
        } ?? []
    }

    private static func projection(
        named name: String,
        _ reader: inout FieldReader
    ) -> DeclaredProjection? {
        if let plugin = reader.optionalNode("plugin") {
            return self.plugin(named: name, plugin, &reader)
        }
        let verbs = DeclaredProjection.Kind.allCases.filter { $0 != .plugin }
        let said = verbs.filter { reader.has($0.rawValue) }
        let projection = said.first.map {
            DeclaredProjection(name: name, kind: $0, place: reader.node)
        }
        guard var projection, said.count == 1 else {
            refuse(name, said, &reader)
            return nil
        }
        if projection.kind == .top {
            projection.top = reader.integer(projection.kind.rawValue, in: 1...1_000_000)
            projection.subjects = names("of", &reader)
            if projection.subjects.isEmpty { _ = reader.strings("of") }
            projection.per = names("per", &reader)
        } else {
            projection.subjects = names(projection.kind.rawValue, &reader)
        }
        projection.fields = names("by", &reader)
        projection.atLeast = reader.integer("at_least", in: 1...Int.max, default: 1)
        projection.conditions =
            reader.optionalMapping("where") { ConditionReader.conditions(&$0) } ?? []
        checkSubjects(projection, &reader)
        return projection
    }

    private static func refuse(
        _ name: String,
        _ said: [DeclaredProjection.Kind],
        _ reader: inout FieldReader
    ) {
        // What it may be asked for is known, so that a misspelt key is not the only thing said.
        for key in ["of", "by", "per", "where", "at_least"] { _ = reader.has(key) }
        let known = reader.fields.map(\.key)
        guard reader.node.mapping?.keys.allSatisfy(known.contains) == true || !said.isEmpty else {
            return
        }
        reader.error(
            "pipeline.projection",
            said.isEmpty
                ? "projection '\(TerminalText.escaped(name))' must say what it is"
                : "projection '\(TerminalText.escaped(name))' can be only one of "
                    + said.map(\.rawValue).joined(separator: ", "),
            at: reader.node,
            expected: "index: ANNOTATOR, count: ANNOTATOR or documents, top: NUMBER,"
                + " pairs: ANNOTATOR or plugin: NAME",
            hint: "write {index: leaders, by: leader}, {count: topics, by: [topic, month]},"
                + " {top: 10, of: topics, by: topic} or {pairs: leaders, by: leader}"
        )
    }

    /// How many things a projection is about.
    private static func checkSubjects(
        _ projection: DeclaredProjection,
        _ reader: inout FieldReader
    ) {
        let limit = projection.kind == .pairs ? 2 : 1
        guard projection.subjects.count > limit || projection.subjects.isEmpty else { return }
        // That `of` is missing is said already.
        if projection.subjects.isEmpty, projection.kind == .top { return }
        reader.error(
            "pipeline.projection",
            "projection '\(TerminalText.escaped(projection.name))' is about"
                + " \(projection.subjects.count) things",
            at: projection.subjects.dropFirst(limit).first?.node ?? reader.node,
            expected: limit == 1
                ? "one annotator, or documents" : "one annotator or two, or documents",
            hint: limit == 1
                ? "declare a projection for each, or say pairs:" : "name one annotator, or two"
        )
    }

    /// A name or a list of names, with their places.
    private static func names(
        _ key: String,
        _ reader: inout FieldReader
    ) -> [DeclaredProjection.Name] {
        // What is no text is reported here.
        _ = reader.strings(key, default: [])
        guard let node = reader.optionalNode(key), !node.isNull else { return [] }
        return (node.sequence ?? [node]).compactMap { item in
            guard let text = item.text, !item.isNull else { return nil }
            return DeclaredProjection.Name(text: text, node: item)
        }
    }

    private static func plugin(
        named name: String,
        _ plugin: Node,
        _ reader: inout FieldReader
    ) -> DeclaredProjection? {
        guard PipelineBuilder.isName(name) else {
            reader.error(
                "pipeline.projection",
                "'\(TerminalText.escaped(name))' cannot name a projection of a plugin",
                at: reader.node,
                expected: "letters, digits, - and _",
                hint: "use letters, digits, - and _: the name becomes a folder's name"
            )
            return nil
        }
        var projection = DeclaredProjection(name: name, kind: .plugin, place: reader.node)
        projection.plugin = plugin
        return projection
    }
}
