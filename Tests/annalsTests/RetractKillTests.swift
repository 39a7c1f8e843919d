import EventLog
import Testing

/// Invariant 5, for takedowns.
@Suite("A takedown that is killed")
struct RetractKillTests {
    private static let points = [
        "log.written:1", "log.synchronized:1", "log.promised:1", "retract.appended:1",
        "erase.prepared:1", "erase.replaced:1", "retract.erased:1", "rewrite.prepared:1",
        "rewrite.appended:1", "rewrite.replaced:1", "rewrite.replaced:2", "retract.exported:1",
    ]

    /// What must be alike, however the takedown went.
    private static func state(_ store: RetractStore) throws -> [String] {
        let listed = try store.annals(["log", "list", "--store", "store", "--format", "json"])
        let documents = listed.output.split(separator: "\n")
            .filter { $0.contains("\"type\":\"document.") }
            .map { Store.withoutTimeAndRun(String($0)) }
        return documents + [
            store.folder.read("out/news.jsonl"), store.folder.read("out/news.csv"),
        ]
    }

    @Test("is completed by the same command", arguments: points)
    func sameCommand(point: String) throws {
        let store = try RetractStore()
        _ = try store.run()
        let killed = try store.retract("secret", failpoint: point)
        #expect(killed.status == 137, "\(killed.messages)")
        let verified = try store.annals(["log", "verify", "--store", "store"])
        #expect(verified.status == 0, "\(verified.output)")
        #expect(verified.messages.contains("a takedown of this store was interrupted"))
        let plan = try store.annals(["plan", "news.yaml"])
        #expect(plan.status == 2, "\(plan.messages)")
        #expect(plan.output.contains("a takedown was interrupted: it is completed first"))
        let again = try store.retract("secret")
        #expect(again.status == 0, "\(again.messages)")
        try expectGone(store)
        let whole = try RetractStore()
        _ = try whole.run()
        _ = try whole.retract("secret")
        #expect(try Self.state(store) == Self.state(whole))
    }

    @Test("is completed by the next run, once the log says that it was begun", arguments: points)
    func nextRun(point: String) throws {
        let store = try RetractStore()
        _ = try store.run()
        let killed = try store.retract("secret", failpoint: point)
        #expect(killed.status == 137, "\(killed.messages)")
        let isStated = try store.annals(["log", "list", "--store", "store"]).output
            .contains("document.retracted")
        let run = try store.run()
        #expect(run.status == 0, "\(run.messages)")
        #expect(run.messages.contains("a takedown was interrupted"))
        // A batch that was written and not acknowledged is kept when the log is opened again.
        let isWithdrawn = try isStated || store.status(of: "secret") == "retracted"
        guard isWithdrawn else {
            #expect(["log.written:1", "log.synchronized:1"].contains(point))
            return
        }
        try expectGone(store)
        let settled = try store.run()
        #expect(settled.output.contains("2 events appended"), "\(settled.output)")
        #expect(!settled.messages.contains("takedown"))
    }

    @Test("names the exports that the pipeline no longer writes and that may hold the document")
    func otherExports() throws {
        let store = try RetractStore()
        _ = try store.run()
        _ = try store.retract("secret", failpoint: "retract.erased:1")
        let pipeline = store.folder.read("news.yaml")
        try store.folder.write(
            "news.yaml",
            pipeline.replacing("out/news.json", with: "out/all.json")
        )
        let run = try store.run()
        #expect(run.status == 0, "\(run.messages)")
        let left = "left alone, and may hold what is withdrawn: out/news."
        #expect(run.messages.contains(left + "jsonl"), "\(run.messages)")
        #expect(!run.messages.contains(left + "csv"))
        #expect(!store.folder.read("out/news.csv").contains("zeppelin"))
        #expect(!store.folder.read("out/all.jsonl").contains("zeppelin"))
        #expect(try !store.run().messages.contains("left alone"))
    }

    private func expectGone(_ store: RetractStore) throws {
        for phrase in RetractStore.phrases { #expect(try !store.holds(phrase), "\(phrase)") }
        #expect(!store.folder.exists("store/takedown.unfinished"))
        #expect(!store.folder.exists("out/news.jsonl.rebuilding"))
        let verified = try store.annals(["log", "verify", "--store", "store"])
        #expect(verified.status == 0, "\(verified.output)")
        #expect(verified.output.contains("erased: 5 events of secret"))
    }

    @Test("a document is withdrawn in the middle of a run that was killed; the run's sums hold")
    func unfinishedRun() throws {
        let store = try Store(documents: 600)
        try store.killed(at: "group.appended:3")
        let listed = try store.folder.annals("show", "documents", "--store", "store")
        let rows = listed.output.split(separator: "\n").map { $0.split(separator: " ") }
        for status in ["kept", "duplicate", "dropped"] {
            let row = try #require(rows.first { $0.contains(Substring(status)) }, "\(status)")
            let id = String(row[0])
            let outcome = try store.folder.annals(
                "retract",
                id,
                "--reason",
                "x",
                "--yes",
                "--pipeline",
                "news.yaml"
            )
            #expect(outcome.status == 0, "\(outcome.messages)")
        }
        let resumed = try store.run()
        #expect(resumed.status == 65, "the corpus holds broken records: \(resumed.messages)")
        #expect(!resumed.messages.contains("add up"))
        let verified = try store.folder.annals("log", "verify", "--store", "store")
        #expect(verified.status == 0, "\(verified.output)")
        // Of those that were still to come, some have the words of a withdrawn one.
        let sheet = resumed.output.split(separator: "\n").first { $0.hasPrefix("ingest") } ?? ""
        let counts = sheet.split(separator: " ").compactMap { Int($0) }
        try #require(counts.count == 5, "\(resumed.output)")
        #expect(counts[0] == 600)
        #expect(counts[1] + counts[2] == 574)
        #expect(counts[4] == 26)
        #expect(counts[2] > 0)
        #expect(try store.run().output.contains("2 events appended"))
    }

    @Test("events that nobody withdrew and that are erased are no silence")
    func unexplained() throws {
        let store = try RetractStore()
        _ = try store.run()
        _ = try store.retract("secret")
        let writer = try EventLogWriter.open(store.folder.path + "/store")
        let report = try writer.erase([EventPosition(12)])
        writer.close()
        #expect(report.events.count == 1)
        let verified = try store.annals([
            "log", "verify", "--store", "store", "--no-projections",
        ])
        #expect(verified.status == 65)
        #expect(verified.output.contains("event 12 is erased, and no takedown speaks of it"))
        let json = try store.annals([
            "log", "verify", "--store", "store", "--no-projections", "--format", "json",
        ])
        #expect(json.output.contains("\"unexplained\":[12]"))
    }
}
