internal import Bytes
internal import Pipeline
internal import Stages
internal import Testing
internal import YAML

/// The schema's shape; that pipelines validate against it is tried with another program's eyes in
/// `.ci/schema`.
@Suite("Schema of pipelines")
struct SchemaTests {
    private static let schema = PipelineSchema(
        kinds: BuiltInStages.kinds,
        plugins: [
            PipelineSchema.Plugin(
                name: "language",
                kind: "enrich",
                summary: "",
                options: .map([
                    CBORValue.Pair("type", .text("object")),
                    CBORValue.Pair(
                        "properties",
                        .map([
                            CBORValue.Pair(
                                "minimum",
                                .map([CBORValue.Pair("type", .text("number"))])
                            )
                        ])
                    ),
                ])
            ),
            PipelineSchema.Plugin(name: "pdf", kind: "reader", summary: "", options: nil),
        ]
    ).json

    private func at(_ path: String...) -> CBORValue? {
        path.reduce(Self.schema as CBORValue?) { value, key in value?[key] }
    }

    private func text(_ value: CBORValue?) -> String {
        var writer = JSONWriter()
        writer.value(value ?? .null)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test("it is of the draft that editors know, and knows no other keys than the reader")
    func top() {
        #expect(at("$schema")?.text == "https://json-schema.org/draft/2020-12/schema")
        #expect(at("additionalProperties") == .bool(false))
        let keys = at("properties")?.pairs.map(\.key).sorted()
        #expect(
            keys == [
                "description", "include", "max_failed", "pipeline", "profiles", "projections",
                "stages", "store",
                "templates", "tests",
            ]
        )
        #expect(text(at("else")) == #"{"required":["pipeline","stages"]}"#)
    }

    @Test("stages are those that there are, each with its options")
    func stages() {
        let one = at("$defs", "stage", "anyOf")?.items.first
        #expect(
            one?["properties"]?.pairs.map(\.key)
                == ["ingest", "clean", "deduplicate", "enrich", "plugin", "export", "use"]
        )
        #expect(
            text(at("$defs", "stage", "anyOf")?.items.last) == #"{"enum":["clean","deduplicate"]}"#
        )
    }

    @Test("types, bounds, words and defaults are those of the readers, also of mappings inside")
    func options() {
        let near = text(at("$defs", "stage-deduplicate"))
        for part in [
            #""type":"number","minimum":0.1,"maximum":1"#, #""default":0.8"#,
            #""type":"integer","minimum":16,"maximum":1024"#, #""default":"5 words""#,
            #""pattern":"^ *[0-9]+ *(words|word) *$""#, #""additionalProperties":false"#,
            #"{"type":"boolean"}"#,
        ] {
            #expect(near.contains(part), "\(part) in \(near)")
        }
        let clean = text(at("$defs", "stage-clean"))
        #expect(clean.contains(#"{"enum":["nfc","none"]}"#))
        #expect(clean.contains(#""repeated_lines""#))
        #expect(text(at("$defs", "stage-ingest", "required")) == #"["from"]"#)
        #expect(text(at("$defs", "stage-enrich")).contains(#""required":["dictionary"]"#))
    }

    @Test("what a profile lays over a stage need not be whole")
    func profiles() {
        #expect(at("$defs", "over-ingest", "required") == nil)
        #expect(at("$defs", "over-ingest", "properties", "from") != nil)
        #expect(text(at("$defs", "profiles")).contains("^clean(-[0-9]+)?$"))
    }

    @Test("plugins are those that are installed, with the options of their manifests")
    func plugins() {
        let enrich = text(at("$defs", "stage-plugin"))
        #expect(enrich.contains(#"{"enum":["language"]}"#))
        #expect(enrich.contains(#""if":{"properties":{"name":{"const":"language"}}"#))
        #expect(enrich.contains(#""minimum":{"anyOf":[{"type":"number"},{"$ref":"#))
        #expect(text(at("$defs", "reader")).contains("plugin:pdf"))
    }

    @Test("a mapping of names that are the author's own is open to them")
    func open() {
        let kind = StageKind(name: "odd", summary: "", version: 1) { node, context in
            FieldReader.read(node, context: "odd", into: &context.diagnostics) { reader in
                reader.optionalMapping("where") { _ = $0.entries() }
                reader.optionalMapping("near") { _ = $0.optionalBool("on") }
            }
            return nil
        }
        let schema = PipelineSchema(kinds: [kind], plugins: []).json
        let options = schema["$defs"]?["stage-odd"]?["anyOf"]?.items.first?["properties"]
        let open = text(options?["where"]?["anyOf"]?.items.first)
        let closed = text(options?["near"])
        #expect(open == #"{"type":"object","properties":{}}"#)
        #expect(closed.contains(#""additionalProperties":false"#))
    }
}
