internal import Pipeline
internal import Testing
internal import YAML

@Suite("Profiles")
struct ProfileTests {
    private static let text = """
        pipeline: news
        stages:
          - ingest: {from: [news/*.txt, more/*.txt], format: text}
          - clean: {require: {words: 20.., letters: 0.5..}}
          - clean
          - deduplicate
          - export: {to: "${env:OUT}/news.jsonl"}
        profiles:
          prod:
            store: /srv/news
            description: For readers
            stages:
              ingest: {from: [/data/*.jsonl], format: jsonl}
              clean: {require: {words: 50..}}
              clean-2: {article: false}
              export: {to: out/prod.jsonl}
          empty:
        """

    @Test("mappings merge, lists and scalars replace, stages go by their names")
    func merges() throws {
        let folder = try DefinitionFolder(["p.yaml": Self.text])
        let loaded = folder.load(profile: "prod")
        let pipeline = try #require(loaded.pipeline, "\(folder.complaint(profile: "prod"))")
        #expect(pipeline.store == "/srv/news" && pipeline.description == "For readers")
        #expect(pipeline.source.sources == ["/data/*.jsonl"])
        #expect(
            pipeline.stages.map(\.name) == ["ingest", "clean", "clean-2", "deduplicate", "export"]
        )
        let text = try #require(folder.effective(profile: "prod")?.text)
        #expect(text.contains("words: 50..") && text.contains("letters: 0.5.."))
        #expect(text.contains("article: false"))
        #expect(!pipeline.yaml.contains("profiles") && pipeline.yaml.contains("50.."))
    }

    @Test("only what a profile does not replace must be there")
    func replaced() throws {
        let folder = try DefinitionFolder(["p.yaml": Self.text])
        #expect(folder.complaint().contains("the environment variable OUT is not set"))
        #expect(folder.complaint(profile: "prod") == "")
        #expect(folder.load(profile: "empty", environment: ["OUT": "out"]).pipeline != nil)
    }

    @Test(
        "a profile that is not there is an error with those that are",
        arguments: [("prd", "did you mean \"prod\"?"), ("zzz", "the profiles are prod, empty")]
    )
    func unknown(name: String, hint: String) throws {
        let folder = try DefinitionFolder(["p.yaml": Self.text])
        let complaint = folder.complaint(profile: name)
        #expect(complaint.contains("the pipeline has no profile \"\(name)\" [profile.unknown]"))
        #expect(complaint.contains(hint), "\(complaint)")
    }

    @Test("a pipeline without profiles has none to choose")
    func none() throws {
        let folder = try DefinitionFolder([
            "p.yaml": "pipeline: a\nstages: [{ingest: {from: [x]}}]\n"
        ])
        #expect(folder.complaint(profile: "prod").contains("declare it under profiles:"))
        #expect(folder.complaint() == "")
    }

    @Test("every profile is checked, whether it is chosen or not")
    func checked() throws {
        let folder = try DefinitionFolder([
            "p.yaml": """
            pipeline: news
            stages:
              - ingest: {from: [news]}
              - clean
            profiles:
              prod: {stages: {cleen: {}}, stor: x}
            """
        ])
        let complaint = folder.complaint()
        #expect(
            complaint == """
                p.yaml:6:19: error: the pipeline has no stage "cleen" [profile.unknown-stage]
                  6 |   prod: {stages: {cleen: {}}, stor: x}
                    |                   ^~~~~
                  hint: did you mean "clean"?
                p.yaml:6:31: error: unknown key "stor" in profile "prod" [pipeline.unknown-key]
                  6 |   prod: {stages: {cleen: {}}, stor: x}
                    |                               ^~~~
                  hint: did you mean "store"?
                """
        )
    }

    @Test("what a profile says wrong is shown where it says so")
    func wrong() throws {
        let folder = try DefinitionFolder([
            "p.yaml": Self.text.replacing("words: 50..}", with: "words: many}")
        ])
        #expect(
            folder.complaint(profile: "prod").contains("p.yaml:14:32: error: \"words\" must be")
        )
    }
}
