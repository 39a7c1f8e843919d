import Testing

/// Failed documents that are tried again, through the command line.
@Suite("annals failed retry")
struct FailedRetryTests {
    /// Three documents of which a plugin cannot take the one about bears until it is let.
    ///
    /// What lets it is a file that it is given to read: nothing of the pipeline changes.
    private static func store(
        stages: String = "",
        prepare: (TestFolder) throws -> Void = { _ in }
    ) throws -> TestFolder {
        let folder = try PluginStageTests.folder(
            stages: "  - plugin: {name: service}\n" + stages
                + "  - enrich: [{topics: {dictionary: topics.yaml}}]\n"
                + "  - export: {to: out/news.jsonl}"
        )
        try folder.write(
            "topics.yaml",
            "version: 1\nthreshold: 1.0\n"
                + "topics: [{id: bears, label: Bears, kind: place, terms: {bears: 2}}]\n"
        )
        try folder.plugin(
            "service",
            kind: "clean",
            determinism: "recorded",
            """
            @plugin.document
            def ask(document, options):
                if document.id == "news/b.txt" and not os.path.exists("\(folder.path)/open"):
                    raise Failure("busy", "the service is busy", retryable=True)
                if "cellos" in document.text:
                    raise Failure("too-low", "cellos are too low")
                return {"text": document.text}
            """
        )
        try prepare(folder)
        #expect(try folder.annals("run", "news.yaml").status == 65)
        return folder
    }

    private static func failures(_ folder: TestFolder) throws -> String {
        try folder.annals("failed", "list", "news.yaml", "--format", "json").output
    }

    @Test("tries what can succeed, counts the attempts, and a plain run tries nothing")
    func attempts() throws {
        let folder = try Self.store()
        #expect(
            try folder.annals("run", "news.yaml", "--format", "json").output.contains(
                "\"events\":2,"
            )
        )
        #expect(try Self.failures(folder).contains("\"attempt\":1"))
        let plan = try folder.annals("plan", "news.yaml", "--retry")
        #expect(
            plan.status == 2 && plan.output.contains("\nretry     news/b.txt, from plugin on\n")
        )
        #expect(
            plan.output.contains(
                "\nplugin: what failed at it is tried again\n"
                    + "enrich: what earlier stages hand on to it may change\n"
            ),
            "\(plan.output)"
        )
        #expect(plan.output.contains("\n1 to retry, 2 unchanged;"), "\(plan.output)")
        #expect(try folder.annals("plan", "news.yaml").status == 0)
        for attempt in 2...3 {
            let again = try folder.annals("failed", "retry", "news.yaml", "--format", "json")
            #expect(again.status == 65, "\(again.messages)")
            #expect(again.output.contains("\"stage\":\"plugin\",\"in\":1,\"kept\":0"))
            let list = try Self.failures(folder)
            #expect(list.contains("\"attempt\":\(attempt),\"retryable\":true"), "\(list)")
            #expect(list.contains("\"attempt\":1,\"retryable\":false"))
        }
        let shown = try folder.annals("failed", "list", "news.yaml")
        #expect(shown.output.contains("attempt 3"), "\(shown.output)")
    }

    @Test("of a document that succeeds goes on through the stages that follow, and clears it")
    func success() throws {
        let folder = try Self.store()
        #expect(!folder.read("out/news.jsonl").contains("news/b.txt"))
        try folder.write("open", "")
        let retry = try folder.annals(
            "failed",
            "retry",
            "news.yaml",
            "news/b.txt",
            "--format",
            "json"
        )
        #expect(retry.status == 0, "\(retry.messages)")
        #expect(retry.output.contains("\"stage\":\"export\",\"in\":1,\"kept\":1"))
        let export = folder.read("out/news.jsonl")
        #expect(export.contains("\"id\":\"news/b.txt\"") && export.contains("\"id\":\"bears\""))
        let list = try Self.failures(folder)
        #expect(!list.contains("news/b.txt") && list.contains("news/c.txt"))
        #expect(try folder.annals("plan", "news.yaml", "--retry").status == 0)
        let again = try folder.annals("failed", "retry", "news.yaml", "--format", "json")
        #expect(again.status == 0 && again.output.contains("\"events\":2,"), "\(again.output)")
    }

    @Test("refuses a document that has not failed, is not known, or cannot succeed")
    func refusals() throws {
        let folder = try Self.store()
        for document in ["news/a.txt", "nothing at all", "\u{1B}[31m"] {
            let refused = try folder.annals("failed", "retry", "news.yaml", document)
            #expect(refused.status == 66, "\(refused.messages)")
            #expect(refused.messages.contains("has not failed; annals failed list names those"))
            #expect(!refused.messages.contains("\u{1B}"))
        }
        let hopeless = try folder.annals("failed", "retry", "news.yaml", "news/b.txt", "news/c.txt")
        #expect(hopeless.status == 64)
        #expect(
            hopeless.messages.contains(
                "trying 'news/c.txt' again cannot help: plugin service: cellos are too low"
            ),
            "\(hopeless.messages)"
        )
        #expect(try Self.failures(folder).contains("\"attempt\":1,\"retryable\":true"))
        #expect(try folder.annals("failed", "retry", "none.yaml").status == 66)
    }

    @Test("does not try a file that is not text, nor goes without a store")
    func notText() throws {
        let store = try StoryFolder()
        let none = try store.folder.annals("failed", "retry", "news.yaml")
        #expect(none.status == 66, "\(none.messages)")
        #expect(!store.folder.exists("store"))
        try store.run()
        let all = try store.folder.annals("failed", "retry", "news.yaml", "--format", "json")
        #expect(all.status == 0 && all.output.contains("\"events\":2,"), "\(all.output)")
        #expect(all.messages.contains("nothing that failed can succeed if it is tried again"))
        let one = try store.folder.annals("failed", "retry", "news.yaml", "news/d.txt")
        #expect(one.status == 64 && one.messages.contains("again cannot help"), "\(one.messages)")
    }

    @Test("makes a document that succeeds the original of a later one that says the same")
    func original() throws {
        let folder = try Self.store(stages: "  - deduplicate: {exact: true}\n") {
            try $0.write("news/d.txt", $0.read("news/b.txt"))
        }
        #expect(folder.read("out/news.jsonl").contains("news/d.txt"))
        let plan = try folder.annals("plan", "news.yaml", "--retry").output
        #expect(plan.contains("2 documents that came later may turn out to be copies"), "\(plan)")
        try folder.write("open", "")
        #expect(try folder.annals("failed", "retry", "news.yaml").status == 0)
        let export = folder.read("out/news.jsonl")
        #expect(export.contains("news/b.txt") && !export.contains("news/d.txt"), "\(export)")
        #expect(try folder.annals("plan", "news.yaml", "--retry").status == 0)
    }
}
