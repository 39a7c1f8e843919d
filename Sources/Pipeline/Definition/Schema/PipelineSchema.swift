package import Bytes
internal import YAML

/// The JSON Schema of pipeline files, derived from what reads them: for editors.
///
/// What an editor cannot know is left to `annals check`: whether a file is there, whether a stage
/// finds what it needs, which template has which parameters.
package struct PipelineSchema: Sendable {
    /// A plugin that is installed.
    package struct Plugin: Sendable {
        let name: String
        let kind: String
        let summary: String
        let options: CBORValue?

        /// States a plugin: its manifest's name, kind, summary and schema of options.
        package init(name: String, kind: String, summary: String, options: CBORValue?) {
            self.name = name
            self.kind = kind
            self.summary = summary
            self.options = options
        }
    }

    private let kinds: [StageKind]
    private let plugins: [Plugin]

    /// A schema of the stages and plugins that are installed.
    package init(kinds: [StageKind], plugins: [Plugin]) {
        self.kinds = kinds
        self.plugins = plugins
    }

    /// The schema.
    package var json: CBORValue {
        var schema = JSONSchema()
        schema.add("$schema", .text("https://json-schema.org/draft/2020-12/schema"))
        schema.add("title", .text("Annals pipeline"))
        for keyword in pipeline.keywords { schema.add(keyword.key, keyword.value) }
        let parts = JSONSchema()
            .with("propertyNames", JSONSchema(words: Self.shared).json)
            .with("minProperties", .integer(1))
        // A file to be included has no stages of its own.
        schema.add("if", parts.json)
        schema.add(
            "else",
            .map([CBORValue.Pair("required", .array([.text("pipeline"), .text("stages")]))])
        )
        schema.add("$defs", .map(definitions.map { CBORValue.Pair($0.0, $0.1.json) }))
        return schema.json
    }

    /// The sections that an included file can bring along.
    private static let shared = ["include", "templates", "profiles", "projections", "tests"]

    private var pipeline: JSONSchema {
        let fields = OptionProbe.fields { node in
            var diagnostics = DiagnosticBag()
            let composed = ComposedPipeline(node, profile: nil, into: &diagnostics)
            var builder = PipelineBuilder(
                kinds: kinds,
                folder: "",
                composed: composed,
                diagnostics: diagnostics,
                log: { _, _, _ in }
            )
            _ = builder.build(node, yaml: "")
        }
        var schema = JSONSchema(
            fields,
            with: [
                ("stages", JSONSchema(items: JSONSchema(definition: "stage"))),
                ("projections", JSONSchema(values: JSONSchema(definition: "projection"))),
                ("tests", JSONSchema(type: "array")),
                (
                    "store",
                    JSONSchema(type: "string").with(
                        "description",
                        .text("the store's folder; .annals/ and the pipeline's name by default")
                    )
                ), ("include", JSONSchema(definition: "include")),
                ("templates", JSONSchema(definition: "templates")),
                ("profiles", JSONSchema(definition: "profiles")),
            ]
        )
        // What must be there is said where it is told from a file to be included.
        schema = JSONSchema(pairs: schema.keywords.filter { $0.key != "required" })
        return schema
    }

    private var definitions: [(String, JSONSchema)] {
        let substitution = JSONSchema(pattern: #"\$\{(env|file|param):"#)
        var result = [
            (JSONSchema.substitution, substitution), ("include", include),
            ("templates", JSONSchema(values: template)), ("profiles", JSONSchema(values: profile)),
            ("stage", stage), ("use", use), ("projection", projection),
            ("reader", reader), ("plugin-reader", plugin(["reader"])),
            ("plugin-projection", plugin(["projection"])),
        ]
        for kind in kinds { result.append(("stage-" + kind.name, options(of: kind))) }
        for kind in kinds {
            result.append(("over-" + kind.name, options(of: kind).withoutRequired))
        }
        return result
    }

    // MARK: Stages

    private var stage: JSONSchema {
        let named = kinds.map { kind in
            let options = JSONSchema(definition: "stage-" + kind.name)
            return (kind.name, options.with("description", .text(kind.summary)))
        }
        let one = JSONSchema(properties: named + [("use", JSONSchema(definition: "use"))])
            .with("minProperties", .integer(1)).with("maxProperties", .integer(1))
        let alone = kinds.filter { kind in
            if case .fields = kind.form {
                return !fields(of: kind).fields.contains(where: \.isRequired)
            }
            return false
        }
        return JSONSchema(anyOf: [one, JSONSchema(words: alone.map(\.name))])
    }

    private func fields(of kind: StageKind) -> OptionProbe.Fields {
        OptionProbe.fields { node in
            var context = OptionProbe.context()
            _ = kind.build(node, &context)
        }
    }

    private func options(of kind: StageKind) -> JSONSchema {
        switch kind.form {
        case .fields:
            let fields = fields(of: kind)
            let options = JSONSchema(fields)
            let isNeeded = fields.fields.contains(where: \.isRequired)
            return isNeeded ? options : JSONSchema(anyOf: [options, JSONSchema(type: "null")])
        case .plugin(let kinds): return plugin(kinds)
        case .list(let items, let plugins):
            let named = items.map { item in
                let fields = OptionProbe.fields { node in
                    var context = OptionProbe.context()
                    item.read(node, &context)
                }
                return (item.name, JSONSchema(fields))
            }
            let one = JSONSchema(properties: named + [("plugin", plugin([plugins]))])
                .with("minProperties", .integer(1)).with("maxProperties", .integer(1))
            return JSONSchema(anyOf: [
                JSONSchema(items: one).with("minItems", .integer(1)),
                JSONSchema(definition: JSONSchema.substitution),
            ])
        }
    }

    // MARK: Plugins

    /// What names a plugin of one of these kinds; its options are as its manifest says.
    private func plugin(_ names: [String]) -> JSONSchema {
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

    private func const(_ text: String) -> CBORValue { .map([CBORValue.Pair("const", .text(text))]) }

    /// The schema of options, each of which may also be `${…}`.
    private static func substitutable(_ options: CBORValue) -> CBORValue {
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

    private var reader: JSONSchema {
        let names = plugins.filter { $0.kind == "reader" }.map { "plugin:" + $0.name }.sorted()
        let inline = JSONSchema(properties: [("plugin", JSONSchema(definition: "plugin-reader"))])
        let name = names.isEmpty ? JSONSchema(pattern: "^plugin:") : JSONSchema(words: names)
        return JSONSchema(anyOf: [name, inline])
    }

    // MARK: Parts to share

    private var projection: JSONSchema {
        let fields = OptionProbe.fields { node in
            let range = SourceRange(source: node.range.source, at: node.range.end)
            let name = Node(kind: .scalar(Scalar(text: "x", isPlain: true)), range: range)
            let outer = Node(
                kind: .mapping(
                    Mapping(entries: [
                        (
                            Node(
                                kind: .scalar(Scalar(text: "projections", isPlain: true)),
                                range: range
                            ),
                            Node(kind: .mapping(Mapping(entries: [(name, node)])), range: range)
                        )
                    ])
                ),
                range: SourceRange(source: YAMLSource(name: "outer", text: ""), at: .start)
            )
            var ignored = DiagnosticBag()
            FieldReader.read(outer, context: "the pipeline", into: &ignored) { reader in
                _ = PipelineBuilder.readProjections(&reader)
            }
        }
        return JSONSchema(fields, with: [("plugin", JSONSchema(definition: "plugin-projection"))])
            .with("minProperties", .integer(1))
    }

    private var include: JSONSchema {
        let path = JSONSchema(pattern: "^[^$]+$")
        return JSONSchema(anyOf: [path, JSONSchema(items: path)])
    }

    private var use: JSONSchema {
        JSONSchema(anyOf: [
            JSONSchema(type: "string"),
            JSONSchema(
                properties: [
                    ("template", JSONSchema(type: "string")), ("with", JSONSchema(type: "object")),
                ],
                required: ["template"]
            ),
        ])
    }

    private var template: JSONSchema {
        let parameter = JSONSchema(anyOf: [
            JSONSchema(properties: [
                ("default", JSONSchema()), ("description", JSONSchema(type: "string")),
                (
                    "required",
                    JSONSchema(anyOf: [JSONSchema(type: "boolean"), JSONSchema(type: "null")])
                ),
            ]),
            JSONSchema(type: "null"),
        ])
        let stage = JSONSchema(definition: "stage")
        return JSONSchema(
            properties: [
                ("description", JSONSchema(type: "string")),
                ("parameters", JSONSchema(values: parameter)),
                ("stages", JSONSchema(anyOf: [JSONSchema(items: stage), stage])),
            ],
            required: ["stages"]
        )
    }

    private var profile: JSONSchema {
        let stages = kinds.map { kind in
            CBORValue.Pair(
                "^\(kind.name)(-[0-9]+)?$",
                JSONSchema(definition: "over-" + kind.name).json
            )
        }
        let over = JSONSchema(type: "object").with("patternProperties", .map(stages))
            .with("additionalProperties", .bool(false))
        return JSONSchema(properties: [
            ("description", JSONSchema(type: "string")), ("store", JSONSchema(type: "string")),
            ("projections", JSONSchema(type: "object")), ("stages", over),
        ])
    }
}

extension JSONSchema {
    fileprivate init(pairs: [CBORValue.Pair]) {
        self.init()
        for pair in pairs { add(pair.key, pair.value) }
    }
}
