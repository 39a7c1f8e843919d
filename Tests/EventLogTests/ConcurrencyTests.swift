import EventLog
import Testing

@Suite("Readers beside the writer")
struct ConcurrencyTests {
    @Test("readers see a growing prefix of whole batches while the log grows and rolls")
    func readersDuringWrites() async throws {
        let directory = TemporaryDirectory()
        let batches = loopCount("EVENTLOG_CONCURRENT_BATCHES", default: 60)
        let path = directory.path
        let writer = try EventLogWriter.open(
            path,
            options: LogOptions(segmentByteLimit: 20_000)
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for _ in 0..<batches { try Sample.append(to: writer, count: 10) }
            }
            for _ in 0..<2 {
                group.addTask { try Self.follow(path, until: batches * 10) }
            }
            try await group.waitForAll()
        }
        #expect(try LogVerifier.verify(path).ok)
    }

    /// Reads what is new until all is there.
    private static func follow(_ path: String, until count: Int) throws {
        var reader = try EventLogReader.open(path)
        var seen = 0
        while seen < count {
            let before = reader.end
            try reader.refresh()
            #expect(reader.end >= before)
            #expect(reader.end.rawValue % 10 == 0)
            let events = try Sample.read(reader, from: EventPosition(UInt64(seen)))
            #expect(seen + events.count == Int(reader.end.rawValue))
            for (index, event) in events.enumerated() where event != Sample.event(seen + index) {
                Issue.record("event \(seen + index) is not as it was appended")
            }
            seen += events.count
        }
    }

    @Test("a reader that is not refreshed keeps its end; a copy of it may go on")
    func snapshots() throws {
        let disk = MemoryStorage()
        let writer = try EventLogWriter.open(
            "store",
            storage: disk,
            options: LogOptions(segmentByteLimit: 5000)
        )
        let empty = try EventLogReader.open("store", storage: disk)
        #expect(empty.end == .first)
        for _ in 0..<5 { try Sample.append(to: writer, count: 10) }
        var reader = empty
        try reader.refresh()
        #expect(try Sample.read(empty).isEmpty)
        #expect(try Sample.read(reader) == Sample.events(50))
    }

    @Test("a copy made while a writer appends opens, if HEAD was copied first")
    func onlineBackup() throws {
        let disk = MemoryStorage()
        let writer = try EventLogWriter.open(
            "store",
            storage: disk,
            options: LogOptions(segmentByteLimit: 6000)
        )
        for appended in 1...6 {
            let head = disk.files["store/HEAD"]
            try Sample.append(to: writer, count: 10)
            var copy = disk.files
            copy["store/HEAD"] = head
            copy["store/LOCK"] = nil
            let restored = MemoryStorage(copy)
            let reopened = try EventLogWriter.open("store", storage: restored)
            #expect(reopened.nextPosition == EventPosition(UInt64(appended * 10)))
        }
    }
}
