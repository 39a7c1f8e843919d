/// Lists and mappings inside the mapping.
extension FieldReader {
    // MARK: Lists of scalars

    /// A required list of texts; one text stands for a list of one.
    package mutating func strings(_ key: String) -> [String] {
        value(of: key, expected: Self.strings, isRequired: true, shape: .oneOrMore(.text))
            .map { list($0, key: key, .string) } ?? []
    }

    /// A list of texts (or one text), or the default.
    package mutating func strings(_ key: String, default fallback: [String]) -> [String] {
        value(
            of: key,
            expected: Self.strings,
            isRequired: false,
            shape: .oneOrMore(.text),
            fallback: .texts(fallback)
        ).map { list($0, key: key, .string) } ?? fallback
    }

    /// A list of texts (or one text) that may be absent.
    package mutating func optionalStrings(_ key: String) -> [String]? {
        value(of: key, expected: Self.strings, isRequired: false, shape: .oneOrMore(.text))
            .map { list($0, key: key, .string) }
    }

    /// A list under any rule (or one scalar) that may be absent; wrong items are left out.
    package mutating func optionalList<Value>(
        _ key: String,
        of rule: ScalarRule<Value>,
    ) -> [Value]? {
        value(
            of: key,
            expected: "\(rule.expected), or a list of such",
            isRequired: false,
            shape: .oneOrMore(rule.shape)
        ).map { list($0, key: key, rule) }
    }

    private static let strings = "a string or a list of strings"

    private mutating func list<Value>(
        _ node: Node,
        key: String,
        _ rule: ScalarRule<Value>,
    ) -> [Value] {
        switch node.kind {
        case .scalar where !node.isNull:
            return scalar(node, subject: "\"\(key)\"", rule).map { [$0] } ?? []
        case .sequence(let items):
            return items.enumerated().compactMap { position, item in
                scalar(item, subject: "item \(position + 1) of \"\(key)\"", rule)
            }
        case .scalar, .mapping:
            let expected = "\(rule.expected) or a list"
            let hint = node.isNull ? "write [] for an empty list, or remove the key" : nil
            refuse("\"\(key)\"", at: node, expected: expected, hint: hint)
            return []
        }
    }

    // MARK: Nodes as they are

    /// The value of a required key, whatever it is; `like` says what its reader takes.
    package mutating func node(_ key: String, like shape: FieldShape = .any) -> Node? {
        value(of: key, expected: Field.anything, isRequired: true, shape: shape)
    }

    /// The value of a key, whatever it is, if it is there; `like` says what its reader takes, where
    /// no other method is asked for the same key.
    package mutating func optionalNode(_ key: String, like shapes: FieldShape...) -> Node? {
        for shape in shapes.dropLast() {
            _ = value(of: key, expected: Field.anything, isRequired: false, shape: shape)
        }
        return value(
            of: key,
            expected: Field.anything,
            isRequired: false,
            shape: shapes.last ?? .any
        )
    }

    /// The items of a required list, whatever they are.
    package mutating func nodes(_ key: String) -> [Node] {
        value(of: key, expected: "a list", isRequired: true, shape: .list)
            .flatMap { items($0, key: key) } ?? []
    }

    /// The items of a list, whatever they are, if it is there.
    package mutating func optionalNodes(_ key: String) -> [Node]? {
        value(of: key, expected: "a list", isRequired: false, shape: .list)
            .flatMap { items($0, key: key) }
    }

    private mutating func items(_ node: Node, key: String) -> [Node]? {
        if let items = node.sequence { return items }
        let hint = node.isNull ? "write [] for an empty list" : "begin each item with \"- \""
        refuse("\"\(key)\"", at: node, expected: "a list", hint: hint)
        return nil
    }

    // MARK: Mappings

    /// Reads the mapping of a required key; nil only if the key is missing.
    package mutating func mapping<Result>(
        _ key: String,
        _ body: (inout FieldReader) -> Result,
    ) -> Result? {
        value(of: key, expected: "a mapping", isRequired: true, shape: .mapping)
            .map { below(key, $0, body) }
    }

    /// Reads the mapping of a key, if it is there.
    package mutating func optionalMapping<Result>(
        _ key: String,
        _ body: (inout FieldReader) -> Result,
    ) -> Result? {
        value(of: key, expected: "a mapping", isRequired: false, shape: .mapping)
            .map { below(key, $0, body) }
    }

    /// Reads the mapping of a key; one that is absent is empty, so that its defaults apply.
    package mutating func mappingOrDefaults<Result>(
        _ key: String,
        _ body: (inout FieldReader) -> Result,
    ) -> Result {
        let given = value(of: key, expected: "a mapping", isRequired: false, shape: .mapping)
        let place = SourceRange(source: node.range.source, at: node.range.start)
        let empty = Node(kind: .mapping(Mapping(entries: [])), range: place)
        return below(key, given ?? empty, body)
    }

    private mutating func below<Result>(
        _ key: String,
        _ node: Node,
        _ body: (inout FieldReader) -> Result,
    ) -> Result {
        var reader = FieldReader(
            node,
            context: "\"\(key)\" of \(context)",
            area: area,
            root: root,
            path: path + [key]
        )
        let result = body(&reader)
        reader.finish(into: &diagnostics)
        return result
    }

    /// Reads a list of mappings, if it is there.
    package mutating func optionalMappings<Result>(
        _ key: String,
        _ body: (inout FieldReader) -> Result,
    ) -> [Result]? {
        optionalNodes(key)?.enumerated().map { position, item in
            nested(item, context: "item \(position + 1) of \"\(key)\"", body)
        }
    }

    /// Reads any node as a mapping with a reader of its own.
    package mutating func nested<Result>(
        _ node: Node,
        context: String,
        _ body: (inout FieldReader) -> Result,
    ) -> Result {
        FieldReader.read(node, context: context, area: area, into: &diagnostics, body)
    }
}
