internal import Foundation
internal import Pipeline
internal import Testing
internal import YAML

@Suite("A pipeline as it takes effect")
struct EffectiveTests {
    @Test("every value has who says so behind it, defaults included")
    func origins() throws {
        let folder = try DefinitionFolder([
            "p.yaml": """
            include: lib.yaml
            pipeline: news
            stages:
              - ingest: {from: ["${env:NEWS}", "${env:MORE:-more}", "${env:API_KEY}"]}
              - use: {template: tidy, with: {words: 30}}
              - deduplicate
            profiles:
              prod: {stages: {clean: {unicode: none}}}
            """,
            "lib.yaml": """
            templates:
              tidy:
                parameters: {words: {}}
                stages: [{clean: {article: false, require: {words: "${param:words}.."}}}]
            """,
        ])
        let environment = ["NEWS": "news", "API_KEY": "hunter2"]
        let pipeline = try #require(folder.effective(profile: "prod", environment: environment))
        let margin = folder.path + "/"
        let text = Self.narrow(pipeline.text.replacing(margin, with: ""))
        let expected = """
            pipeline: news # p.yaml:2
            stages:
              - ingest:
                  from:
                    - news # env NEWS, p.yaml:4
                    - more # default of unset env MORE, p.yaml:4
                    - •••• # env API_KEY, p.yaml:4
                  max_bytes: 67108864 # default
                  gone: remove # default
                  fields:
                    id: id # default
                    text:
                      - text # default
                    title: title # default
                    byline: byline # default
                    published: published # default
              - clean:
                  article: false # template tidy, lib.yaml:4
                  require:
                    words: 30.. # template tidy, lib.yaml:4
                  unicode: none # profile prod, p.yaml:8
              - deduplicate:
                  exact: true # default
                  near:
                    threshold: 0.8 # default
                    shingle: 5 words # default
                    permutations: 128 # default
            store: .annals/news # default

            """
        #expect(text == expected)
        let words = try #require(pipeline.values.first { $0.path.last == "words" })
        #expect(words.path == ["stages", "1", "clean", "require", "words"])
        #expect(words.origin == .template("tidy") && words.place?.start.line == 4)
    }

    /// One space before each comment, however they are lined up.
    private static func narrow(_ text: String) -> String {
        var text = text
        while text.contains("  #") { text = text.replacing("  #", with: " #") }
        return text
    }

    @Test("what takes effect, read as a pipeline, is that pipeline")
    func idempotent() throws {
        let folder = try DefinitionFolder([
            "p.yaml": """
            pipeline: news
            stages:
              - ingest: {from: news, format: jsonl}
              - clean: {require: {words: 5..}}
              - deduplicate: {near: {threshold: 0.7}}
              - export: {to: out/a.csv}
            projections: {words: {plugin: count}}
            """
        ])
        let first = try #require(folder.effective())
        try folder.write("p.yaml", first.text)
        let second = try #require(folder.effective(), "\(folder.complaint())")
        #expect(first.values.map(\.path) == second.values.map(\.path))
        #expect(first.values.map(\.scalar.text) == second.values.map(\.scalar.text))
    }

    @Test("a pipeline with errors has no effect to show")
    func broken() throws {
        let folder = try DefinitionFolder(["p.yaml": "pipeline: news\nstages: [clean]\n"])
        #expect(folder.effective() == nil)
    }
}
