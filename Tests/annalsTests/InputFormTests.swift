import Testing

/// The forms in which documents come: compressed, streamed, in other charsets, under other names.
@Suite("Input")
struct InputFormTests {
    private static let text = (0..<30).map { "word\($0)" }.joined(separator: " ")

    private func folder(from: String, ingest: String = "") throws -> TestFolder {
        let folder = try TestFolder()
        try PipelineText.write(into: folder, from: from, ingest: ingest)
        return folder
    }

    @Test("compressed by gzip or zstd gives the documents that it would give plain")
    func compressed() throws {
        let store = try Store(documents: 100)
        _ = try store.run()
        let packed = try Store(documents: 100)
        let shell = try packed.folder.shell(
            "gzip news/part-[01].jsonl && zstd -q --rm news/part-[23].jsonl"
        )
        try #require(shell.status == 0, "\(shell.messages)")
        try PipelineText.write(into: packed.folder, from: "[news]")
        _ = try packed.run()
        let ids = { (store: Store) in
            store.folder.read("out/news.jsonl").split(separator: "\n").map {
                $0.prefix { $0 != "," }
            }
        }
        #expect(ids(packed) == ids(store))
        #expect(!ids(store).isEmpty)
    }

    @Test("on standard input has its record's number for a name")
    func standardInput() throws {
        let folder = try folder(from: "[\"-\"]", ingest: "format: jsonl")
        try folder.write("in", "{\"text\":\"\(Self.text)\"}\n")
        let outcome = try folder.annals("run", "news.yaml", input: .file(folder.path + "/in"))
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(folder.read("out/news.jsonl").hasPrefix("{\"id\":\"-#1\",\"position\":"))
    }

    @Test("under other field names is read by them")
    func fieldNames() throws {
        let fields = "fields: {id: key, text: [lead, body], title: head, published: day}"
        let folder = try folder(from: "[news]", ingest: fields)
        try folder.write(
            "news/a.jsonl",
            "{\"key\":\"k1\",\"head\":\"H\",\"day\":\"2017-11-21\",\"lead\":\"First.\",\"body\":\"\(Self.text)\"}\n"
        )
        let outcome = try folder.annals("run", "news.yaml")
        #expect(outcome.status == 0, "\(outcome.messages)")
        let record = folder.read("out/news.jsonl")
        #expect(record.hasPrefix("{\"id\":\"k1\","))
        #expect(record.contains("\"title\":\"H\",\"published\":\"2017-11-21\""))
        #expect(record.contains("First."))
    }

    @Test("in UTF-16 is known by its mark, in Windows-1252 by declaration")
    func charsets() throws {
        let utf16 = try folder(from: "[news]")
        let text = Self.text + " café"
        try utf16.write(
            "news/a.txt",
            bytes: [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        )
        #expect(try utf16.annals("run", "news.yaml").status == 0)
        #expect(utf16.read("out/news.jsonl").contains("café"))
        let western = try folder(from: "[news]", ingest: "charset: windows-1252")
        try western.write("news/a.txt", bytes: Array((Self.text + " caf").utf8) + [0xE9])
        #expect(try western.annals("run", "news.yaml").status == 0)
        #expect(western.read("out/news.jsonl").contains("café"))
    }
}
