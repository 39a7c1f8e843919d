import Testing

/// Includes, templates and profiles as their user meets them.
@Suite("Reuse")
struct ReuseTests {
    private static func folder() throws -> TestFolder {
        let folder = try TestFolder()
        try PipelineText.write(into: folder)
        for (name, word) in [("a", "apples"), ("b", "bears"), ("c", "cellos")] {
            try folder.document(name, about: word)
        }
        try folder.write(
            "lib/common.yaml",
            """
            templates:
              find:
                parameters: {topics: {}, words: {default: 2}}
                stages:
                  - clean: {require: {words: "${param:words}.."}}
                  - enrich: [{topics: {dictionary: "${param:topics}"}}]
            projections:
              topics: {count: topics, by: [topic]}

            """
        )
        try folder.write(
            "p.yaml",
            """
            include: lib/common.yaml
            pipeline: news
            stages:
              - ingest: {from: ["news/*.txt"]}
              - use: {template: find, with: {topics: topics.yaml}}
              - export: {to: out/news.jsonl}
            profiles:
              strict:
                store: .annals/strict
                stages: {clean: {require: {words: 1000..}}, export: {to: out/strict.jsonl}}

            """
        )
        return folder
    }

    @Test("a profile is laid over a pipeline in every command that takes one")
    func profile() throws {
        let folder = try Self.folder()
        for arguments in [
            ["check", "p.yaml", "--profile", "strict"], ["run", "p.yaml", "--profile", "strict"],
            ["replay", "p.yaml", "topics", "--profile", "strict"],
            ["show", "documents", "--pipeline", "p.yaml", "--profile", "strict"],
            ["graph", "p.yaml", "--profile", "strict"],
        ] {
            let outcome = try AnnalsProcess(arguments, in: folder).wait()
            #expect(outcome.status == 0, "\(arguments): \(outcome.messages)")
            if arguments[0] == "show" { #expect(outcome.output.contains("dropped")) }
            if arguments[0] == "graph" { #expect(outcome.output.contains("dropped: words 3")) }
        }
        #expect(folder.exists(".annals/strict") && !folder.exists(".annals/news"))
        let other = try folder.annals("run", "p.yaml", environment: ["ANNALS_PROFILE": "strict"])
        #expect(other.status == 0 && !folder.exists(".annals/news"), "\(other.messages)")
        let none = try folder.annals("run", "p.yaml", "--profile", "stric")
        #expect(none.status == 65 && none.messages.contains("did you mean \"strict\"?"))
    }

    @Test("the log tells which projections there are, whoever declared them")
    func log() throws {
        let folder = try Self.folder()
        #expect(try folder.annals("run", "p.yaml").status == 0)
        folder.delete("lib")
        folder.delete("p.yaml")
        let shown = try folder.annals("show", "topics", "--format", "json")
        #expect(shown.status == 0, "\(shown.messages)")
        let log = try folder.annals("log", "list", "--format", "json")
        #expect(log.output.contains("words: 2.."))
    }

    @Test("a run with the same values from elsewhere has nothing to do")
    func unchanged() throws {
        let folder = try Self.folder()
        #expect(try folder.annals("run", "p.yaml").status == 0)
        try folder.write(
            "p.yaml",
            """
            pipeline: news
            stages:
              - ingest: {from: ["news/*.txt"]}
              - clean: {require: {words: 2..}}
              - enrich: [{topics: {dictionary: topics.yaml}}]
              - export: {to: out/news.jsonl}

            """
        )
        let again = try folder.annals("run", "p.yaml", "--format", "json")
        #expect(again.status == 0, "\(again.messages)")
        #expect(again.output.contains("\"stage\":\"clean\",\"in\":0"), "\(again.output)")
    }

    @Test("each value as it takes effect is printed with who says so, for people and programs")
    func effective() throws {
        let folder = try Self.folder()
        let text = try folder.annals("check", "p.yaml", "--effective", "--profile", "strict")
        #expect(text.status == 0, "\(text.messages)")
        for line in [
            "words: 1000..", "# profile strict, p.yaml:10", "# default", "# p.yaml:4",
            "# lib/common.yaml:8",
        ] {
            #expect(text.output.contains(line), "\(line) in \(text.output)")
        }
        let json = try folder.annals("check", "p.yaml", "--effective", "--format", "json")
        #expect(
            json.output.contains(
                "{\"path\":\"/stages/1/clean/unicode\",\"value\":\"nfc\",\"from\":\"default\",\"file\":null}"
            )
        )
        #expect(
            json.output.contains(
                "\"value\":\"topics.yaml\",\"from\":\"file\",\"file\":\"p.yaml\",\"line\":5,\"column\":42"
            ),
            "\(json.output)"
        )
        try folder.append("p.yaml", "stor: x\n")
        let broken = try folder.annals("check", "p.yaml", "--effective")
        #expect(broken.status == 65 && broken.output.isEmpty)
    }

    @Test("checking looks at every profile, unless one is chosen")
    func profiles() throws {
        let folder = try Self.folder()
        try folder.append("p.yaml", "  odd: {stages: {export: {to: out/odd.doc}}}\n")
        let all = try folder.annals("check", "p.yaml")
        #expect(all.status == 65 && all.messages.contains("p.yaml:11:"), "\(all.messages)")
        #expect(all.messages.contains("note: so it is with this profile"))
        #expect(all.messages.components(of: "error:") == 1)
        #expect(try folder.annals("check", "p.yaml", "--profile", "strict").status == 0)
        #expect(try folder.annals("check", "p.yaml", "--profile", "odd").status == 65)
    }

    @Test("a graph has the counts of the last run that had something to do")
    func graph() throws {
        let folder = try Self.folder()
        let before = try folder.annals("graph", "p.yaml", "--format", "json")
        #expect(before.output.contains("\"run\":null") && !before.output.contains("\"kept\""))
        for _ in 0..<2 { #expect(try folder.annals("run", "p.yaml").status == 0) }
        let json = try folder.annals("graph", "p.yaml", "--format", "json")
        #expect(
            json.output.contains(
                "{\"stage\":\"clean\",\"in\":3,\"kept\":3,\"dropped\":0,\"duplicates\":0,\"failed\":0"
            ),
            "\(json.output)"
        )
        let mermaid = try folder.annals("graph", "p.yaml")
        #expect(mermaid.output.contains("stage0 -->|\"3\"| stage1"))
        let dot = try folder.annals("graph", "p.yaml", "--format", "dot")
        #expect(dot.output.contains("stage0 -> stage1 [label=\"3\"];"))
        let missing = try folder.annals("graph", "p.yaml", "--store", "nowhere")
        #expect(missing.status == 66)
    }

    @Test("plugins that only an included template or a profile names are locked, too")
    func locked() throws {
        let folder = try Self.folder()
        try folder.plugin("one", kind: "enrich", "@plugin.document\ndef f(d, o): return {}")
        try folder.plugin("two", kind: "enrich", "@plugin.document\ndef f(d, o): return {}")
        try folder.append(
            "lib/common.yaml",
            "profiles: {more: {stages: {enrich: [{plugin: two}]}}}\n"
        )
        try folder.write(
            "lib/common.yaml",
            folder.read("lib/common.yaml").replacing(
                "projections:",
                with: "  count: {stages: [{plugin: one}]}\nprojections:"
            )
        )
        try folder.write(
            "p.yaml",
            folder.read("p.yaml").replacing("  - export", with: "  - use: count\n  - export")
        )
        let outcome = try folder.annals("plugin", "lock", "p.yaml")
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(outcome.output.contains("added    one") && outcome.output.contains("added    two"))
    }
}
