import Glibc
import Testing

/// A store copied by plain `cp` while a run writes to it, as README says: HEAD first, then the rest.
@Suite("A backup made while a run writes")
struct BackupTests {
    private static let copy = """
        mkdir -p copy/log && cp store/HEAD store/STORE copy/ && cp store/log/*.seg copy/log/
        """

    @Test("opens, verifies, holds what was promised, and can be gone on with")
    func whileWriting() throws {
        let store = try Store(documents: 4000)
        let run = try store.start()
        #expect(run.waitUntil { store.folder.exists("out/news.csv") })
        var copies = 0
        while !run.hasEnded, copies < 12 {
            store.folder.delete("copy")
            let copied = try store.folder.shell(Self.copy)
            try #require(copied.status == 0, "\(copied.messages)")
            copies += 1
            try expectSound(store.folder)
        }
        #expect(copies > 2, "the run was over too soon")
        let whole = run.wait()
        #expect(whole.status == 65, "the corpus holds broken records: \(whole.messages)")

        let events = try store.events()
        store.folder.delete("store")
        _ = try store.folder.shell("mv copy store && rm -rf out")
        let isWhole = try store.hasFinished()
        let rest = try store.run()
        #expect(rest.status == (isWhole ? 0 : 65), "\(rest.messages)")
        // A copy made after the last event has nothing left to do: a run's two events of its own.
        let own = isWhole ? 2 : 0
        #expect(try store.events().dropLast(own) == events[...])
        let verified = try store.folder.annals("log", "verify", "--store", "store")
        #expect(verified.status == 0)
    }

    private func expectSound(_ folder: TestFolder) throws {
        let verified = try folder.annals("log", "verify", "--store", "copy")
        #expect(verified.status == 0, "\(verified.output)\(verified.messages)")
        let events = try folder.annals("log", "list", "--store", "copy", "--format", "json")
        #expect(events.status == 0, "\(events.messages)")
        let original = try folder.annals("log", "list", "--store", "store", "--format", "json")
        #expect(!events.output.isEmpty)
        #expect(original.output.hasPrefix(events.output))
    }
}
