internal import Bytes
internal import YAML

/// The JSON Schema (draft 2020-12) of a plugin's options, of which the keywords below are known.
///
/// A manifest with another keyword is refused: what is not checked must not look as if it were.
package struct OptionSchema: Sendable {
    /// As it stands in the manifest; nil for a plugin that takes no options.
    let node: Node?

    private static let keywords: Set<String> = [
        "type", "properties", "required", "additionalProperties", "items", "enum", "const",
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength",
        "pattern", "minItems", "maxItems", "uniqueItems", "format", "description", "title",
        "default", "examples",
        "deprecated", "$schema", "$comment",
    ]

    /// Takes a manifest's schema and says what of it is not known.
    init(_ node: Node?, _ reader: inout FieldReader) {
        self.node = node
        if let node { Self.check(node, &reader, depth: 0) }
    }

    private static func check(_ node: Node, _ reader: inout FieldReader, depth: Int) {
        guard let mapping = node.mapping else {
            if node.isBool { return }
            reader.error(
                "plugin.schema",
                "this is no JSON Schema",
                at: node,
                expected: "a mapping, true or false"
            )
            return
        }
        for entry in mapping.entries {
            let key = entry.key.text ?? ""
            guard keywords.contains(key) else {
                reader.error(
                    "plugin.schema",
                    "the keyword '\(TerminalText.escaped(key))' is not known here",
                    at: entry.key,
                    expected: "one of " + keywords.sorted().joined(separator: ", "),
                    hint: Suggestion.hint(for: key, among: keywords.sorted())
                )
                continue
            }
            switch key {
            case "properties":
                for property in entry.value.mapping?.entries ?? [] {
                    check(property.value, &reader, depth: depth + 1)
                }
            case "pattern":
                guard (try? Regex(entry.value.text ?? "")) == nil else { continue }
                reader.error("plugin.schema", "this is no regular expression", at: entry.value)
            case "items", "additionalProperties": check(entry.value, &reader, depth: depth + 1)
            default: break
            }
        }
    }

    /// The options as the plugin gets them, defaults filled in; nil after what is wrong was said.
    func options(
        _ given: Node?,
        at place: Node,
        of plugin: String,
        into diagnostics: inout DiagnosticBag
    ) -> CBORValue? {
        var check = OptionCheck(plugin: plugin)
        guard let node else {
            if let given, given.mapping?.count != 0 {
                diagnostics.error(
                    "plugin.options",
                    "the plugin \(plugin) takes no options",
                    at: given
                )
                return nil
            }
            return .map([])
        }
        let empty = Node(kind: .mapping(Mapping(entries: [])), range: place.range)
        let value = check.value(of: given ?? empty, by: node, path: "")
        diagnostics.add(contentsOf: check.diagnostics)
        return check.diagnostics.hasErrors ? nil : value
    }
}

extension OptionSchema {
    /// The options as the plugin gets them, but with the names of secrets in place of what they are.
    ///
    /// They may be hashed and logged. Only for options that were found right.
    func publicOptions(_ given: Node?, at place: Node, of plugin: String) -> CBORValue {
        guard let node else { return .map([]) }
        var check = OptionCheck(plugin: plugin, hidesSecrets: true)
        let empty = Node(kind: .mapping(Mapping(entries: [])), range: place.range)
        return check.value(of: given ?? empty, by: node, path: "")
    }
}

extension Node {
    /// The secrets in the texts of a tree.
    var secrets: [String] {
        switch kind {
        case .scalar(let scalar): scalar.substituted?.secrets ?? []
        case .sequence(let items): items.flatMap(\.secrets)
        case .mapping(let mapping): mapping.entries.flatMap(\.value.secrets)
        }
    }

    /// Whether it is true or false.
    var isBool: Bool {
        if case .bool? = scalar?.meaning { true } else { false }
    }
}
