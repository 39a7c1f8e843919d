internal import Bytes
internal import YAML

/// What pipeline files share: projections, templates, profiles.
extension PipelineSchema {
    var projection: JSONSchema {
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
                _ = ProjectionReader.read(&reader)
            }
        }
        return JSONSchema(fields, with: [("plugin", JSONSchema(definition: "plugin-projection"))])
            .with("minProperties", .integer(1))
    }

    var include: JSONSchema {
        let path = JSONSchema(pattern: "^[^$]+$")
        return JSONSchema(anyOf: [path, JSONSchema(items: path)])
    }

    var use: JSONSchema {
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

    var template: JSONSchema {
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

    var profile: JSONSchema {
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
            ("max_failed", JSONSchema()), ("projections", JSONSchema(type: "object")),
            ("stages", over),
        ])
    }
}
