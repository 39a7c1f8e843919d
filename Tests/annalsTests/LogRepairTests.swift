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
}
