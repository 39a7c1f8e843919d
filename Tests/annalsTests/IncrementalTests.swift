import Glibc
import Testing

/// Invariants 4 and 6: the same work gives the same events, and is not done twice.
@Suite("A further run")
struct IncrementalTests {
    @Test("over unchanged documents appends no document event")
    func unchanged() throws {
        let store = try Store(documents: 300)
        _ = try store.run()
        let (events, export) = (try store.events(), store.folder.bytes("out/news.csv"))
        let again = try store.run("--format", "json")
        #expect(again.output.contains("\"unchanged\":300,"))
        #expect(again.messages.contains("records failed in earlier runs and have not changed"))
        let all = try store.events()
        #expect(all.dropLast(2) == events[...])
        #expect(all.suffix(2).allSatisfy { $0.contains("\"type\":\"run.") })
        #expect(store.folder.bytes("out/news.csv") == export)
    }

    @Test("with other numbers of workers, files and commits gives the same events")
    func deterministic() throws {
        let one = try Store(documents: 400)
        _ = try one.run("--jobs", "1")
        let eight = try Store(documents: 400)
        _ = try eight.folder.annals("run", "news.yaml", "--jobs", "8")
        try eight.expectEqual(one)
        let inParts = try Store(documents: 400)
        _ = try inParts.run("--limit", "150")
        _ = try inParts.run("--jobs", "3")
        #expect(
            inParts.folder.read("out/news.jsonl").split(separator: "\n").count
                == one.folder.read("out/news.jsonl").split(separator: "\n").count
        )
        #expect(try inParts.documentEvents() == one.documentEvents())
    }

    @Test("takes a changed document for a new revision, and no old record stays")
    func revisions() throws {
        let store = try Store(documents: 200)
        _ = try store.run()
        try store.changeEveryThird()
        let outcome = try store.run()
        #expect(outcome.output.contains("documents unchanged since earlier runs"))
        let export = store.folder.read("out/news.jsonl").split(separator: "\n")
        let ids = export.compactMap { $0.split(separator: "\"").dropFirst(3).first }
        #expect(Set(ids).count == export.count, "each document once")
        let shown = try store.folder.annals(
            "show",
            "documents",
            "--store",
            "store",
            "--format",
            "csv"
        ).output
        #expect(shown.contains("Change"))
    }

    @Test("takes a new revision of an original without losing it to its own copy")
    func revisedOriginal() throws {
        let folder = try TestFolder()
        let text = (0..<40).map { "word\($0)" }.joined(separator: " ")
        let copy = "{\"id\":\"b\",\"text\":\"\(text)\"}\n"
        try PipelineText.write(into: folder)
        for title in ["First", "Second"] {
            try folder.write(
                "news/a.jsonl",
                "{\"id\":\"a\",\"title\":\"\(title)\",\"text\":\"\(text)\"}\n" + copy
            )
            #expect(try folder.annals("run", "news.yaml").status == 0)
        }
        let export = folder.read("out/news.jsonl")
        #expect(export.contains("\"title\":\"Second\"") && !export.contains("First"))
        #expect(export.split(separator: "\n").count == 1)
    }

    @Test("decides on a copy anew when its original has become another text")
    func revisedAwayFromCopy() throws {
        let folder = try TestFolder()
        let text = (0..<40).map { "word\($0)" }.joined(separator: " ")
        let other = (0..<40).map { "other\($0)" }.joined(separator: " ")
        try PipelineText.write(into: folder)
        for original in [text, other] {
            try folder.write("news/a.jsonl", "{\"id\":\"a\",\"text\":\"\(original)\"}\n")
            try folder.write("news/b.jsonl", "{\"id\":\"b\",\"text\":\"\(text)\"}\n")
            #expect(try folder.annals("run", "news.yaml").status == 0)
        }
        let export = folder.read("out/news.jsonl")
        #expect(export.contains(text) && export.contains(other))
        #expect(export.split(separator: "\n").count == 2)
        let again = try folder.annals("run", "news.yaml", "--format", "json")
        #expect(again.output.contains("\"unchanged\":2"))
    }

    @Test("decides on a copy anew that stands before its original in the input")
    func revisedAwayFromEarlierCopy() throws {
        let folder = try TestFolder()
        let text = (0..<40).map { "word\($0)" }.joined(separator: " ")
        let other = (0..<40).map { "other\($0)" }.joined(separator: " ")
        try PipelineText.write(into: folder)
        try folder.write("news/b.jsonl", "{\"id\":\"b\",\"text\":\"\(text)\"}\n")
        #expect(try folder.annals("run", "news.yaml").status == 0)
        try folder.write("news/a.jsonl", "{\"id\":\"a\",\"text\":\"\(text)\"}\n")
        #expect(try folder.annals("run", "news.yaml").status == 0)
        try folder.write("news/b.jsonl", "{\"id\":\"b\",\"text\":\"\(other)\"}\n")
        #expect(try folder.annals("run", "news.yaml").status == 0)
        let export = folder.read("out/news.jsonl")
        #expect(export.contains(text) && export.contains(other))
        let again = try folder.annals("run", "news.yaml", "--format", "json")
        #expect(again.output.contains("\"events\":2,") && again.output.contains("\"unchanged\":2"))
    }

    @Test("finds the later of two documents to be a copy when a revision makes them alike")
    func revisedIntoTheSame() throws {
        let folder = try TestFolder()
        let text = (0..<40).map { "word\($0)" }.joined(separator: " ")
        let other = (0..<40).map { "other\($0)" }.joined(separator: " ")
        try PipelineText.write(into: folder)
        for original in [text, "", text, other, text] {
            try folder.write("news/a.jsonl", "{\"id\":\"a\",\"text\":\"\(original)\"}\n")
            try folder.write("news/b.jsonl", "{\"id\":\"b\",\"text\":\"\(text)\"}\n")
            _ = try folder.annals("run", "news.yaml")
            let documents = try folder.annals(
                "show",
                "documents",
                "--store",
                "store",
                "--format",
                "json"
            )
            let isCopy = documents.output.contains("\"duplicate_of\":\"a\"")
            #expect(isCopy == (original == text), "\(original.prefix(6)): \(documents.output)")
            let lines = folder.read("out/news.jsonl").split(separator: "\n").count
            #expect(lines == (original == other ? 2 : 1))
        }
        let again = try folder.annals("run", "news.yaml", "--format", "json")
        #expect(again.output.contains("\"events\":2,"))
    }

    @Test("removes documents that are gone, and takes in those that are new")
    func addedAndRemoved() throws {
        let store = try Store(documents: 200)
        _ = try store.run()
        let before = store.folder.read("out/news.jsonl").split(separator: "\n")
        let gone = store.folder.read("news/part-0.jsonl")
        store.folder.delete("news/part-0.jsonl")
        let outcome = try store.run("--format", "json")
        #expect(outcome.output.contains("\"removed\":50}"))
        let after = store.folder.read("out/news.jsonl").split(separator: "\n")
        #expect(after.count < before.count && !after.contains { $0.hasPrefix("{\"id\":\"d1\"") })
        let documents = try store.folder.annals("show", "documents", "--store", "store").output
        #expect(!documents.contains("part-0") && documents.contains("part-1"))
        let again = try store.run("--format", "json")
        #expect(again.output.contains("\"events\":2,"))
        try store.folder.write("news/part-0.jsonl", gone)
        _ = try store.run()
        let back = store.folder.read("out/news.jsonl").split(separator: "\n")
        #expect(
            back.map(Store.withoutPosition).sorted() == before.map(Store.withoutPosition).sorted()
        )
    }

    @Test("keeps documents that are gone where the pipeline says so, or a source cannot be read")
    func goneIsKept() throws {
        let store = try Store(documents: 200)
        try PipelineText.write(into: store.folder, ingest: "gone: keep")
        _ = try store.run()
        let before = store.folder.bytes("out/news.jsonl")
        store.folder.delete("news/part-0.jsonl")
        #expect(try store.run("--format", "json").output.contains("\"removed\":0}"))
        try PipelineText.write(into: store.folder, from: "[news/*.jsonl, elsewhere/*.jsonl]")
        let unreadable = try store.run("--format", "json")
        #expect(unreadable.status == 66 && unreadable.output.contains("\"removed\":0}"))
        #expect(
            try store.run("--limit", "10", "--format", "json").output.contains("\"removed\":0}")
        )
        #expect(store.folder.bytes("out/news.jsonl") == before)
    }

    @Test("takes a document under another name for the same text, once the old name is gone")
    func renamed() throws {
        let folder = try TestFolder()
        let text = (0..<40).map { "word\($0)" }.joined(separator: " ")
        try PipelineText.write(into: folder, from: "[news/*.txt]")
        try folder.write("news/a.txt", text)
        try folder.write("news/c.txt", text + " more and more of it every day")
        _ = try folder.annals("run", "news.yaml")
        folder.delete("news/a.txt")
        try folder.write("news/b.txt", text)
        let outcome = try folder.annals("run", "news.yaml", "--format", "json")
        #expect(outcome.output.contains("\"removed\":1}"))
        let export = folder.read("out/news.jsonl").split(separator: "\n")
        #expect(export.count == 1 && export.first?.contains("news/c.txt") == true)
        let again = try folder.annals("run", "news.yaml", "--format", "json")
        #expect(again.output.contains("\"events\":2,"))
    }

    @Test("of a changed pipeline states those documents again whose result is another")
    func changedPipeline() throws {
        let store = try Store(documents: 200)
        _ = try store.run()
        try PipelineText.write(into: store.folder, words: "40..1000", threshold: "0.9")
        let changed = try store.run("--format", "json")
        let stated = try #require(changed.output.split(separator: "\"in\":").dropFirst().first)
        let count = try #require(Int(stated.prefix { $0.isNumber }))
        #expect(count > 10 && count < 150, "\(changed.output)")
        #expect(changed.output.contains("\"unchanged\":\(200 - count),"))
        let fresh = try Store(documents: 200)
        try PipelineText.write(into: fresh.folder, words: "40..1000", threshold: "0.9")
        _ = try fresh.run()
        #expect(
            store.folder.read("out/news.jsonl").split(separator: "\n").map(Store.withoutPosition)
                .sorted()
                == fresh.folder.read("out/news.jsonl").split(separator: "\n")
                .map(Store.withoutPosition).sorted()
        )
        #expect(try store.digests() == fresh.digests())
        let again = try store.run("--format", "json")
        #expect(again.output.contains("\"unchanged\":200,"))
        let definitions = try store.folder.annals(
            "log",
            "list",
            "--store",
            "store",
            "--type",
            "pipeline.defined",
            "--format",
            "json"
        ).output.split(separator: "\n")
        #expect(definitions.count == 2)
        #expect(definitions.last?.contains("words: 40..1000") == true)
    }

    @Test("killed while it states documents again leaves what one leaves that was not")
    func killedWhileStating() throws {
        let whole = try Store(documents: 200)
        _ = try whole.run()
        try PipelineText.write(into: whole.folder, words: "40..1000", threshold: "0.9")
        let uninterrupted = try whole.start().wait()
        #expect(uninterrupted.status == 0)
        let expected = try whole.snapshot()
        for point in ["run.begun:1", "group.appended:1", "group.written:1", "rewrite.appended:1"] {
            let store = try Store(documents: 200)
            _ = try store.run()
            try PipelineText.write(into: store.folder, words: "40..1000", threshold: "0.9")
            try store.killed(at: point)
            _ = try store.start().wait()
            try store.expectEqual(expected)
        }
    }

    @Test("of a pipeline with another projection records it and settles nothing anew")
    func changedProjection() throws {
        let store = try Store(documents: 100)
        _ = try store.run()
        try store.folder.append("news.yaml", "  by-topic: {index: topics, by: topic}\n")
        let outcome = try store.run("--format", "json")
        #expect(outcome.output.contains("\"unchanged\":100,"))
        let shown = try store.folder.annals("show", "by-topic", "--store", "store")
        #expect(shown.status == 0, "\(shown.messages)")
        #expect(try store.run("--format", "json").output.contains("\"unchanged\":100,"))
    }

    @Test("restores an export that somebody deleted, cut or added to, and says so")
    func restoresExports() throws {
        let store = try Store(documents: 200)
        _ = try store.run()
        let exports = ["out/news.jsonl", "out/news.csv"]
        let before = exports.map { store.folder.bytes($0) }
        let damages: [(String) throws -> Void] = [
            { store.folder.delete($0) },
            { try store.folder.write($0, bytes: Array(store.folder.bytes($0).dropLast(1000))) },
            { try store.folder.append($0, "something else\n") },
        ]
        for damage in damages {
            for export in exports { try damage(export) }
            let outcome = try store.run()
            for export in exports { #expect(outcome.messages.contains(export)) }
            #expect(outcome.messages.contains("written again from the log"))
            #expect(exports.map { store.folder.bytes($0) } == before)
        }
    }

    @Test("refuses a key that stands twice, in a file or across files, and stays unchanged")
    func repeatedKeys() throws {
        let folder = try TestFolder()
        let text = (0..<30).map { "word\($0)" }.joined(separator: " ")
        let other = (0..<30).map { "other\($0)" }.joined(separator: " ")
        try folder.write(
            "news/a.jsonl",
            "{\"id\":\"a\",\"text\":\"\(text)\"}\n{\"id\":\"a\",\"text\":\"\(other)\"}\n"
                + "{\"id\":\"news/b.jsonl#1\",\"text\":\"\(text) more\"}\n"
        )
        try folder.write(
            "news/b.jsonl",
            "{\"id\":\"a\",\"text\":\"\(other)\"}\n{\"text\":\"\(other)\"}\n"
        )
        try PipelineText.write(into: folder)
        let outcome = try folder.annals("run", "news.yaml", "--format", "json")
        #expect(outcome.status == 65)
        #expect(outcome.messages.contains("news/a.jsonl, byte"))
        #expect(outcome.messages.contains("the key 'a' stands earlier in this run's input"))
        #expect(
            outcome.output.contains(
                "\"in\":5,\"kept\":3,\"dropped\":0,\"duplicates\":0,\"failed\":2"
            )
        )
        let again = try folder.annals("run", "news.yaml", "--format", "json")
        #expect(again.output.contains("\"events\":2,"))
        #expect(again.output.contains("\"unchanged\":5,"))
    }

    @Test("an export between two stages is restored as that stage saw its documents")
    func exportInTheMiddle() throws {
        let store = try Store(documents: 100)
        let text = store.folder.read("news.yaml").split(separator: "\n").map(String.init)
        let middle = text.firstIndex { $0.contains("- enrich:") } ?? 0
        let lines = text[..<middle] + ["  - export: {to: out/early.jsonl}"] + text[middle...]
        try store.folder.write("news.yaml", lines.joined(separator: "\n") + "\n")
        _ = try store.run()
        let before = store.folder.bytes("out/early.jsonl")
        #expect(!before.isEmpty)
        store.folder.delete("out/early.jsonl")
        _ = try store.run()
        #expect(store.folder.bytes("out/early.jsonl") == before)
    }
}
