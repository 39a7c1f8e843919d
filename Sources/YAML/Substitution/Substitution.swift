/// Replaces `${env:NAME}`, `${env:NAME:-default}` and `${file:PATH}` in the scalars of a tree.
///
/// After parsing, so that no value can add keys, lists or types: a value stays one scalar.
/// The default also stands in for an empty variable, as in a shell. `$${` is a literal `${`.
/// Keys are never substituted. Substituted values are kept out of messages.
///
/// `${file:PATH}` reads a secret, relative to the file that names it. It may stand only in the
/// options of a plugin: everything else of a pipeline is shown, logged or hashed.
package enum Substitution {
    /// The tree with its scalars substituted, without secrets; see the other.
    package static func apply(
        to node: Node,
        environment: [String: String],
        into diagnostics: inout DiagnosticBag,
    ) -> Node {
        var secrets = SecretFiles()
        return apply(to: node, environment: environment, secrets: &secrets, into: &diagnostics)
    }

    /// The tree with its scalars substituted; linear.
    ///
    /// - Parameters:
    ///   - node: The tree.
    ///   - environment: The variables.
    ///   - secrets: Reads secrets and keeps what they are.
    ///   - diagnostics: Gets unset variables, secrets that cannot be read, and malformed
    ///     substitutions, each at its place.
    /// - Returns: The tree; what could not be substituted is left out of its scalar.
    package static func apply(
        to node: Node,
        environment: [String: String],
        secrets: inout SecretFiles,
        into diagnostics: inout DiagnosticBag,
    ) -> Node {
        var substitution = TreeSubstitution(environment: environment, secrets: secrets)
        let result = substitution.substituted(node, in: .ordinary)
        secrets = substitution.secrets
        diagnostics.add(contentsOf: substitution.diagnostics)
        return result
    }
}

/// One walk over a tree.
struct TreeSubstitution {
    /// Where in a pipeline a node stands: secrets are for plugins alone.
    enum Place {
        case ordinary
        /// The mapping under a key `plugin`.
        case plugin
        /// What a plugin is told.
        case options

        func below(_ key: String?) -> Place {
            switch (self, key) {
            case (.options, _), (.plugin, "options"): .options
            case (_, "plugin"): .plugin
            default: .ordinary
            }
        }
    }

    let environment: [String: String]
    var secrets: SecretFiles
    var diagnostics = DiagnosticBag()

    init(environment: [String: String], secrets: SecretFiles) {
        self.environment = environment
        self.secrets = secrets
    }

    /// Recursion is bounded by the parser's depth limit, its width by that on aliases.
    mutating func substituted(_ node: Node, in place: Place) -> Node {
        let kind: Node.Kind
        switch node.kind {
        case .scalar(let scalar):
            guard scalar.text.contains("${") else { return node }
            kind = .scalar(substituted(scalar, of: node, in: place))
        case .sequence(let items):
            kind = .sequence(
                items.map { substituted($0, in: place == .options ? place : .ordinary) }
            )
        case .mapping(let mapping):
            let entries = mapping.entries.map { entry in
                checkKey(entry.key)
                let below = place.below(entry.key.text)
                return (key: entry.key, value: substituted(entry.value, in: below))
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

    private mutating func substituted(_ scalar: Scalar, of node: Node, in place: Place) -> Scalar {
        var template = SubstitutionTemplate(scalar.text)
        var (result, publicText) = ("", "")
        var origins: [SubstitutedText.Origin] = []
        var read: [String] = []
        while let part = template.next() {
            switch part {
            case .literal(let text):
                result += text
                publicText += text
            case .variable(let name, let fallback, let written):
                let found = value(of: name, fallback: fallback)
                origins.append(.environment(name: name, isDefault: found?.isDefault ?? false))
                if found == nil { reportUnset(name, at: range(of: written, in: node)) }
                result += found?.text ?? ""
                publicText += found?.text ?? ""
            case .file(let path, let written):
                origins.append(.secret(path: path))
                read.append(secret(path, written, of: node, in: place))
                result += read.last ?? ""
                publicText += written
            case .parameter(_, let written):
                reportParameter(written, at: range(of: written, in: node))
            case .malformed(let written):
                reportMalformed(written, at: range(of: written, in: node))
            }
        }
        guard !origins.isEmpty else { return Scalar(text: result, isPlain: scalar.isPlain) }
        let substituted = SubstitutedText(
            written: scalar.text,
            origins: origins,
            publicText: publicText,
            secrets: read.filter { !$0.isEmpty }
        )
        // A password of digits is a text all the same.
        let isPlain = scalar.isPlain && !substituted.holdsSecret
        return Scalar(text: result, isPlain: isPlain, substituted: substituted)
    }

    private func value(of name: String, fallback: String?) -> (text: String, isDefault: Bool)? {
        let value = environment[name]
        guard let fallback else { return value.map { ($0, false) } }
        if let value, !value.isEmpty { return (value, false) }
        return (fallback, true)
    }

    private mutating func secret(
        _ path: String,
        _ written: String,
        of node: Node,
        in place: Place,
    ) -> String {
        let range = range(of: written, in: node)
        guard place == .options else {
            reportMisplaced(written, at: range)
            return ""
        }
        switch secrets.secret(path, in: node.range.source) {
        case .success(let secret):
            if secret.isOpenToAll { reportOpen(path, at: range) }
            if secret.text.utf8.count < SecretFiles.maskedBytesMin { reportShort(path, at: range) }
            return secret.text
        case .failure(let refusal):
            reportSecret(written, refusal, at: range)
            return ""
        }
    }

    /// The written substitution inside the node's own bytes, or the node where escapes hide it.
    private func range(of written: String, in node: Node) -> SourceRange {
        node.range.range(of: written)
    }
}
