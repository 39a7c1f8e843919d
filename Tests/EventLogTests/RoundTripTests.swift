import Bytes
import EventLog
import Testing

@Suite("The event log, written and read back")
struct RoundTripTests {
    @Test(
        "every event comes back as it was appended",
        arguments: [Compression.none, .fast, .zstd(level: 9)]
    )
    func roundTrip(compression: Compression) throws {
        let disk = MemoryStorage()
        let writer = try EventLogWriter.open("store", storage: disk)
        for count in [1, 7, 100, 3] {
            try Sample.append(to: writer, count: count, compression: compression)
        }
        #expect(writer.nextPosition == EventPosition(111))

        let reader = try EventLogReader.open("store", storage: disk)
        #expect(reader.end == EventPosition(111))
        #expect(reader.storeID == writer.storeID)
        #expect(try Sample.read(reader) == Sample.events(111))
    }

    @Test("a real disk does as the one in memory")
    func realDisk() throws {
        let directory = TemporaryDirectory()
        let store = directory.path + "/deep/er/store"
        let options = LogOptions(segmentByteLimit: 6000)
        for round in 1...5 {
            let writer = try EventLogWriter.open(store, options: options)
            #expect(writer.recovery == nil)
            try Sample.append(to: writer, count: 20)
            #expect(writer.nextPosition == EventPosition(UInt64(round * 20)))
            writer.close()
        }
        #expect(try Sample.read(EventLogReader.open(store)) == Sample.events(100))
        let report = try LogVerifier.verify(store)
        #expect(report.ok)
        #expect(report.events == 100)
        #expect(report.segments > 1)
    }

    @Test("a full segment is sealed and the next one continues it", arguments: [1, 2, 5])
    func roll(batchesPerOpen: Int) throws {
        let disk = MemoryStorage()
        for _ in 0..<6 {
            let writer = try EventLogWriter.open(
                "store",
                storage: disk,
                options: LogOptions(segmentByteLimit: 8000)
            )
            for _ in 0..<batchesPerOpen {
                try Sample.append(to: writer, count: 25, compression: .none)
            }
            writer.close()
        }
        let segments = disk.files.keys.filter { $0.hasSuffix(".seg") }
        #expect(segments.count > batchesPerOpen)
        #expect(
            disk.files.filter { $0.key.hasSuffix(".seg") }.values.allSatisfy { $0.count < 8600 }
        )
        let reader = try EventLogReader.open("store", storage: disk)
        #expect(try Sample.read(reader) == Sample.events(batchesPerOpen * 150))
        #expect(try LogVerifier.verify("store", storage: disk).ok)
    }

    @Test("a scan may begin and end anywhere", arguments: [0, 1, 24, 25, 26, 49, 120, 149])
    func ranges(from: Int) throws {
        let disk = try Self.sixBatches()
        let reader = try EventLogReader.open("store", storage: disk)
        for until in [from, from + 1, from + 30, 150, 1000] {
            var positions: [UInt64] = []
            try reader.scan(
                from: EventPosition(UInt64(from)),
                until: EventPosition(UInt64(until))
            ) { batch throws(LogError) in
                positions += batch.indices.map { batch[$0].position.rawValue }
                return .continue
            }
            #expect(positions == (from..<max(from, min(until, 150))).map { UInt64($0) })
        }
    }

    @Test("contents stay closed unless asked for")
    func withoutContent() throws {
        let disk = try Self.sixBatches()
        let reader = try EventLogReader.open("store", storage: disk)
        let events = try Sample.read(reader, content: false)
        #expect(events.allSatisfy { $0.content == nil })
        #expect(events.map(\.facts) == Sample.events(150).map(\.facts))
    }

    @Test("batches without a wanted type are passed over by their headers")
    func typeFilter() throws {
        let disk = MemoryStorage()
        let writer = try EventLogWriter.open(
            "store",
            storage: disk,
            options: LogOptions(segmentByteLimit: 8000)
        )
        for number in 0..<40 {
            var event = Sample.event(number)
            event.type = number % 10 == 3 ? "rare" : "common"
            event.causeDistance = 0
            let batch = try Sample.builder(first: writer.nextPosition, [event, event]).encode()
            try writer.append(batch, time: 1)
        }
        let reader = try EventLogReader.open("store", storage: disk)
        var positions: [UInt64] = []
        try reader.scan(types: ["rare"]) { batch throws(LogError) in
            let rare = batch.typeIndex(of: "rare")
            positions += batch.indices.filter { batch.typeIndex($0) == rare }
                .map { batch[$0].position.rawValue }
            #expect(batch.types == ["rare"])
            return .continue
        }
        #expect(positions == [6, 7, 26, 27, 46, 47, 66, 67])
        try reader.scan(types: ["never"]) { _ throws(LogError) in
            Issue.record("a batch without the type was shown")
            return .continue
        }
    }

    @Test("one event can be looked up, a position past the end cannot")
    func lookup() throws {
        let disk = try Self.sixBatches()
        let reader = try EventLogReader.open("store", storage: disk)
        for position in [0, 24, 25, 77, 149] {
            let event = try reader.record(at: EventPosition(UInt64(position)))
            let expected = Sample.event(position)
            #expect(event.record.position == EventPosition(UInt64(position)))
            #expect(event.stream == expected.stream)
            #expect(event.facts == expected.facts)
            #expect(event.content == expected.content)
            #expect(event.run == "run-1")
        }
        let error = #expect(throws: LogError.self) { try reader.record(at: EventPosition(150)) }
        #expect(error?.code == .noSuchPosition)
    }

    @Test("times and batches can be found without reading events")
    func summaries() throws {
        let disk = try Self.sixBatches()
        let reader = try EventLogReader.open("store", storage: disk)
        let summary = try reader.batch(holding: EventPosition(60))
        #expect(summary.firstPosition == EventPosition(50))
        #expect(summary.count == 25)
        #expect(summary.time == Sample.time(of: EventPosition(50)))
        var chains: [String] = []
        try reader.scan { batch throws(LogError) in
            chains.append(batch.chain.description)
            return .continue
        }
        #expect(chains[2] == summary.chain.description)
        #expect(try reader.position(after: 0) == .first)
        #expect(try reader.position(after: summary.time) == EventPosition(75))
        #expect(try reader.position(after: summary.time - 1) == EventPosition(50))
        #expect(try reader.position(after: .max) == reader.end)
    }

    @Test("a scan stops when told, and passes on what the body throws")
    func stopping() throws {
        struct Refusal: Error {}
        let disk = try Self.sixBatches()
        let reader = try EventLogReader.open("store", storage: disk)
        var batches = 0
        try reader.scan { _ throws(LogError) in
            batches += 1
            return batches == 2 ? .stop : .continue
        }
        #expect(batches == 2)
        #expect(throws: Refusal.self) {
            try reader.scan { _ throws(Refusal) in throw Refusal() }
        }
        #expect(disk.openCount == 0)
    }

    @Test("a record far larger than a segment is one batch, one segment")
    func hugeRecord() throws {
        let disk = TemporaryDirectory()
        let byteCount = loopCount("EVENTLOG_HUGE_BYTES", default: 5_000_000)
        let writer = try EventLogWriter.open(
            disk.path,
            options: LogOptions(segmentByteLimit: 1 << 20)
        )
        try Sample.append(to: writer, count: 5)
        var huge = Sample.event(5, contentByteCount: 0)
        huge.content = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
        let batch = try Sample.builder(first: writer.nextPosition, [huge])
            .encode(compression: .none)
        try writer.append(batch, time: 6)
        try Sample.append(to: writer, count: 5)
        writer.close()
        let reopened = try EventLogWriter.open(disk.path)
        #expect(reopened.nextPosition == EventPosition(11))
        let reader = try EventLogReader.open(disk.path)
        #expect(try reader.record(at: EventPosition(5)).content == huge.content)
        #expect(try Sample.read(reader, content: false).count == 11)
        #expect(try LogVerifier.verify(disk.path).segments == 3)
    }

    /// Six batches of 25 events, over several segments.
    static func sixBatches() throws -> MemoryStorage {
        let disk = MemoryStorage()
        let writer = try EventLogWriter.open(
            "store",
            storage: disk,
            options: LogOptions(segmentByteLimit: 8000)
        )
        for _ in 0..<6 { try Sample.append(to: writer, count: 25, compression: .none) }
        writer.close()
        return disk
    }
}
