internal import YAML

/// A named list of stages with parameters, as `templates:` declares it.
///
/// ```yaml
/// templates:
///   article-clean:
///     parameters: {words: {default: 20}, dictionary: {}}
///     stages:
///       - clean: {require: {words: "${param:words}.."}}
///       - enrich: [{leaders: {dictionary: "${param:dictionary}"}}]
/// ```
struct StageTemplate: Sendable {
    /// What a use of the template may or must say.
    struct Parameter: Sendable {
        /// Its name, where it is declared.
        let name: Node
        /// What stands for it if the use says nothing; nil if the use must.
        let fallback: Node?
    }

    /// Its name, where it is declared.
    let name: Node
    /// What it is for.
    let description: String?
    /// Its parameters, in the order of the file.
    let parameters: [Parameter]
    /// Its stages, their parameters still in them.
    let stages: [Node]
    /// Everything that it says.
    let range: SourceRange

    /// Reads a declaration; nil after what is wrong with it was said.
    init?(_ entry: Mapping.Entry, into diagnostics: inout DiagnosticBag) {
        let name = entry.key.text ?? ""
        var problems = DiagnosticBag()
        var stages: [Node] = []
        var parameters: [Parameter] = []
        description = FieldReader.read(
            entry.value,
            context: "template \(DisplayText.quoted(name))",
            into: &problems
        ) { reader in
            parameters =
                reader.optionalMapping("parameters") { reader in
                    reader.entries().map { Self.parameter($0, &reader) }
                } ?? []
            // One stage stands for a list of one.
            if let node = reader.node("stages") { stages = node.sequence ?? [node] }
            return reader.optionalString("description")
        }
        self.name = entry.key
        self.stages = stages
        self.parameters = parameters
        range = entry.value.range
        Self.checkReferences(in: stages, parameters, name, into: &problems)
        diagnostics.add(contentsOf: problems)
        if problems.hasErrors { return nil }
    }

    private static func parameter(
        _ entry: Mapping.Entry,
        _ reader: inout FieldReader
    ) -> Parameter {
        let name = entry.key.text ?? ""
        return reader.nested(entry.value, context: "parameter \(DisplayText.quoted(name))") {
            parameter in
            _ = parameter.optionalString("description")
            let fallback = parameter.optionalNode("default")
            let required = parameter.optionalNode("required")
            if let required, !required.isNull, required.scalar?.meaning != .bool(true) {
                parameter.error(
                    "template.parameter",
                    "\"required\" must be true, not \(required.foundDescription)",
                    at: required,
                    expected: "required: true",
                    found: required.foundDescription,
                    hint: "a parameter with a default is not required: give it one"
                )
            }
            if let required, let fallback {
                parameter.error(
                    "template.parameter",
                    "a parameter with a default is not required",
                    at: required,
                    expected: "a default, or required",
                    found: "both",
                    hint: "remove one of them",
                    notes: [Diagnostic.Note("the default is here", at: fallback.range)]
                )
            }
            if let fallback { checkDefault(fallback, &parameter) }
            return Parameter(name: entry.key, fallback: fallback)
        }
    }

    private static func checkDefault(_ node: Node, _ reader: inout FieldReader) {
        for (_, place) in ParameterReferences.all(in: [node]) {
            reader.error(
                "template.parameter",
                "a default cannot refer to another parameter",
                at: place,
                expected: "a value",
                found: place.foundDescription,
                hint: "write the value itself"
            )
        }
    }

    /// Every reference must be to a parameter, and every parameter must be referred to.
    private static func checkReferences(
        in stages: [Node],
        _ parameters: [Parameter],
        _ template: String,
        into problems: inout DiagnosticBag
    ) {
        let names = parameters.compactMap(\.name.text)
        let known = Set(names)
        var used: Set<String> = []
        var meant: Set<String> = []
        for (name, place) in ParameterReferences.all(in: stages) {
            used.insert(name)
            guard !known.contains(name), !problems.isFull else { continue }
            meant.formUnion([Suggestion.nearest(to: name, among: names)].compactMap(\.self))
            problems.error(
                "template.unknown-parameter",
                "template \(DisplayText.quoted(template)) has no parameter"
                    + " \(DisplayText.quoted(name))",
                at: place,
                expected: names.isEmpty
                    ? "no parameter" : "one of " + names.joined(separator: ", "),
                found: DisplayText.quoted(name),
                hint: Suggestion.hint(for: name, among: names)
                    ?? "declare it under parameters: {\(DisplayText.clipped(name)): {}}"
            )
        }
        for parameter in parameters {
            let name = parameter.name.text ?? ""
            guard !used.contains(name), !meant.contains(name) else { continue }
            problems.error(
                "template.unused-parameter",
                "no stage of template \(DisplayText.quoted(template)) refers to the parameter"
                    + " \(DisplayText.quoted(name))",
                at: parameter.name,
                expected: "${param:\(DisplayText.clipped(name))} in one of its stages",
                found: "no such reference",
                hint: "refer to it, or remove it"
            )
        }
    }
}

/// Where a tree refers to parameters.
enum ParameterReferences {
    /// Every `${param:NAME}` with the scalar that it stands in; bounded as the tree is.
    static func all(in nodes: [Node]) -> [(name: String, place: Node)] {
        nodes.flatMap { node -> [(name: String, place: Node)] in
            switch node.kind {
            case .sequence(let items): return all(in: items)
            case .mapping(let mapping): return all(in: mapping.entries.map(\.value))
            case .scalar(let scalar):
                guard scalar.text.contains("${param:") else { return [] }
                var template = SubstitutionTemplate(scalar.text)
                var found: [(name: String, place: Node)] = []
                while let part = template.next() {
                    if case .parameter(let name, _) = part { found.append((name, node)) }
                }
                return found
            }
        }
    }
}
