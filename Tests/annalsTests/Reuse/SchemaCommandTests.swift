import Foundation
import Testing

@Suite("Schema for editors")
struct SchemaCommandTests {
    @Test("it is JSON, and knows the plugins that pipelines in the folder find")
    func plugins() throws {
        let folder = try TestFolder()
        try folder.plugin(
            "count",
            kind: "enrich",
            manifest: "options: {type: object, properties: {least: {type: integer}}}",
            ""
        )
        let outcome = try folder.annals("schema")
        #expect(outcome.status == 0, "\(outcome.messages)")
        let schema = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        let definitions = try #require((schema as? [String: Any])?["$defs"] as? [String: Any])
        #expect(definitions["stage-clean"] != nil)
        #expect(outcome.output.contains("\"const\": \"count\""))
        #expect(outcome.output.contains("\"least\""))
        #expect(try folder.annals("schema", "elsewhere").status == 66)
        try folder.write("elsewhere/notes.txt", "no pipeline")
        #expect(try folder.annals("schema", "elsewhere").output.contains("\"stage-clean\""))
    }

    @Test("a plugin whose manifest is wrong is told, and the rest is printed")
    func broken() throws {
        let folder = try TestFolder()
        try folder.write("plugins/odd/plugin.yaml", "plugin: odd\n")
        let outcome = try folder.annals("schema")
        #expect(outcome.status == 65 && outcome.messages.contains("plugins/odd/plugin.yaml"))
        #expect(outcome.output.contains("\"stage-clean\""))
    }
}
