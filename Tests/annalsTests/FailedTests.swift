import Testing

/// The dead letters, through the command line.
@Suite("annals failed")
struct FailedTests {
    private func store() throws -> StoryFolder {
        let store = try StoryFolder()
        let records = "{\"id\":\"x1\",\"text\":[1]}\n{\"id\":\"x2\",\"text\":{}}\n"
        try store.folder.write("news/e.jsonl", records)
        try store.run()
        return store
    }

    @Test("are listed by code, the most first, with what to do")
    func list() throws {
        let store = try store()
        let list = try store.ask("failed", "list")
        #expect(list.status == 0, "\(list.messages)")
        #expect(list.output.hasPrefix("ingest.wrong-type: 2\n  mend the record"), "\(list.output)")
        #expect(list.output.contains("\ningest.not-text: 1\n  convert it to UTF-8"))
        #expect(try store.folder.annals("failed", "list", "news.yaml").output == list.output)
        let one = try store.ask("failed", "list", "--code", "ingest.not-text", "--format", "json")
        #expect(one.output.hasPrefix("[{\"document\":\"news/d.txt\",\"code\":\"ingest.not-text\","))
        #expect(!one.output.contains("wrong-type"))
        let csv = try store.ask("failed", "list", "--format", "csv").output
        #expect(csv.split(separator: "\r\n").count == 4)
        let none = try store.ask("failed", "list", "--retryable")
        #expect(none.output.isEmpty && none.messages.contains("no such failure stands"))
        let short = try store.ask("failed", "list", "--limit", "1").output
        #expect(short.contains("… and 1 more (--limit)"))
    }

    @Test("one is shown with the input around it and a caret at the place")
    func show() throws {
        let store = try store()
        let shown = try store.ask("failed", "show", "x2").output
        #expect(
            shown.contains(
                """
                  2 │ {"id":"x2","text":{}}
                                        ^
                """
            ),
            "\(shown)"
        )
        #expect(shown.contains("attempt 1: 2") && shown.contains("position "))
        let binary = try store.ask("failed", "show", "news/d.txt").output
        #expect(binary.contains("1 │ not \\u{1b}[31m text \\xFF\\u{0}"), "\(binary)")
        let json = try store.ask("failed", "show", "x1", "--format", "json").output
        #expect(json.contains("\"excerpt\":{\"line\":\"{\\\"id\\\":\\\"x1\\\""), "\(json)")
    }

    @Test("the source may be gone, or never have failed")
    func gone() throws {
        let store = try store()
        store.folder.delete("news/d.txt")
        let shown = try store.ask("failed", "show", "news/d.txt")
        #expect(shown.output.contains("news/d.txt cannot be read up to there from here"))
        let kept = try store.ask("failed", "show", "news/a.txt")
        #expect(kept.status == 65 && kept.messages.contains("has never failed: it is kept"))
        #expect(try store.ask("failed", "show", "nothing at all").status == 66)
    }

    @Test("compressed files are seen through")
    func compressed() throws {
        let store = try StoryFolder()
        try store.folder.write("news/z.jsonl", "{\"id\":\"z1\",\"text\":[1]}\n")
        let zipped = try store.folder.shell("gzip news/z.jsonl")
        try #require(zipped.status == 0)
        try store.run()
        let shown = try store.ask("failed", "show", "z1").output
        #expect(shown.contains("1 │ {\"id\":\"z1\",\"text\":[1]}"), "\(shown)")
    }
}
