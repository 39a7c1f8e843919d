/// Reads the fields of one mapping with their types, and collects what is wrong with them.
///
/// A stage reads its options as if nothing could go wrong:
///
/// ```swift
/// let options = FieldReader.read(node, context: "stage x", into: &diagnostics) { reader in
///     let exact = reader.bool("exact", default: true)
///     let near = reader.optionalMapping("near") { near in
///         NearOptions(
///             threshold: near.double("threshold", in: 0...1, default: 0.8),
///             shingle: near.quantity("shingle", unit: "words", default: 5))
///     }
///     return DeduplicateOptions(exact: exact, near: near)
/// }
/// ```
///
/// - A required key that is missing or wrong is reported and yields a placeholder; look at
///   `diagnostics.hasErrors` before using what was read.
/// - `finish` reports the keys that nobody asked for. Dropping a reader without it is a bug
///   that stops a debug build.
/// - Nothing at all (`- clean:`) reads as an empty mapping. A *key* with nothing is refused.
package struct FieldReader: ~Copyable {
    /// A key that was asked for, with what may be there.
    package struct Field: Sendable, Hashable {
        /// The key.
        package let key: String
        /// What was expected, such as `an integer from 1 to 10`.
        package fileprivate(set) var expected: String
        /// Whether its absence is an error.
        package let isRequired: Bool
        /// What it may look like; several, where a value is told by what it is.
        package fileprivate(set) var shapes: [FieldShape]
        /// What its absence stands for, if for anything.
        package fileprivate(set) var fallback: FieldDefault?

        /// What is expected where nothing better is known.
        package static let anything = "a value"

        /// A field that something else than a reader asks for.
        package init(
            key: String,
            expected: String,
            isRequired: Bool = false,
            shapes: [FieldShape],
            fallback: FieldDefault? = nil,
        ) {
            self.key = key
            self.expected = expected
            self.isRequired = isRequired
            self.shapes = shapes
            self.fallback = fallback
        }
    }

    /// The node that is read.
    package let node: Node
    /// What it is, as in `unknown key "x" in stage clean`.
    package let context: String
    /// The first half of the codes, such as `pipeline` in `pipeline.unknown-key`.
    package let area: String
    /// The keys asked for so far, in that order.
    package private(set) var fields: [Field] = []
    /// What was found wrong so far.
    package var diagnostics = DiagnosticBag()

    private let mapping: Mapping?
    /// The outermost mapping, and the keys that lead here from there.
    let root: SourceRange
    let path: [String]
    private var missing: [Field] = []
    private var acceptsAnyKey = false
    private var isFinished = false

    /// A reader of a mapping (or of nothing, which is an empty one).
    ///
    /// - Parameters:
    ///   - node: The mapping. Anything else is reported, and every field then reads as absent.
    ///   - context: What it is, for messages.
    ///   - area: The first half of the codes.
    package init(_ node: Node, context: String, area: String = "pipeline") {
        self.init(node, context: context, area: area, root: node.range, path: [])
    }

    init(_ node: Node, context: String, area: String, root: SourceRange, path: [String]) {
        self.root = root
        self.path = path
        self.node = node
        self.context = context
        self.area = area
        mapping = node.isNull ? Mapping(entries: []) : node.mapping
        if mapping == nil {
            diagnostics.error(
                "\(area).\(FieldCode.type)",
                "\(context) must be a mapping, not \(node.foundDescription)",
                at: node,
                expected: "a mapping",
                found: node.foundDescription,
                hint: "write it as \"key: value\" lines",
            )
        }
    }

    deinit {
        assert(isFinished, "a FieldReader was dropped without finish(into:)")
    }

    /// Reads with a reader that is finished afterwards.
    package static func read<Result>(
        _ node: Node,
        context: String,
        area: String = "pipeline",
        into diagnostics: inout DiagnosticBag,
        _ body: (inout FieldReader) -> Result,
    ) -> Result {
        var reader = FieldReader(node, context: context, area: area)
        let result = body(&reader)
        reader.finish(into: &diagnostics)
        return result
    }

    /// Reports missing and unknown keys and hands over everything that was found wrong.
    package mutating func finish(into bag: inout DiagnosticBag) {
        guard !isFinished else { return }
        isFinished = true
        // A misspelt required key is one mistake, not two: its "did you mean" says it all.
        let meant = reportUnknownKeys()
        for field in missing where !meant.contains(field.key) { reportMissing(field) }
        bag.add(contentsOf: diagnostics)
        guard area == "pipeline", let recorder = FieldRecorder.current else { return }
        recorder.add(
            FieldRecorder.Reading(
                root: root,
                path: path,
                context: context,
                fields: fields,
                isOpen: acceptsAnyKey,
            )
        )
    }

    /// Whether the mapping has a key; counts as asking for it.
    package mutating func has(_ key: String) -> Bool {
        optionalNode(key) != nil
    }

    /// All entries, for a mapping whose keys are the user's own; every key is then known.
    package mutating func entries() -> [Mapping.Entry] {
        acceptsAnyKey = true
        return mapping?.entries ?? []
    }

    /// Reports an error of the caller's own at a node; the code is used as given.
    package mutating func error(
        _ code: String,
        _ message: String,
        at node: Node,
        expected: String? = nil,
        found: String? = nil,
        hint: String? = nil,
        notes: [Diagnostic.Note] = [],
    ) {
        diagnostics.error(
            code,
            message,
            at: node,
            expected: expected,
            found: found,
            hint: hint,
            notes: notes
        )
    }

    /// Reports a warning of the caller's own at a node; the code is used as given.
    package mutating func warning(
        _ code: String,
        _ message: String,
        at node: Node,
        hint: String? = nil,
    ) {
        diagnostics.warning(code, message, at: node, hint: hint)
    }

    /// The value of a key, noted as asked for; a required one is reported when absent.
    mutating func value(
        of key: String,
        expected: String,
        isRequired: Bool,
        shape: @autoclosure () -> FieldShape,
        fallback: @autoclosure () -> FieldDefault? = nil,
    ) -> Node? {
        // A dictionary is read by a hundred thousand fields: nobody asks for their shapes.
        let isDeclared = area == "pipeline"
        let field = Field(
            key: key,
            expected: expected,
            isRequired: isRequired,
            shapes: isDeclared ? [shape()] : [],
            fallback: isDeclared ? fallback() : nil,
        )
        note(field)
        guard let mapping else { return nil }
        let value = mapping[key]
        if value == nil && isRequired { missing.append(field) }
        return value
    }

    private mutating func note(_ field: Field) {
        guard let known = fields.firstIndex(where: { $0.key == field.key }) else {
            return fields.append(field)
        }
        fields[known].fallback = fields[known].fallback ?? field.fallback
        if fields[known].expected == Field.anything { fields[known].expected = field.expected }
        for shape in field.shapes where !fields[known].shapes.contains(shape) {
            fields[known].shapes.append(shape)
        }
    }

    /// Reports that something is not what it must be: the one wording of all type errors.
    mutating func refuse(
        _ subject: String,
        at node: Node,
        expected: String,
        code: String = FieldCode.type,
        hint: String? = nil,
    ) {
        let fallback =
            switch code {
            case FieldCode.outOfRange: "choose a value within these bounds"
            case FieldCode.choice: "use one of these"
            default: "write \(expected)"
            }
        diagnostics.error(
            "\(area).\(code)",
            "\(subject) must be \(expected), not \(node.foundDescription)",
            at: node,
            expected: expected,
            found: node.foundDescription,
            hint: hint ?? fallback,
        )
    }

    private mutating func reportMissing(_ field: Field) {
        diagnostics.error(
            "\(area).\(FieldCode.missingKey)",
            "\(context) lacks \"\(field.key)\" (\(field.expected))",
            at: node,
            expected: "\"\(field.key)\": \(field.expected)",
            found: "no such key",
            hint: "add \"\(field.key): …\"",
        )
    }

    /// Returns the keys that unknown ones were probably meant to be.
    private mutating func reportUnknownKeys() -> Set<String> {
        guard let mapping, !acceptsAnyKey else { return [] }
        let known = fields.map(\.key)
        let absent = known.filter { mapping[$0] == nil }
        var meant: Set<String> = []
        for entry in mapping.entries {
            guard let key = entry.key.text, !known.contains(key) else { continue }
            let suggestion =
                Suggestion.nearest(to: key, among: absent)
                ?? Suggestion.nearest(to: key, among: known)
            if let suggestion { meant.insert(suggestion) }
            let list = known.map { "\"\($0)\"" }.joined(separator: ", ")
            diagnostics.error(
                "\(area).\(FieldCode.unknownKey)",
                "unknown key \(DisplayText.quoted(key)) in \(context)",
                at: entry.key,
                expected: known.isEmpty ? "no keys" : "one of \(list)",
                found: DisplayText.quoted(key),
                hint: suggestion.map { "did you mean \"\($0)\"?" }
                    ?? (known.isEmpty ? "remove it" : "the keys are \(list)"),
            )
        }
        return meant
    }
}
