import Testing

/// What a slip of the pen must not cost.
@Suite("Safety")
struct SafetyTests {
    @Test(
        "an export onto a source or into the store is refused before anything is touched",
        arguments: [
            ("news/a.jsonl", "export.reads-itself"), ("./news//a.jsonl", "export.reads-itself"),
            ("news/new.jsonl", "export.reads-itself"), ("store/log/x.jsonl", "export.in-store"),
            ("out/x/.././news.jsonl", "export.path"),
        ]
    )
    func exportPath(path: String, code: String) throws {
        let folder = try TestFolder()
        let text = "{\"id\":\"a\",\"text\":\"my only copy\"}\n"
        try folder.write("news/a.jsonl", text)
        try folder.write(
            "news.yaml",
            """
            pipeline: news
            store: store
            stages:
              - ingest: {from: [news/*.jsonl]}
              - export: {to: \(path)}

            """
        )
        for command in ["check", "run"] {
            let outcome = try folder.annals(command, "news.yaml")
            #expect(outcome.status == 65 && outcome.messages.contains(code), "\(outcome.messages)")
        }
        #expect(folder.read("news/a.jsonl") == text && !folder.exists("store"))
    }

    @Test("a store among the sources is refused before anything is touched")
    func storeAmongSources() throws {
        let folder = try TestFolder()
        let source = "{\"id\":\"a\",\"text\":\"my only copy\"}\n"
        try folder.write("news/a.jsonl", source)
        try PipelineText.write(into: folder, from: "[news]", ingest: "format: jsonl")
        let pipeline = folder.read("news.yaml")
        try folder.write("news.yaml", pipeline.replacing("store: store", with: "store: news/store"))
        for command in ["check", "plan", "run"] {
            let outcome = try folder.annals(command, "news.yaml")
            #expect(outcome.status == 65, "\(outcome.messages)")
            #expect(outcome.messages.contains("[store.among-sources]"))
        }
        try folder.write("news.yaml", pipeline)
        #expect(try folder.annals("run", "news.yaml", "--store", "news/../news/s").status == 64)
        #expect(!folder.exists("news/store") && !folder.exists("news/s"))
        #expect(try folder.annals("run", "news.yaml", "--store", "news/.s").status == 0)
    }

    @Test("a file that lay where an export goes is kept beside it, and said so")
    func foreignFile() throws {
        let folder = try TestFolder()
        try PipelineText.write(into: folder)
        try folder.write("news/a.jsonl", "{\"id\":\"a\",\"text\":\"\(Self.words)\"}\n")
        try folder.write("out/news.jsonl", "precious\n")
        let first = try folder.annals("run", "news.yaml")
        #expect(first.status == 0 && first.messages.contains("out/news.jsonl.previous"))
        #expect(folder.read("out/news.jsonl.previous") == "precious\n")
        #expect(folder.read("out/news.jsonl").contains("\"id\":\"a\""))
        #expect(try folder.annals("run", "news.yaml").messages.isEmpty)
    }

    @Test(
        "two names that only look the same are two documents; one that is not UTF-8 fails by name"
    )
    func names() throws {
        let folder = try TestFolder()
        try PipelineText.write(into: folder, from: "[in]", ingest: "format: text")
        try folder.write("in/e\u{301}.txt", Self.words)
        try folder.write("in/\u{E9}.txt", Self.words + " and more")
        try folder.shell(
            "printf x > \"$(printf 'in/x\\377.txt')\"; printf y > \"$(printf 'in/x\\376.txt')\""
        )
        let outcome = try folder.annals("run", "news.yaml", "--format", "json")
        #expect(outcome.output.contains("{\"stage\":\"ingest\",\"in\":4,\"kept\":2,"))
        #expect(outcome.status == 66)
        #expect(
            outcome.messages.contains("in/x\\xff.txt") && outcome.messages.contains("in/x\\xfe.txt")
        )
    }

    @Test("a store is not given to another pipeline")
    func otherPipeline() throws {
        let folder = try TestFolder()
        try PipelineText.write(into: folder)
        try folder.write("news/a.jsonl", "{\"id\":\"a\",\"text\":\"\(Self.words)\"}\n")
        #expect(try folder.annals("run", "news.yaml").status == 0)
        let text = folder.read("news.yaml").split(separator: "\n").dropFirst()
        try folder.write("other.yaml", "pipeline: other\n" + text.joined(separator: "\n") + "\n")
        let before = try folder.annals("log", "list", "--store", "store").output
        let outcome = try folder.annals("run", "other.yaml")
        #expect(outcome.status == 65 && outcome.messages.contains("'news'"))
        #expect(try folder.annals("log", "list", "--store", "store").output == before)
    }

    @Test("the times that the log prints are taken back")
    func times() throws {
        let folder = try TestFolder()
        try PipelineText.write(into: folder)
        try folder.write("news/a.jsonl", "{\"id\":\"a\",\"text\":\"\(Self.words)\"}\n")
        #expect(try folder.annals("run", "news.yaml").status == 0)
        let line = try folder.annals("log", "list", "--store", "store", "--limit", "1").output
        let time = try #require(line.split(separator: " ").dropFirst().first)
        let asOf = ["--store", "store", "--as-of", String(time)]
        let shown = try AnnalsProcess(["show", "documents"] + asOf, in: folder).wait()
        #expect(shown.status == 0, "\(shown.messages)")
    }

    @Test("a record that turns bad fails under its own id, and what was known of it goes")
    func turnedBad() throws {
        let folder = try TestFolder()
        try PipelineText.write(into: folder)
        for (text, status) in [
            ("\"\(Self.words)\"", "kept"), ("42", "failed"), ("\"\(Self.words)\"", "kept"),
        ] {
            try folder.write("news/a.jsonl", "{\"text\":\(text),\"id\":\"a\"}\n")
            _ = try folder.annals("run", "news.yaml")
            let documents = try folder.annals(
                "show",
                "documents",
                "--store",
                "store",
                "--format",
                "json"
            ).output
            #expect(
                documents.contains("\"document\":\"a\"")
                    && documents.contains("\"status\":\"\(status)\"")
            )
            #expect(folder.read("out/news.jsonl").isEmpty == (status == "failed"))
            let failures = try folder.annals(
                "show",
                "failures",
                "--store",
                "store",
                "--format",
                "json"
            ).output
            #expect(failures.contains("\"a\"") == (status == "failed"))
        }
    }

    private static let words = (0..<40).map { "word\($0)" }.joined(separator: " ")
}
