import Glibc
import Testing

@Suite("annals log repair")
struct LogRepairTests {
    /// A finished store in which a byte of the second batch is another.
    private func damaged() throws -> Store {
        let store = try Store(documents: 300)
        #expect(try store.run().status == 65, "the corpus holds broken records")
        var bytes = store.folder.bytes(Self.segment)
        let batches = stride(from: 4096, to: bytes.count, by: 8).filter {
            bytes[$0..<$0 + 4].elementsEqual("ABT1".utf8)
        }
        try #require(batches.count > 3)
        bytes[batches[1] + 3000] ^= 1
        try store.folder.write(Self.segment, bytes: bytes)
        return store
    }

    private static let segment = "store/log/00000000000000000000.seg"

    @Test("shows what it would do, and changes nothing until it is told to")
    func planned() throws {
        let store = try damaged()
        let before = store.folder.bytes(Self.segment)
        let verified = try store.folder.annals("log", "verify", "--store", "store")
        #expect(verified.status == 65)
        #expect(verified.output.contains("annals log repair"))
        let plan = try store.folder.annals("log", "repair", "--store", "store")
        #expect(plan.status == 65)
        #expect(plan.output.contains("lost: events "))
        #expect(plan.messages.contains("nothing was changed"))
        #expect(store.folder.bytes(Self.segment) == before)
        #expect(!store.folder.exists("store/quarantine"))
    }

    @Test("keeps the damaged file, records the gap, and the store goes on")
    func applied() throws {
        let store = try damaged()
        let before = store.folder.bytes(Self.segment)
        let applied = try store.folder.annals("log", "repair", "--apply", "--store", "store")
        #expect(applied.status == 0, "\(applied.messages)")
        #expect(store.folder.bytes("store/quarantine/00000000000000000000.damaged") == before)
        let verified = try store.folder.annals(
            "log",
            "verify",
            "--store",
            "store",
            "--format",
            "json"
        )
        #expect(verified.status == 0, "\(verified.output)")
        #expect(verified.output.contains("\"gaps\":[{\"segment\":\"00000000000000000000.seg\""))
        let export = try store.folder.annals("log", "export", "--store", "store")
        #expect(export.status == 0)
        #expect(export.messages.contains("are lost, as a repair recorded\n"))
        let last = try store.folder.annals("log", "tail", "-n", "1", "--store", "store")
        #expect(last.output.contains("log.repaired"))

        // What is lost is read again; what is not stays as it was.
        let rest = try store.run()
        #expect(rest.status == 65, "the corpus holds broken records: \(rest.messages)")
        let checked = try store.folder.annals("log", "verify", "--store", "store")
        #expect(checked.status == 0, "\(checked.output)")
        #expect(checked.output.contains("as the log gives them"))
        let whole = try Store(documents: 300)
        _ = try whole.run()
        let documents = try store.folder.annals("show", "documents", "--store", "store")
        let expected = try whole.folder.annals("show", "documents", "--store", "store")
        #expect(
            documents.output.split(separator: "\n").count
                == expected.output.split(separator: "\n").count
        )
        let again = try store.folder.annals("log", "repair", "--store", "store")
        #expect(again.status == 0)
        #expect(again.output.hasPrefix("there is nothing to repair\n"))
    }

    @Test("leaves no trace in the exports that the next run writes", arguments: [false, true])
    func exports(isExportGone: Bool) throws {
        let store = try damaged()
        _ = try store.folder.annals("log", "repair", "--apply", "--store", "store")
        if isExportGone { store.folder.delete("out/news.jsonl") }
        _ = try store.run()
        try Self.expectExports(of: store)
        let before = store.folder.bytes("out/news.jsonl")
        let again = try store.run()
        #expect(again.status == 0, "\(again.messages)")
        #expect(store.folder.bytes("out/news.jsonl") == before)
    }

    /// Each record once, and as many as without damage: of some that are alike another is kept, as
    /// what was lost comes later in the log's order than what was not.
    private static func expectExports(of store: Store) throws {
        let whole = try Store(documents: 300)
        _ = try whole.run()
        for file in ["out/news.jsonl", "out/news.csv"] {
            let ids = try ids(store, file)
            #expect(try ids.count == Self.ids(whole, file).count, "\(file)")
            #expect(Set(ids).count == ids.count, "\(file)")
        }
    }

    /// The ids of an export's records, or the records.
    private static func ids(_ store: Store, _ file: String) throws -> [String] {
        let lines = store.folder.read(file).split(separator: "\n")
        #expect(lines.allSatisfy { !$0.utf8.contains(0) })
        return lines.map { line in
            let id = line.split(separator: ",").first { $0.contains("\"id\":") }
            return String(id ?? line)
        }
    }

    @Test("a copy of a lost document that is gone from the sources takes its place")
    func lostOriginal() throws {
        let folder = try TestFolder()
        let text = "A text that is long enough to be kept by the rules of the pipeline below. "
        try folder.write("news/a.txt", String(repeating: text, count: 3))
        try folder.write(
            "p.yaml",
            """
            pipeline: p
            store: store
            stages:
              - ingest: {from: [news/*.txt]}
              - clean: {}
              - deduplicate: {exact: true}
              - export: {to: out.jsonl}
            """
        )
        #expect(try folder.annals("run", "p.yaml").status == 0)
        try folder.write("news/b.txt", String(repeating: text, count: 3))
        #expect(try folder.annals("run", "p.yaml").status == 0)
        let path = "store/log/00000000000000000000.seg"
        var bytes = folder.bytes(path)
        let batches = stride(from: 4096, to: bytes.count, by: 8).filter {
            bytes[$0..<$0 + 4].elementsEqual("ABT1".utf8)
        }
        bytes[batches[1] + 300] ^= 1
        try folder.write(path, bytes: bytes)
        #expect(try folder.annals("log", "repair", "--apply", "--store", "store").status == 0)
        folder.delete("news/a.txt")
        #expect(try folder.annals("run", "p.yaml").status == 0)
        #expect(folder.read("out.jsonl").split(separator: "\n").count == 1)
        #expect(folder.read("out.jsonl").contains("news/b.txt"))
    }

    @Test("interrupted before it said so, says so when it is called again")
    func interrupted() throws {
        let store = try damaged()
        let killed = try AnnalsProcess(
            ["log", "repair", "--apply", "--store", "store"],
            in: store.folder,
            environment: ["ANNALS_FAILPOINT": "repair.performed:1"]
        ).wait()
        #expect(killed.status == 137, "\(killed.messages)")
        let plan = try store.folder.annals("log", "repair", "--store", "store")
        #expect(plan.status == 65)
        #expect(plan.output.contains("to be recorded"))
        let applied = try store.folder.annals("log", "repair", "--apply", "--store", "store")
        #expect(applied.status == 0, "\(applied.messages)")
        let last = try store.folder.annals("log", "tail", "-n", "1", "--store", "store")
        #expect(last.output.contains("log.repaired"))
        _ = try store.run()
        try Self.expectExports(of: store)
        let verified = try store.folder.annals("log", "verify", "--store", "store")
        #expect(verified.status == 0, "\(verified.output)")
    }

    @Test("interrupted and not called again, leaves no trace in the exports either")
    func forgotten() throws {
        let store = try damaged()
        _ = try AnnalsProcess(
            ["log", "repair", "--apply", "--store", "store"],
            in: store.folder,
            environment: ["ANNALS_FAILPOINT": "repair.performed:1"]
        ).wait()
        _ = try store.run()
        try Self.expectExports(of: store)
    }

    @Test("a damaged HEAD is told by readers, and written anew")
    func head() throws {
        let store = try Store(documents: 100)
        _ = try store.run()
        var head = store.folder.bytes("store/HEAD")
        head[20] ^= 1
        head[532] ^= 1
        try store.folder.write("store/HEAD", bytes: head)
        let list = try store.folder.annals("log", "list", "--store", "store")
        #expect(list.status == 0)
        #expect(list.messages.contains("HEAD is damaged"))
        #expect(try store.folder.annals("log", "verify", "--store", "store").status == 65)
        #expect(try store.folder.annals("log", "repair", "--store", "store").status == 65)
        let applied = try store.folder.annals("log", "repair", "--apply", "--store", "store")
        #expect(applied.status == 0, "\(applied.messages)")
        #expect(try store.folder.annals("log", "verify", "--store", "store").status == 0)
        let after = try store.folder.annals("log", "list", "--store", "store")
        #expect(!after.messages.contains("HEAD"))
    }

    @Test(
        "with closed descriptors no message is written into a file of the store",
        arguments: ["2>&-", ">&- 2>&-", "<&- >&- 2>&-"]
    )
    func closedDescriptors(closing: String) throws {
        let store = try Store(documents: 50)
        _ = try store.run()
        try store.folder.write("store/derived/projections/leaders.sqlite", "junk")
        _ = try store.folder.shell("\(Binary.path) show leaders --store store \(closing)")
        let lock = "store/derived/projections/catch-up.lock"
        #expect(store.folder.exists(lock))
        #expect(store.folder.bytes(lock).isEmpty)
    }
}
