import Testing

/// `annals check`: every error of a file at once.
@Suite("Check")
struct CheckTests {
    private static let broken = """
        pipeline: bad name
        stages:
          - ingest: {from: [news], formt: text}
          - clean: {require: {words: many}}
          - deduplicate: {near: {threshold: 3}}
          - export: {to: out/news.doc}
        projections:
          leaders: {index: leders}

        """

    @Test("shows all errors of a file in one go, by place, and exits with 65")
    func all() throws {
        let folder = try TestFolder()
        try folder.write("news.yaml", Self.broken)
        let outcome = try folder.annals("check", "news.yaml")
        #expect(outcome.status == 65 && outcome.output.isEmpty)
        for place in ["1:11", "3:28", "4:30", "5:37", "6:18"] {
            #expect(
                outcome.messages.contains("news.yaml:\(place)"),
                "\(place): \(outcome.messages)"
            )
        }
        #expect(outcome.messages.contains("did you mean \"format\"?"))
    }

    @Test("tells programs the same, with codes and places")
    func json() throws {
        let folder = try TestFolder()
        try folder.write("news.yaml", Self.broken)
        let outcome = try folder.annals("check", "news.yaml", "--format", "json")
        #expect(outcome.status == 65 && outcome.messages.isEmpty)
        #expect(
            outcome.output.hasPrefix("[{\"file\":\"news.yaml\",\"ok\":false,\"diagnostics\":[{")
        )
        #expect(outcome.output.contains("\"severity\":\"error\",\"code\":\"pipeline.name\","))
        #expect(outcome.output.contains("\"line\":1,\"column\":11,"))
    }

    @Test("says what a good pipeline reads, runs and writes")
    func good() throws {
        let store = try Store(documents: 10)
        let outcome = try store.folder.annals("check", "news.yaml")
        #expect(outcome.status == 0, "\(outcome.messages)")
        for part in [
            "news/*.jsonl", "ingest → clean → deduplicate", "store (store)", "out/news.csv",
        ] {
            #expect(outcome.output.contains(part))
        }
        #expect(!store.folder.exists("store"), "checking leaves nothing behind")
    }

    @Test("refuses a projection that cannot be built, before anything runs")
    func projection() throws {
        let store = try Store(documents: 10)
        try store.folder.append("news.yaml", "  odd: {count: topics, by: [topic, colour]}\n")
        for command in ["check", "run"] {
            let outcome = try store.folder.annals(command, "news.yaml")
            #expect(outcome.status == 65)
            #expect(outcome.messages.contains("news.yaml:"), "\(outcome.messages)")
            #expect(outcome.messages.contains("colour"), "\(outcome.messages)")
        }
        #expect(!store.folder.exists("store"))
    }
}
