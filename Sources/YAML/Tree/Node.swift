/// One key or value of a YAML tree, with the place it came from.
///
/// A node that an alias stands for keeps the place of its anchor: that is where its text is.
package struct Node: Sendable {
    /// What a node can be.
    package enum Kind: Sendable {
        /// A word, number or text.
        case scalar(Scalar)
        /// A list.
        case sequence([Node])
        /// Keys with their values.
        case mapping(Mapping)
    }

    /// What the node is.
    package let kind: Kind
    /// Where it is; includes its tag and anchor.
    package let range: SourceRange
    /// Its tag as written out in full, such as `tag:yaml.org,2002:str`; only core tags pass.
    package let tag: String?

    /// A node.
    package init(kind: Kind, range: SourceRange, tag: String? = nil) {
        self.kind = kind
        self.range = range
        self.tag = tag
    }

    /// The scalar, if it is one.
    package var scalar: Scalar? {
        if case .scalar(let scalar) = kind { scalar } else { nil }
    }

    /// The text of a scalar exactly as written (after escapes), whatever it looks like.
    package var text: String? { scalar?.text }

    /// The items, if it is a list.
    package var sequence: [Node]? {
        if case .sequence(let items) = kind { items } else { nil }
    }

    /// The mapping, if it is one.
    package var mapping: Mapping? {
        if case .mapping(let mapping) = kind { mapping } else { nil }
    }

    /// Whether it is a plain empty scalar, `~` or `null`.
    package var isNull: Bool { scalar?.isNull ?? false }

    /// The value of a key, if this is a mapping that has it.
    package subscript(key: String) -> Node? { mapping?[key] }
}

/// The text of a scalar and whether it may mean anything else than text.
package struct Scalar: Sendable {
    /// The text after escapes and folding, never altered by what it looks like.
    package let text: String
    /// Whether the core schema applies: unquoted and not tagged `!!str`.
    package let isPlain: Bool
    /// What was put in place of `${…}`, if anything; the text is then kept out of messages.
    package let substituted: SubstitutedText?

    /// Whether some of the text came from outside of the file.
    package var isSubstituted: Bool { substituted != nil }

    /// The text, with the names of secrets in place of what they are: fit for logs and hashes.
    package var publicText: String { substituted?.publicText ?? text }

    /// A scalar.
    package init(text: String, isPlain: Bool, substituted: SubstitutedText? = nil) {
        self.text = text
        self.isPlain = isPlain
        self.substituted = substituted
    }
}
