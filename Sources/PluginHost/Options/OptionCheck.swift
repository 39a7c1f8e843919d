internal import Bytes
internal import YAML

/// Holds options against a schema and fills in defaults (JSON Schema Validation §6).
struct OptionCheck {
    let plugin: String
    /// Whether values hold the names of secrets in place of what they are.
    let hidesSecrets: Bool
    private(set) var diagnostics = DiagnosticBag()

    init(plugin: String, hidesSecrets: Bool = false) {
        self.plugin = plugin
        self.hidesSecrets = hidesSecrets
    }

    /// The value, with the defaults of what is missing in it.
    mutating func value(of node: Node, by schema: Node, path: String) -> CBORValue {
        let value = CBORValue(node, hidingSecrets: hidesSecrets)
        if schema.scalar?.meaning == .bool(false) {
            say("may not be given", node, path)
        }
        guard schema.mapping != nil else { return value }
        guard hasType(value, schema, node, path) else { return value }
        checkScalar(value, schema, node, path)
        switch node.kind {
        case .scalar: return value
        case .sequence(let items): return list(items, schema, node, path)
        case .mapping(let mapping): return members(mapping, schema, node, path)
        }
    }

    private mutating func hasType(
        _ value: CBORValue,
        _ schema: Node,
        _ node: Node,
        _ path: String
    ) -> Bool {
        guard let type = schema["type"] else { return true }
        let names = type.sequence?.compactMap(\.text) ?? [type.text ?? ""]
        guard !names.contains(where: { value.has(type: $0) }) else { return true }
        say("must be " + names.map(Self.article).joined(separator: " or "), node, path)
        return false
    }

    private static func article(_ type: String) -> String {
        switch type {
        case "integer", "array", "object": "an " + type
        case "null": type
        default: "a " + type
        }
    }

    private mutating func checkScalar(
        _ value: CBORValue,
        _ schema: Node,
        _ node: Node,
        _ path: String
    ) {
        if let choices = schema["enum"]?.sequence,
            !choices.contains(where: { CBORValue($0) == value })
        {
            let names = choices.map { $0.text ?? "…" }
            let hint = node.text.flatMap { Suggestion.hint(for: $0, among: names) }
            say("must be one of " + names.joined(separator: ", "), node, path, hint: hint)
        }
        if let constant = schema["const"], CBORValue(constant) != value {
            say("must be \(constant.text ?? "…")", node, path)
        }
        if let number = value.number {
            let limits: [(String, String, (Double, Double) -> Bool)] = [
                ("minimum", "at least", { $0 >= $1 }), ("maximum", "at most", { $0 <= $1 }),
                ("exclusiveMinimum", "greater than", { $0 > $1 }),
                ("exclusiveMaximum", "less than", { $0 < $1 }),
            ]
            for (key, words, holds) in limits {
                guard let limit = schema[key].flatMap({ CBORValue($0).number }) else { continue }
                if !holds(number, limit) {
                    say("must be \(words) \(schema[key]?.text ?? "")", node, path)
                }
            }
        }
        if let text = value.text {
            count(
                text.unicodeScalars.count,
                "characters",
                "minLength",
                "maxLength",
                schema,
                node,
                path
            )
            if let pattern = schema["pattern"]?.text, let expression = try? Regex(pattern),
                text.firstMatch(of: expression) == nil
            {
                say("must match \(pattern)", node, path)
            }
        }
    }

    private mutating func count(
        _ count: Int,
        _ noun: String,
        _ minimum: String,
        _ maximum: String,
        _ schema: Node,
        _ node: Node,
        _ path: String
    ) {
        if let least = schema[minimum].flatMap({ CBORValue($0).integer }), count < least {
            say("must have at least \(least) \(noun)", node, path)
        }
        if let most = schema[maximum].flatMap({ CBORValue($0).integer }), count > most {
            say("must have at most \(most) \(noun)", node, path)
        }
    }

    private mutating func list(
        _ items: [Node],
        _ schema: Node,
        _ node: Node,
        _ path: String
    ) -> CBORValue {
        count(items.count, "items", "minItems", "maxItems", schema, node, path)
        let values = items.enumerated().map { index, item in
            schema["items"].map { value(of: item, by: $0, path: "\(path)/\(index)") }
                ?? CBORValue(item, hidingSecrets: hidesSecrets)
        }
        if schema["uniqueItems"]?.scalar?.meaning == .bool(true) {
            for (index, item) in items.enumerated() where values[..<index].contains(values[index]) {
                say("stands here twice", item, "\(path)/\(index)")
            }
        }
        return .array(values)
    }

    private mutating func members(
        _ mapping: Mapping,
        _ schema: Node,
        _ node: Node,
        _ path: String
    ) -> CBORValue {
        let properties = schema["properties"]?.mapping
        var pairs: [CBORValue.Pair] = []
        for entry in mapping.entries {
            let key = entry.key.text ?? ""
            let place = "\(path)/\(key)"
            let rule = properties?[key] ?? schema["additionalProperties"]
            if properties?[key] == nil, rule?.scalar?.meaning == .bool(false) {
                let names = properties?.keys ?? []
                diagnostics.error(
                    "plugin.options",
                    "the plugin \(plugin) has no option '\(TerminalText.escaped(key))'",
                    at: entry.key,
                    expected: names.isEmpty ? nil : "one of " + names.joined(separator: ", "),
                    hint: Suggestion.hint(for: key, among: names)
                )
                continue
            }
            let value = rule.map { self.value(of: entry.value, by: $0, path: place) }
            let other = CBORValue(entry.value, hidingSecrets: hidesSecrets)
            pairs.append(CBORValue.Pair(key, value ?? other))
        }
        for name in schema["required"]?.sequence?.compactMap(\.text) ?? []
        where mapping[name] == nil {
            say("needs '\(name)'", node, path)
        }
        for property in properties?.entries ?? [] {
            let key = property.key.text ?? ""
            guard mapping[key] == nil, let standard = property.value["default"] else { continue }
            pairs.append(CBORValue.Pair(key, CBORValue(standard)))
        }
        return CBORValue.map(pairs.inCBOROrder())
    }

    private mutating func say(
        _ problem: String,
        _ node: Node,
        _ path: String,
        hint: String? = nil
    ) {
        let name =
            path.isEmpty ? "the options" : "'\(TerminalText.escaped(String(path.dropFirst())))'"
        diagnostics.error(
            "plugin.options",
            "\(name) of the plugin \(plugin) \(problem)",
            at: node,
            hint: hint
        )
    }
}

extension CBORValue {
    /// Whether it is of a type as JSON Schema names them.
    func has(type: String) -> Bool {
        switch (type, self) {
        case ("null", .null), ("boolean", .bool), ("integer", .integer), ("number", .integer),
            ("number", .double), ("string", .text), ("array", .array), ("object", .map):
            true
        case ("integer", .double(let number)): number == number.rounded()
        default: false
        }
    }
}
