internal import YAML

/// Puts the stages of templates in the place of `- use: {template: NAME, with: {…}}`.
struct TemplateExpansion {
    static let depthMax = 10
    static let stagesMax = 1_000

    /// The use of a template in the list of stages.
    struct Use: Sendable {
        /// The template's name.
        let template: String
        /// Where it is used.
        let place: SourceRange

        /// What is said where something is wrong with a stage of the template.
        var note: Diagnostic.Note {
            let name = DisplayText.quoted(template)
            return Diagnostic.Note("the stage is part of template \(name), used here", at: place)
        }
    }

    private(set) var templates: [String: StageTemplate] = [:]
    /// The stages so far.
    private(set) var stages: [Node] = []
    /// The template that a stage comes from, by the stage's number.
    private(set) var uses: [Int: Use] = [:]
    /// Whether no stage is missing for an error that was said.
    private(set) var isComplete = true
    private(set) var diagnostics = DiagnosticBag()
    private var binding = ParameterBinding()
    private let names: [String]
    private let known: Set<String>
    private var chain: [String] = []

    /// Reads the templates, whether they are used or not.
    init(_ entries: [Mapping.Entry]) {
        names = entries.compactMap(\.key.text)
        known = Set(names)
        for entry in entries {
            guard let name = entry.key.text,
                let template = StageTemplate(entry, into: &diagnostics)
            else { continue }
            templates[name] = template
        }
    }

    /// Whether an item of the list of stages uses a template.
    static func isUse(_ node: Node) -> Bool {
        node.text == "use" || (node.mapping?.count == 1 && node["use"] != nil)
    }

    /// Adds the stages of a pipeline.
    mutating func expand(_ items: [Node]) {
        for item in items { expand(item, as: nil) }
        diagnostics.add(contentsOf: binding.diagnostics)
        if binding.diagnostics.hasErrors { isComplete = false }
    }

    private mutating func expand(_ item: Node, as use: Use?) {
        guard !diagnostics.isFull else { return }
        guard Self.isUse(item) else {
            guard stages.count < Self.stagesMax else { return refuseMore(item) }
            if let use { uses[stages.count] = use }
            stages.append(item)
            return
        }
        guard let (template, values) = read(item) else {
            isComplete = false
            return
        }
        let name = template.name.text ?? ""
        guard !chain.contains(name), chain.count < Self.depthMax else {
            return refuseCycle(name, item, template)
        }
        chain.append(name)
        defer { chain.removeLast() }
        // Of templates that use each other, the outermost use is the one in the pipeline.
        let use = use ?? Use(template: name, place: item.range)
        for stage in template.stages {
            let bound = binding.bind(stage, values, at: item)
            guard !binding.isFull else { return }
            expand(bound, as: use)
        }
    }

    /// The template that an item uses, and the value of each of its parameters.
    private mutating func read(_ item: Node) -> (StageTemplate, [String: Node])? {
        let options = item["use"] ?? item
        var problems = DiagnosticBag()
        var nameNode: Node? = options
        var given: [Mapping.Entry] = []
        if options.scalar == nil || options.isNull || item.text == "use" {
            let empty = Node(kind: .mapping(Mapping(entries: [])), range: item.range)
            let fields = item.text == "use" ? empty : options
            FieldReader.read(fields, context: "\"use\"", into: &problems) { reader in
                _ = reader.string("template")
                nameNode = reader.optionalNode("template")
                given = reader.optionalMapping("with") { $0.entries() } ?? []
            }
        }
        diagnostics.add(contentsOf: problems)
        guard !problems.hasErrors, let nameNode, let name = nameNode.text else { return nil }
        guard known.contains(name) else {
            reportUnknown(name, at: nameNode)
            return nil
        }
        // What is wrong with a template was said where it is declared.
        guard let template = templates[name] else { return nil }
        return values(given, of: template, at: nameNode).map { (template, $0) }
    }

    private mutating func values(
        _ given: [Mapping.Entry],
        of template: StageTemplate,
        at place: Node
    ) -> [String: Node]? {
        let names = template.parameters.compactMap(\.name.text)
        let known = Set(names)
        let said = Set(given.compactMap(\.key.text))
        var values: [String: Node] = [:]
        var meant: Set<String> = []
        var isRight = true
        for entry in given {
            let name = entry.key.text ?? ""
            if known.contains(name) {
                values[name] = entry.value
                continue
            }
            isRight = false
            guard !diagnostics.isFull else { break }
            let missing = names.filter { !said.contains($0) }
            let suggestion =
                Suggestion.nearest(to: name, among: missing)
                ?? Suggestion.nearest(to: name, among: names)
            meant.formUnion([suggestion].compactMap(\.self))
            reportUnknown(entry.key, of: template, names, suggestion)
        }
        for parameter in template.parameters {
            guard let name = parameter.name.text, values[name] == nil else { continue }
            values[name] = parameter.fallback
            guard parameter.fallback == nil, !meant.contains(name) else { continue }
            isRight = false
            reportMissing(name, parameter, of: template, at: place)
        }
        return isRight ? values : nil
    }

    // MARK: Complaints

    private mutating func reportUnknown(_ name: String, at node: Node) {
        diagnostics.error(
            "template.unknown",
            "there is no template \(DisplayText.quoted(name))",
            at: node,
            expected: names.isEmpty
                ? "a template that is declared"
                : "one of "
                    + names.joined(separator: ", "),
            found: DisplayText.quoted(name),
            hint: Suggestion.hint(for: name, among: names)
                ?? (names.isEmpty
                    ? "declare it under templates:, or include the file that does"
                    : "the templates are " + names.joined(separator: ", "))
        )
    }

    private mutating func reportUnknown(
        _ key: Node,
        of template: StageTemplate,
        _ names: [String],
        _ suggestion: String?
    ) {
        let list = names.joined(separator: ", ")
        diagnostics.error(
            "template.unknown-parameter",
            "template \(DisplayText.quoted(template.name.text ?? "")) has no parameter"
                + " \(DisplayText.quoted(key.text ?? ""))",
            at: key,
            expected: names.isEmpty ? "no parameters" : "one of \(list)",
            found: DisplayText.quoted(key.text ?? ""),
            hint: suggestion.map { "did you mean \"\($0)\"?" }
                ?? (names.isEmpty ? "remove it" : "the parameters are \(list)"),
            notes: [Diagnostic.Note("the template is declared here", at: template.name.range)]
        )
    }

    private mutating func reportMissing(
        _ name: String,
        _ parameter: StageTemplate.Parameter,
        of template: StageTemplate,
        at place: Node
    ) {
        diagnostics.error(
            "template.missing-parameter",
            "template \(DisplayText.quoted(template.name.text ?? "")) needs the parameter"
                + " \(DisplayText.quoted(name))",
            at: place,
            expected: "with: {\(DisplayText.clipped(name)): …}",
            found: "no such parameter",
            hint: "add \"\(DisplayText.clipped(name)): …\" under with",
            notes: [Diagnostic.Note("it is declared here", at: parameter.name.range)]
        )
    }

    private mutating func refuseCycle(_ name: String, _ item: Node, _ template: StageTemplate) {
        isComplete = false
        let isCycle = chain.contains(name)
        diagnostics.error(
            "template.cycle",
            isCycle
                ? "template \(DisplayText.quoted(name)) uses itself"
                : "templates use each other more than \(Self.depthMax) deep",
            at: item,
            expected: "templates that do not lead back to themselves",
            found: chain.map { DisplayText.clipped($0) }.joined(separator: " → "),
            hint: "write the stages out in one of them",
            notes: [Diagnostic.Note("the template is declared here", at: template.name.range)]
        )
    }

    private mutating func refuseMore(_ item: Node) {
        guard isComplete else { return }
        isComplete = false
        diagnostics.error(
            "template.too-large",
            "the pipeline has more than \(Self.stagesMax) stages",
            at: item,
            expected: "at most \(Self.stagesMax) stages",
            found: "more",
            hint: "use fewer templates"
        )
    }
}
