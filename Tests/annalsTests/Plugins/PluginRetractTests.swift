import Testing

/// What plugins answered is content, too.
@Suite("A takedown where plugins answered")
struct PluginRetractTests {
    @Test("erases a reader's answer about the whole source, and harms no other document of it")
    func sourceAnswer() throws {
        let folder = try TestFolder()
        try folder.write("news/two.box", "apples are red|bears hibernate unobserved")
        try folder.write(
            "news.yaml",
            """
            pipeline: news
            store: store
            stages:
              - ingest: {from: [news/*.box], format: plugin:boxes}
              - export: {to: out/news.jsonl}
            """
        )
        try folder.plugin(
            "boxes",
            kind: "reader",
            determinism: "recorded",
            """
            @plugin.document
            def read(source, options):
                parts = source.bytes.decode("utf-8").split("|")
                return {"documents": [{"text": part, "key": str(n)} for n, part in enumerate(parts, 1)]}
            """
        )
        #expect(try folder.annals("run", "news.yaml").status == 0)
        let holds = { () throws in
            try folder.annals("log", "export", "--store", "store").output
                .contains("unobserved")
        }
        // The answer stands with the first document; the content of an answer is not shown as text.
        let before = try folder.annals("log", "list", "--store", "store").output
        #expect(before.contains("plugin.answered"))
        let retracted = try folder.annals(
            "retract",
            "news/two.box#2",
            "--reason",
            "x",
            "--yes",
            "--pipeline",
            "news.yaml"
        )
        #expect(retracted.status == 0, "\(retracted.messages)")
        #expect(try !holds())
        let listed = try folder.annals("log", "list", "--store", "store").output
        let answer = listed.split(separator: "\n").first { $0.contains("plugin.answered") } ?? ""
        #expect(answer.contains("news/two.box#1") && answer.hasSuffix("(erased)"))
        #expect(folder.read("out/news.jsonl").contains("apples are red"))
        #expect(!folder.read("out/news.jsonl").contains("unobserved"))
        // Asked again, it says the same: it is not let in, and nothing is appended.
        let again = try folder.annals("run", "news.yaml")
        #expect(again.output.contains("2 events appended"), "\(again.output)")
        #expect(try !holds())
        folder.delete("out/news.jsonl")
        #expect(try folder.annals("run", "news.yaml").status == 0)
        #expect(folder.read("out/news.jsonl").contains("apples are red"))
        let verified = try folder.annals("log", "verify", "--store", "store")
        #expect(verified.status == 0, "\(verified.output)")
    }
}
