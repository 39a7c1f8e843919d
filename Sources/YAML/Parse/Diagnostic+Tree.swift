/// The wording of everything that the tree builder refuses.
extension Diagnostic {
    static func duplicateKey(_ key: Node, first: Node) -> Diagnostic {
        let name = DisplayText.quoted(key.text ?? "")
        return Diagnostic(
            code: YAMLCode.duplicateKey,
            "the key \(name) is there twice",
            at: key.range,
            expected: "each key once",
            found: "\(name) again",
            hint: "remove one of the two, or rename it",
            notes: [Note("it is here first", at: first.range)],
        )
    }

    static func keyNotScalar(_ key: Node, at range: SourceRange) -> Diagnostic {
        Diagnostic(
            code: YAMLCode.keyNotScalar,
            "a key must be a word, not \(key.foundDescription)",
            at: range,
            expected: "a word or a quoted text",
            found: key.foundDescription,
            hint: "quote the key if brackets or braces are part of it",
        )
    }

    static func keyEmpty(at range: SourceRange) -> Diagnostic {
        Diagnostic(
            code: YAMLCode.keyEmpty,
            "there is no key before the \":\"",
            at: range,
            expected: "a key",
            found: "nothing",
            hint: "write the key, or quote the value if it begins with \":\"",
        )
    }

    static func mergeKey(at range: SourceRange) -> Diagnostic {
        Diagnostic(
            code: YAMLCode.mergeKey,
            "merge keys (<<) are not supported",
            at: range,
            expected: "a key",
            found: "<<",
            hint: "repeat the keys, or alias the mapping as a whole (key: *name)",
        )
    }

    static func multipleDocuments(at range: SourceRange) -> Diagnostic {
        Diagnostic(
            code: YAMLCode.multipleDocuments,
            "a second document begins here",
            at: range,
            expected: "one document in a file",
            found: "another",
            hint: "put it into a file of its own, or remove the line \"---\" or \"...\"",
        )
    }

    static func unknownAlias(
        _ name: String,
        isInside: Bool,
        at range: SourceRange,
        known: [String],
    ) -> Diagnostic {
        let display = DisplayText.clipped(name)
        let hint =
            isInside
            ? "a value cannot contain itself"
            : Suggestion.nearest(to: name, among: known.prefix(1_000))
                .map { "did you mean *\($0)?" }
                ?? "quote it if no alias is meant; or write &\(display) before a value further up"
        return Diagnostic(
            code: YAMLCode.alias,
            isInside
                ? "the alias *\(display) is inside the value it stands for"
                : "the alias *\(display) has no anchor &\(display)",
            at: range,
            expected: "an alias of a complete value further up",
            found: "*\(display)",
            hint: hint,
        )
    }

    static func aliasExpansion(
        _ name: String,
        at range: SourceRange,
        limits: YAMLLimits,
    ) -> Diagnostic {
        Diagnostic(
            code: YAMLCode.aliasExpansion,
            "aliases stand for more than \(limits.aliasedNodes) keys and values",
            at: range,
            expected: "at most \(limits.aliasedNodes)",
            found: "more, with *\(DisplayText.clipped(name))",
            hint: "write the values out; aliases of aliases multiply",
        )
    }

    static func tooDeep(_ range: SourceRange, _ limits: YAMLLimits) -> Diagnostic {
        Diagnostic(
            code: YAMLCode.tooDeep,
            "lists and mappings are more than \(limits.depth) deep",
            at: SourceRange(source: range.source, at: range.start),
            expected: "at most \(limits.depth) inside each other",
            found: "one more",
            hint: "flatten the structure",
        )
    }

    static func tooManyNodes(_ range: SourceRange, _ limits: YAMLLimits) -> Diagnostic {
        Diagnostic(
            code: YAMLCode.tooManyNodes,
            "there are more than \(limits.nodes) keys and values",
            at: range,
            expected: "at most \(limits.nodes) keys and values",
            found: "more",
            hint: "split the file",
        )
    }

    static func scalarTooLong(at range: SourceRange, limits: YAMLLimits) -> Diagnostic {
        Diagnostic(
            code: YAMLCode.scalarTooLong,
            "one text is longer than \(limits.scalarBytes) bytes",
            at: SourceRange(source: range.source, at: range.start),
            expected: "at most \(limits.scalarBytes) bytes",
            found: "more",
            hint: "put it into a file of its own; or is a closing quote missing?",
        )
    }

    static func nul(at range: SourceRange) -> Diagnostic {
        Diagnostic(
            code: YAMLCode.nul,
            "the text holds a NUL (\\0)",
            at: range,
            expected: "text without NUL",
            found: "NUL",
            hint: "remove the escape",
        )
    }

    static func tag(_ tag: String, on kind: CoreTag.Kind, at range: SourceRange) -> Diagnostic {
        let name = DisplayText.clipped(CoreTag.written(tag))
        return Diagnostic(
            code: YAMLCode.tag,
            "the tag \(name) is not supported on a \(kind.rawValue)",
            at: range,
            expected: kind == .scalar
                ? "!!str, !!int, !!float, !!bool, !!null or no tag" : "no tag",
            found: name,
            hint: "remove the tag; quotes make a text of anything",
        )
    }
}
