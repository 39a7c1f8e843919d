internal import Bytes
internal import YAML

/// Plugins, and their options as their manifests say.
extension PipelineSchema {
    /// What names a plugin of one of these kinds; its options are as its manifest says.
    func plugin(_ names: [String]) -> JSONSchema {
        let installed = plugins.filter { names.contains($0.kind) }.sorted { $0.name < $1.name }
        let name =
            installed.isEmpty
            ? JSONSchema(type: "string") : JSONSchema(words: installed.map(\.name))
        guard
            let kind = kinds.first(where: { if case .plugin = $0.form { true } else { false } })
        else { return JSONSchema() }
        var settings = fields(of: kind)
        if !names.contains("exporter") { settings.fields.removeAll { $0.key == "to" } }
        var schema = JSONSchema(
            settings,
            with: [("name", name), ("options", JSONSchema(type: "object"))]
        )
        let rules = installed.map { plugin in
            let isOfName = JSONSchema()
                .with("properties", .map([CBORValue.Pair("name", const(plugin.name))]))
                .with("required", .array([.text("name")]))
            let options = plugin.options ?? JSONSchema(properties: []).json
            return CBORValue.map([
                CBORValue.Pair("if", isOfName.json),
                CBORValue.Pair(
                    "then",
                    .map([
                        CBORValue.Pair(
                            "properties",
                            .map([CBORValue.Pair("options", Self.substitutable(options))])
                        )
                    ])
                ),
            ])
        }
        if !rules.isEmpty { schema.add("allOf", .array(rules)) }
        return JSONSchema(anyOf: [name, schema])
    }

    func const(_ text: String) -> CBORValue { .map([CBORValue.Pair("const", .text(text))]) }

    /// The schema of options, each of which may also be `${…}`.
    static func substitutable(_ options: CBORValue) -> CBORValue {
        guard case .map(let keywords) = options else { return options }
        return .map(
            keywords.map { keyword in
                guard keyword.key == "properties", case .map(let members) = keyword.value else {
                    return keyword
                }
                let either = members.map { member in
                    let other = JSONSchema(definition: JSONSchema.substitution).json
                    return CBORValue.Pair(
                        member.key,
                        .map([CBORValue.Pair("anyOf", .array([member.value, other]))])
                    )
                }
                return CBORValue.Pair(keyword.key, .map(either))
            }
        )
    }

    var reader: JSONSchema {
        let names = plugins.filter { $0.kind == "reader" }.map { "plugin:" + $0.name }.sorted()
        let inline = JSONSchema(properties: [("plugin", JSONSchema(definition: "plugin-reader"))])
        let name = names.isEmpty ? JSONSchema(pattern: "^plugin:") : JSONSchema(words: names)
        return JSONSchema(anyOf: [name, inline])
    }
}
