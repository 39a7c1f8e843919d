import Testing

@Suite("annals log export")
struct LogExportTests {
    private static let fixtures =
        String(#filePath.dropLast("LogExportTests.swift".count)) + "Fixtures/"

    @Test("agrees event for event with the reader written from FORMAT.md alone")
    func agrees() throws {
        let store = try Store(documents: 300)
        _ = try store.run()
        try store.changeEveryThird()
        _ = try store.run()
        let export = store.folder.path + "/events.jsonl"
        let outcome = try store.folder.annals("log", "export", "--store", "store", output: export)
        #expect(outcome.status == 0, "\(outcome.messages)")
        let compared = try store.folder.shell(
            "python3 '\(Self.fixtures)compare_export.py' store events.jsonl"
        )
        #expect(compared.status == 0, "\(compared.messages)")
        let count = try store.folder.annals("log", "list", "--store", "store").output
            .split(separator: "\n").count
        #expect(count > 1000)
        #expect(compared.output == "\(count) events agree\n")
    }

    @Test("begins, stops and leaves out as told")
    func options() throws {
        let store = try Store(documents: 100)
        _ = try store.run()
        func export(_ options: String...) throws -> [String] {
            let outcome = try AnnalsProcess(
                ["log", "export", "--store", "store"] + options,
                in: store.folder
            ).wait()
            #expect(outcome.status == 0, "\(outcome.messages)")
            return outcome.output.split(separator: "\n").map(String.init)
        }
        let all = try export()
        #expect(try export("--from", "10", "--until", "30") == Array(all[10..<30]))
        #expect(try export("--until", "2001-01-01").isEmpty)
        #expect(try export("--until", "2101-01-01") == all)
        #expect(try export("--from", "1000000").isEmpty)
        let ingested = try export("--type", "document.ingested")
        #expect(ingested == all.filter { $0.contains("\"type\":\"document.ingested\"") })
        #expect(!ingested.isEmpty && ingested.allSatisfy { $0.contains("\"content\":\"") })
        let bare = try export("--no-content")
        #expect(bare.count == all.count)
        #expect(bare.allSatisfy { !$0.contains("\"content\":\"") })
    }

    @Test("of what is no store says so")
    func noStore() throws {
        let folder = try TestFolder()
        let outcome = try folder.annals("log", "export", "--store", "nowhere")
        #expect(outcome.status == 66)
        #expect(outcome.messages.contains("nowhere"))
        #expect(outcome.output.isEmpty)
    }
}
