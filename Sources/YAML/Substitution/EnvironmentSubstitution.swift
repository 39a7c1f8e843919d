/// Replaces `${env:NAME}` and `${env:NAME:-default}` in the scalars of a parsed tree.
///
/// After parsing, so that no variable can add keys, lists or types: a value stays one scalar.
/// The default also stands in for an empty variable, as in a shell. `$${` is a literal `${`.
/// Keys are never substituted. Substituted values are kept out of messages.
package enum EnvironmentSubstitution {
    /// The tree with its scalars substituted; linear, and free for a source without `${`.
    ///
    /// - Parameters:
    ///   - node: The tree.
    ///   - environment: The variables.
    ///   - diagnostics: Gets unset variables and malformed substitutions, each at its place.
    /// - Returns: The tree; what could not be substituted is left out of its scalar.
    package static func apply(
        to node: Node,
        environment: [String: String],
        into diagnostics: inout DiagnosticBag,
    ) -> Node {
        guard containsOpening(node.range.source.bytes) else { return node }
        var substitution = TreeSubstitution(environment: environment)
        let result = substitution.substituted(node)
        diagnostics.add(contentsOf: substitution.diagnostics)
        return result
    }

    private static func containsOpening(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
            rest = rest[(dollar + 1)...]
            if rest.first == UInt8(ascii: "{") { return true }
        }
        return false
    }
}

/// One walk over a tree.
private struct TreeSubstitution {
    let environment: [String: String]
    var diagnostics = DiagnosticBag()

    init(environment: [String: String]) {
        self.environment = environment
    }

    /// Recursion is bounded by the parser's depth limit, its width by that on aliases.
    mutating func substituted(_ node: Node) -> Node {
        let kind: Node.Kind
        switch node.kind {
        case .scalar(let scalar):
            guard scalar.text.contains("${") else { return node }
            kind = .scalar(substituted(scalar, in: node))
        case .sequence(let items):
            kind = .sequence(items.map { substituted($0) })
        case .mapping(let mapping):
            let entries = mapping.entries.map { entry in
                checkKey(entry.key)
                return (key: entry.key, value: substituted(entry.value))
            }
            kind = .mapping(Mapping(entries: entries))
        }
        return Node(kind: kind, range: node.range, tag: node.tag)
    }

    private mutating func checkKey(_ key: Node) {
        guard let text = key.text, text.contains("${") else { return }
        diagnostics.error(
            YAMLCode.substitutionKey,
            "keys are not substituted",
            at: key,
            expected: "a key without ${",
            found: DisplayText.quoted(text),
            hint: "write the key as it is",
        )
    }

    private mutating func substituted(_ scalar: Scalar, in node: Node) -> Scalar {
        var template = SubstitutionTemplate(scalar.text)
        var result = ""
        var isSubstituted = false
        while let part = template.next() {
            switch part {
            case .literal(let text): result += text
            case .variable(let name, let fallback, let written):
                isSubstituted = true
                if let value = value(of: name, fallback: fallback) {
                    result += value
                } else {
                    reportUnset(name, at: range(of: written, in: node))
                }
            case .file(let written):
                reportFile(written, at: range(of: written, in: node))
            case .malformed(let written):
                reportMalformed(written, at: range(of: written, in: node))
            }
        }
        return Scalar(text: result, isPlain: scalar.isPlain, isSubstituted: isSubstituted)
    }

    private func value(of name: String, fallback: String?) -> String? {
        let value = environment[name]
        guard let fallback else { return value }
        return value.flatMap { $0.isEmpty ? nil : $0 } ?? fallback
    }

    /// The written substitution inside the node's own bytes, or the node where escapes hide it.
    private func range(of written: String, in node: Node) -> SourceRange {
        let source = node.range.source
        let bytes = source.bytes[node.range.start.offset..<node.range.end.offset]
        guard node.range.start.line == node.range.end.line,
            let found = bytes.firstRange(of: Array(written.utf8))
        else { return node.range }
        let line = node.range.start.line
        let before = bytes[..<found.lowerBound].count(where: UTF8Scalar.isStart)
        let column = node.range.start.column + before
        let start = Mark(line: line, column: column, offset: found.lowerBound)
        let width = written.unicodeScalars.count
        let end = Mark(line: line, column: column + width, offset: found.upperBound)
        return SourceRange(source: source, start: start, end: end)
    }

    private mutating func reportUnset(_ name: String, at range: SourceRange) {
        let similar = Suggestion.nearest(to: name, among: environment.keys.sorted())
        diagnostics.add(
            Diagnostic(
                code: YAMLCode.environmentUnset,
                "the environment variable \(name) is not set",
                at: range,
                expected: "a value of \(name)",
                found: "no such variable",
                hint: similar.map { "did you mean \($0)?" }
                    ?? "set it, or give a default: ${env:\(name):-default}",
            )
        )
    }

    private mutating func reportFile(_ written: String, at range: SourceRange) {
        diagnostics.add(
            Diagnostic(
                code: YAMLCode.substitutionFile,
                "\(DisplayText.clipped(written)): files are not yet read",
                at: range,
                expected: "${env:NAME}",
                found: DisplayText.clipped(written),
                hint: "pass the secret in an environment variable, and write ${env:NAME}",
            )
        )
    }

    private mutating func reportMalformed(_ written: String, at range: SourceRange) {
        diagnostics.add(
            Diagnostic(
                code: YAMLCode.substitution,
                "\(DisplayText.quoted(written)) is not a substitution",
                at: range,
                expected: "${env:NAME} or ${env:NAME:-default}",
                found: DisplayText.quoted(written),
                hint: "write $${ for a literal ${",
            )
        )
    }
}
