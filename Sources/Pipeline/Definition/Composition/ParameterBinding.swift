internal import YAML

/// Puts the values of parameters in their places in the stages of a template.
///
/// `${param:NAME}` alone stands for the whole value, whatever it is; inside a text it stands for a
/// scalar. What comes of it is bounded, whatever templates use each other.
struct ParameterBinding {
    /// Keys and values that all templates of a pipeline together may become.
    static let nodesMax = 100_000
    /// Bytes of the texts that parameters are put into.
    static let bytesMax = 4 << 20
    /// Lists and mappings inside each other.
    static let depthMax = 100

    private(set) var diagnostics = DiagnosticBag()
    private var nodeCount = 0
    private var byteCount = 0
    /// Whether there is too much already; one error says so.
    private(set) var isFull = false

    /// The node with values in place of its parameters.
    mutating func bind(_ node: Node, _ values: [String: Node], at use: Node, depth: Int = 0) -> Node
    {
        count(1, depth, at: use)
        guard !isFull else { return node }
        let kind: Node.Kind
        switch node.kind {
        case .scalar(let scalar): return bind(scalar, of: node, values, at: use, depth)
        case .sequence(let items):
            kind = .sequence(items.map { bind($0, values, at: use, depth: depth + 1) })
        case .mapping(let mapping):
            kind = .mapping(
                Mapping(
                    entries: mapping.entries.map {
                        ($0.key, bind($0.value, values, at: use, depth: depth + 1))
                    }
                )
            )
        }
        return Node(kind: kind, range: node.range, tag: node.tag)
    }

    private mutating func bind(
        _ scalar: Scalar,
        of node: Node,
        _ values: [String: Node],
        at use: Node,
        _ depth: Int
    ) -> Node {
        guard scalar.text.contains("${param:") else { return node }
        var template = SubstitutionTemplate(scalar.text, keepingEscapes: true)
        var parts: [SubstitutionTemplate.Part] = []
        while let part = template.next() { parts.append(part) }
        if parts.count == 1, case .parameter(let name, _) = parts[0], let value = values[name] {
            measure(value, depth, at: use)
            return value
        }
        var text = ""
        for part in parts {
            let piece = piece(part, values, in: node, at: use)
            byteCount += text.utf8.count + piece.utf8.count
            if byteCount > Self.bytesMax { refuseMore(at: use) }
            guard !isFull else { return node }
            // "$" before "{" would begin a substitution that nobody wrote.
            if text.hasSuffix("$"), piece.hasPrefix("{") || piece.hasPrefix("$") {
                refuseJoint(node, at: use)
                continue
            }
            text += piece
        }
        let joined = Scalar(text: text, isPlain: scalar.isPlain)
        return Node(kind: .scalar(joined), range: node.range, tag: node.tag)
    }

    /// The text that a part stands for, still to be substituted.
    private mutating func piece(
        _ part: SubstitutionTemplate.Part,
        _ values: [String: Node],
        in node: Node,
        at use: Node
    ) -> String {
        switch part {
        case .literal(let text): return text
        case .variable(_, _, let written), .file(_, let written), .malformed(let written):
            return written
        case .parameter(let name, _):
            guard let value = values[name] else { return "" }
            guard let text = value.text, !value.isNull, !text.contains("${file:") else {
                refuse(value, of: name, inside: node, at: use)
                return ""
            }
            return text
        }
    }

    // MARK: Bounds

    private mutating func measure(_ node: Node, _ depth: Int, at use: Node) {
        count(1, depth, at: use)
        guard !isFull else { return }
        for item in node.sequence ?? [] { measure(item, depth + 1, at: use) }
        for entry in node.mapping?.entries ?? [] { measure(entry.value, depth + 1, at: use) }
    }

    private mutating func count(_ nodes: Int, _ depth: Int, at use: Node) {
        nodeCount += nodes
        if nodeCount > Self.nodesMax || depth > Self.depthMax { refuseMore(at: use) }
    }

    private mutating func refuseMore(at use: Node) {
        guard !isFull else { return }
        isFull = true
        diagnostics.error(
            "template.too-large",
            "the templates become too large",
            at: use,
            expected: "at most \(Self.nodesMax) values, \(Self.bytesMax >> 20) MiB of text and"
                + " \(Self.depthMax) levels in all",
            found: "more",
            hint: "pass less to the templates, or use fewer of them"
        )
    }

    // MARK: Complaints

    private mutating func refuse(_ value: Node, of name: String, inside node: Node, at use: Node) {
        let isSecret = value.text?.contains("${file:") == true
        let found = isSecret ? "a secret" : value.foundDescription
        diagnostics.error(
            "template.parameter-type",
            "the parameter \(DisplayText.quoted(name)) stands inside a text here: it must be"
                + " a word or a number, not \(found)",
            at: value,
            expected: "a word or a number",
            found: found,
            hint: isSecret
                ? "pass the secret on its own: the template must say no more than"
                    + " \"${param:\(DisplayText.clipped(name))}\""
                : "give it a word or a number",
            notes: [
                Diagnostic.Note("it is put into this text", at: node.range),
                Diagnostic.Note("the template is used here", at: use.range),
            ]
        )
    }

    private mutating func refuseJoint(_ node: Node, at use: Node) {
        diagnostics.error(
            "template.parameter-type",
            "a \"$\" and what follows it would become a substitution that nobody wrote",
            at: node,
            expected: "a value that does not end in \"$\", or begin with \"{\" behind one",
            found: "\"$\" before \"{\"",
            hint: "pass the text as a whole",
            notes: [Diagnostic.Note("the template is used here", at: use.range)]
        )
    }
}
