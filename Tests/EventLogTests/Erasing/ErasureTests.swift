import Bytes
import EventLog
import Testing

@Suite("Erasing events")
struct ErasureTests {
    @Test(
        "erased events have nothing, all others all, and no other byte of the store changes",
        arguments: [Compression.none, .fast, .zstd(level: 19)]
    )
    func erases(compression: Compression) throws {
        let (files, count) = try ErasedStore.whole(compression)
        for positions in [[0], [3, 4], [1, 9, 10, 11, 20], Array(0..<count)] {
            let disk = MemoryStorage(files)
            let report = try ErasedStore.erase(positions, on: disk)
            #expect(report.events.map(\.rawValue) == positions.map { UInt64($0) })
            #expect(report.byteCount > 0)
            try ErasedStore.check(disk, erased: Set(positions), count: count)
            for (path, bytes) in files where path.hasSuffix(".seg") {
                let after = try #require(disk.files[path])
                #expect(after.count == bytes.count)
                #expect((after == bytes) == !report.segments.contains { path.hasSuffix($0) })
            }
            #expect(disk.files["store/STORE"]?[48] == 2)
            #expect(!disk.files.keys.contains { $0.hasSuffix(".tmp") })
        }
    }

    @Test("the bytes of what was erased are nowhere in the store")
    func gone() throws {
        let (files, _) = try ErasedStore.whole(.none)
        let facts = Array("facts of event 4".utf8)
        let content = Array((0..<60).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 4) })
        #expect(ErasedStore.holds(files, facts) && ErasedStore.holds(files, content))
        let disk = MemoryStorage(files)
        try ErasedStore.erase([4], on: disk)
        #expect(!ErasedStore.holds(disk.files, facts))
        #expect(!ErasedStore.holds(disk.files, content))
    }

    @Test("erasing again changes nothing, more can be erased later, and the writer goes on")
    func again() throws {
        let (files, count) = try ErasedStore.whole(.fast)
        let disk = MemoryStorage(files)
        let writer = try EventLogWriter.open("store", storage: disk, options: ErasedStore.options)
        _ = try writer.erase([EventPosition(2)])
        let once = disk.files
        #expect(try writer.erase([EventPosition(2)]) == ErasureReport())
        #expect(disk.files == once)
        #expect(try writer.erase([]) == ErasureReport())
        let last = UInt64(count - 1)
        #expect(
            try writer.erase([EventPosition(2), EventPosition(last)]).events
                == [EventPosition(last)]
        )
        // Into the segment that was just written anew, and past it.
        for _ in 0..<4 { try Sample.append(to: writer, count: 2, contentByteCount: 60) }
        writer.close()
        try ErasedStore.check(disk, erased: [2, count - 1], count: count + 8)
        let next = try EventLogWriter.open("store", storage: disk, options: ErasedStore.options)
        #expect(next.recovery == nil)
        #expect(next.nextPosition.rawValue == UInt64(count + 8))
    }

    @Test("a position that the log does not have is refused, and nothing changes")
    func beyondEnd() throws {
        let (files, count) = try ErasedStore.whole(.fast)
        let disk = MemoryStorage(files)
        let error = #expect(throws: LogError.self) { try ErasedStore.erase([0, count], on: disk) }
        #expect(error?.code == .noSuchPosition)
        #expect(disk.files["store/STORE"] == files["store/STORE"])
        try ErasedStore.check(disk, erased: [], count: count)
    }

    @Test("a reader in the middle of a scan reads on, in the old file or the new one")
    func readersGoOn() throws {
        let (files, count) = try ErasedStore.whole(.fast)
        let disk = MemoryStorage(files)
        let reader = try EventLogReader.open("store", storage: disk)
        var cursor = reader.cursor(content: true)
        var seen = 0
        while try cursor.next() {
            if seen == 0 { try ErasedStore.erase(Array(0..<count), on: disk) }
            seen += cursor.batch.count
        }
        #expect(seen == count)
        var fresh = try EventLogReader.open("store", storage: disk)
        try fresh.refresh()
        #expect(try fresh.record(at: EventPosition(1)).record.isErased)
    }

    @Test("events with a hash in them leave frames in which the rest fits, at every level")
    func random() throws {
        for round in 0..<loopCount("ANNALS_ERASURES", default: 200) {
            var generator = SeededGenerator(state: UInt64(round))
            let level = Int32([1, 3, 19].randomElement(using: &generator) ?? 1)
            let text = (0..<400).map { _ in UInt8(97 + generator.next() % 7) }
            let events = (0..<1 + Int(generator.next() % 9)).map { number in
                var event = Sample.event(number)
                event.facts += (0..<32).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
                // Some say what others say.
                let start = Int(generator.next() % 200)
                if event.content != nil { event.content = Array(text[start..<start + start]) }
                return event
            }
            let disk = MemoryStorage()
            let writer = try EventLogWriter.open("store", storage: disk)
            let batch = try Sample.builder(first: .first, events)
                .encode(compression: .zstd(level: level))
            try writer.append(batch, time: 1)
            let chosen = Set(events.indices.filter { _ in generator.next() % 3 == 0 })
            _ = try writer.erase(Set(chosen.map { EventPosition(UInt64($0)) }))
            writer.close()
            let expected = events.enumerated().map { number, event in
                chosen.contains(number) ? ErasedStore.erased(event) : event
            }
            let reader = try EventLogReader.open("store", storage: disk)
            #expect(try Sample.read(reader) == expected, "round \(round)")
            #expect(try LogVerifier.verify("store", storage: disk).ok, "round \(round)")
        }
    }

    @Test("what lies in quarantine goes, and damaged bytes in gaps become zeros")
    func quarantineAndGaps() throws {
        var (files, count) = try ErasedStore.whole(.none)
        let path = RepairCheck.segments(files)[0]
        let frames = RepairCheck.frames(try #require(files[path]))
        files[path]?[frames[1] + 21] ^= 1
        let disk = MemoryStorage(files)
        let lost = try LogRepair.perform("store", storage: disk).plan.lost
        let gone = RepairCheck.positions(lost.map(\.gap))
        #expect(gone.contains(3))
        let phrase = Array("facts of event 3".utf8)
        #expect(ErasedStore.holds(disk.files, phrase))
        let report = try ErasedStore.erase([0], on: disk)
        #expect(report.emptiedGaps == 1)
        #expect(report.quarantine.count == 1)
        #expect(!ErasedStore.holds(disk.files, phrase))
        let verified = try LogVerifier.verify("store", storage: disk)
        #expect(verified.ok)
        #expect(RepairCheck.positions(verified.gaps) == gone)
        #expect(verified.erased == [.first])
        count -= gone.count
        #expect(verified.events == UInt64(count))
    }

    @Test("a store with erased events is repaired as any other, and they stay erased")
    func repaired() throws {
        let (files, count) = try ErasedStore.whole(.fast)
        let disk = MemoryStorage(files)
        try ErasedStore.erase([1, 9, 10], on: disk)
        let path = RepairCheck.segments(files)[0]
        let frames = RepairCheck.frames(try #require(disk.files[path]))
        for batch in [0, 1] {
            var damaged = disk.files
            damaged[path]?[frames[batch] + 200] ^= 4
            let broken = MemoryStorage(damaged)
            #expect(try !LogVerifier.verify("store", storage: broken).ok)
            let lost = try LogRepair.perform("store", storage: broken).plan.lost
            let positions = Set(RepairCheck.positions(lost.map(\.gap)).map { Int($0) })
            #expect((2...3).contains(positions.count))
            try ErasedStore.check(broken, erased: [1, 9, 10], lost: positions, count: count)
        }
    }

    @Test("flags of record and batch that contradict each other are refused, checksums or not")
    func forged() throws {
        let (files, _) = try ErasedStore.whole(.none)
        let disk = MemoryStorage(files)
        try ErasedStore.erase([0], on: disk)
        let path = RepairCheck.segments(files)[0]
        // The record's flag; the batch's flag; a second erased record that has facts.
        let changes: [(offset: Int, value: UInt8)] = [
            (192 + 25, 0), (192 + 25, 3), (110, 0), (192 + 32 + 25, 2), (120, 0),
        ]
        for source in [disk.files, files] {
            for (offset, value) in changes {
                var forged = source
                var bytes = try #require(forged[path])
                guard bytes[4096 + offset] != value else { continue }
                bytes[4096 + offset] = value
                let end = RepairCheck.word(bytes, 4096 + 12)
                Self.seal(&bytes, 4096 + 80, 4096 + 192..<4096 + 192 + end)
                Self.seal(&bytes, 4096 + 4, 4096 + 8..<4096 + 192)
                forged[path] = bytes
                let report = try LogVerifier.verify("store", storage: MemoryStorage(forged))
                #expect(!report.ok, "byte \(offset) = \(value)")
            }
        }
    }

    private static func seal(_ bytes: inout [UInt8], _ place: Int, _ range: Range<Int>) {
        let sum = Checksum.crc32c(bytes.span.extracting(range))
        for index in 0..<4 { bytes[place + index] = UInt8(truncatingIfNeeded: sum >> (8 * index)) }
    }

    @Test("a segment with erased events does not join another log")
    func joining() throws {
        let source = MemoryStorage()
        try Sample.segment(
            "data/segment",
            events: 0..<6,
            batches: 2,
            contentByteCount: 40,
            storage: source
        )
        let writer = try EventLogWriter.open("store", storage: source)
        try writer.adopt(segmentAt: "data/segment")
        _ = try writer.erase([EventPosition(1)])
        writer.close()
        // The joined copy, with the join block of a segment that has not joined.
        var bytes = try #require(source.files[RepairCheck.segments(source.files)[0]])
        bytes.replaceSubrange(512..<4096, with: [UInt8](repeating: 0, count: 3584))
        let disk = MemoryStorage(["data/segment": bytes])
        let other = try EventLogWriter.open("store", storage: disk)
        let error = #expect(throws: LogError.self) { try other.adopt(segmentAt: "data/segment") }
        #expect(error?.code == .unjoinable)
        #expect(error?.found.contains("erased") == true)
    }
}
