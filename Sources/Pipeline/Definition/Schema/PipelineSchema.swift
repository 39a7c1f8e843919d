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

    let kinds: [StageKind]
    let plugins: [Plugin]

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

    func fields(of kind: StageKind) -> OptionProbe.Fields {
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
}

extension JSONSchema {
    fileprivate init(pairs: [CBORValue.Pair]) {
        self.init()
        for pair in pairs { add(pair.key, pair.value) }
    }
}
