import Bytes
import EventLog
import Testing

@Suite("Joining segments written elsewhere")
struct JoiningTests {
    static let options = LogOptions(segmentByteLimit: 5600)

    /// A log of one batch, whose only segment is open, sealed, or not there.
    enum Before: CaseIterable {
        case empty, open, sealed
    }

    /// A store with two segments beside it, for events 9 to 20 and 21 to 26.
    static func disk(_ before: Before = .open, locks: Bool = true) throws -> MemoryStorage {
        let disk = MemoryStorage(locks: locks)
        try Sample.segment("first", events: 9..<21, batches: 3, storage: disk)
        try Sample.segment("second", events: 21..<27, batches: 2, producer: 8, storage: disk)
        let writer = try EventLogWriter.open("store", storage: disk)
        if before != .empty {
            try Sample.append(to: writer, count: 9, compression: .none, contentByteCount: 64)
        }
        if before == .sealed {
            try Sample.segment("end", events: 0..<3, storage: disk)
            try writer.adopt(segmentAt: "end")
        }
        writer.close()
        return disk
    }

    @Test("a joined segment is read where it joined, not one byte of its batches rewritten")
    func roundTrip() throws {
        let disk = try Self.disk()
        let files = disk.files
        let writer = try EventLogWriter.open("store", storage: disk)
        #expect(try writer.adopt(segmentAt: "first") == EventPosition(9))
        #expect(try writer.adopt(segmentAt: "second", expecting: EventPosition(21)).rawValue == 21)
        #expect(writer.nextPosition == EventPosition(27))
        try Sample.append(to: writer, count: 5, contentByteCount: 64)
        writer.close()

        let reader = try EventLogReader.open("store", storage: disk)
        #expect(try Sample.read(reader) == Sample.events(32, contentByteCount: 64))
        let report = try LogVerifier.verify("store", storage: disk)
        #expect(report.ok)
        #expect(report.segments == 4)
        for (name, base) in [("first", "09"), ("second", "21")] {
            let source = try #require(disk.files[name])
            let joined = try #require(disk.files["store/log/000000000000000000\(base).seg"])
            #expect(source == files[name])
            #expect(source.prefix(512) == joined.prefix(512))
            #expect(source.dropFirst(4096) == joined.dropFirst(4096))
        }
        #expect(!disk.files.keys.contains { $0.hasSuffix(".tmp") })
    }

    @Test("segments join in any order and after any log", arguments: Before.allCases)
    func anyOrder(before: Before) throws {
        for isFirstFirst in [true, false] {
            let disk = try Self.disk(before)
            let head = try Sample.runs("store", storage: disk)
            let names = isFirstFirst ? ["first", "second"] : ["second", "first"]
            var expected = head
            for name in names {
                // Each from an opening of its own, as different processes would.
                let writer = try EventLogWriter.open("store", storage: disk)
                #expect(try writer.adopt(segmentAt: name).rawValue == UInt64(expected.count))
                expected += Array(repeating: name, count: name == "first" ? 12 : 6)
                #expect(writer.nextPosition.rawValue == UInt64(expected.count))
            }
            #expect(try Sample.runs("store", storage: disk) == expected)
            let report = try LogVerifier.verify("store", storage: disk)
            #expect(report.ok)
            #expect(report.unacknowledgedBytes == 0)
            let writer = try EventLogWriter.open("store", storage: disk)
            #expect(writer.recovery == nil)
            try Sample.append(to: writer, count: 2)
            #expect(try LogVerifier.verify("store", storage: disk).ok)
        }
    }

    @Test("a real disk does as the one in memory, and another program reads what joined")
    func realDisk() throws {
        let directory = TemporaryDirectory()
        let store = directory.path + "/store"
        let file = directory.path + "/one.segment"
        let writer = try EventLogWriter.open(store)
        try Sample.append(to: writer, count: 9, compression: .none)
        try Sample.segment(file, events: 9..<21, batches: 2, storage: POSIXStorage())
        #expect(try writer.adopt(segmentAt: file) == EventPosition(9))
        #expect(try writer.adopt(segmentAt: file) == EventPosition(9))
        writer.close()
        #expect(try LogVerifier.verify(store).events == 21)
        #expect(throws: LogError.self) { _ = try DetachedSegmentWriter.create(file) }
        if GoldenTests.hasPython {
            let output = try GoldenTests.run("python3 '\(GoldenTests.folder)reader.py' '\(store)'")
            #expect(output.split(separator: "\n").count == 21)
        }
        let reopened = try EventLogWriter.open(store)
        #expect(reopened.recovery == nil)
        try Sample.append(to: reopened, count: 3)
        #expect(try LogVerifier.verify(store).ok)
    }

    @Test("a segment that has joined is not joined again", arguments: [true, false])
    func idempotent(reopens: Bool) throws {
        let disk = try Self.disk()
        var writer = try EventLogWriter.open("store", storage: disk)
        for name in ["first", "second"] { try writer.adopt(segmentAt: name) }
        try Sample.append(to: writer, count: 4)
        if reopens {
            writer.close()
            writer = try EventLogWriter.open("store", storage: disk)
        }
        let files = disk.files
        #expect(try writer.adopt(segmentAt: "first") == EventPosition(9))
        #expect(try writer.adopt(segmentAt: "second", expecting: .first) == EventPosition(21))
        #expect(disk.files == files)
    }

    @Test("a segment prepared for another position is refused, and both are named")
    func wrongPosition() throws {
        let disk = try Self.disk()
        let writer = try EventLogWriter.open("store", storage: disk)
        let files = disk.files
        for position in [0, 8, 10, UInt64.max] {
            let error = #expect(throws: LogError.self) {
                try writer.adopt(segmentAt: "first", expecting: EventPosition(position))
            }
            #expect(error?.code == .wrongPosition)
            #expect(error?.expected == "a segment at 9")
            #expect(error?.found == "a segment at \(position)")
        }
        #expect(disk.files == files)
        #expect(try writer.adopt(segmentAt: "first", expecting: EventPosition(9)).rawValue == 9)
    }

    @Test("a producer's batches count wherever they were written, and none joins twice")
    func producers() throws {
        let disk = try Self.disk()
        try Sample.segment("newer", events: 0..<3, producer: 8, sequence: 3, storage: disk)
        try Sample.segment(
            "overlap",
            events: 0..<9,
            batches: 3,
            producer: 8,
            sequence: 2,
            storage: disk
        )
        var writer = try EventLogWriter.open("store", storage: disk)
        try writer.adopt(segmentAt: "second")
        for reopens in [false, true] {
            if reopens {
                writer.close()
                writer = try EventLogWriter.open("store", storage: disk)
            }
            // Its newest batch is newer than the log's, its oldest is not.
            let error = #expect(throws: LogError.self) { try writer.adopt(segmentAt: "overlap") }
            #expect(error?.code == .staleSequence)
            #expect(error?.path == "overlap")
            #expect(writer.nextPosition == EventPosition(15))
        }
        #expect(try writer.adopt(segmentAt: "newer") == EventPosition(15))
        let again = try Sample.builder(
            first: writer.nextPosition,
            Sample.events(3),
            producer: 8,
            sequence: 3
        ).encode()
        #expect(try writer.append(again, time: 0) == EventPosition(15))
        #expect(try writer.adopt(segmentAt: "second") == EventPosition(9))
        let error = #expect(throws: LogError.self) { try writer.adopt(segmentAt: "overlap") }
        #expect(error?.code == .staleSequence)
        #expect(try LogVerifier.verify("store", storage: disk).ok)
    }

    @Test("a detached segment takes batches from position 0 on, and ends once, with events")
    func detachedWriter() throws {
        let disk = MemoryStorage()
        var writer = try DetachedSegmentWriter.create("segment", storage: disk)
        let empty = #expect(throws: LogError.self) { try writer.seal() }
        #expect(empty?.code == .emptyBatch)
        let second = try Sample.builder(first: EventPosition(2), [Sample.event(0)]).encode()
        let early = #expect(throws: LogError.self) { try writer.append(second, time: 0) }
        #expect(early?.code == .wrongPosition)
        let first = try Sample.builder(
            first: .first,
            Sample.events(2),
            producer: 4,
            sequence: 2
        ).encode()
        for _ in 0..<2 { #expect(try writer.append(first, time: 0) == .first) }
        let stale = try Sample.builder(
            first: EventPosition(2),
            [Sample.event(0)],
            producer: 4,
            sequence: 1
        ).encode()
        let error = #expect(throws: LogError.self) { try writer.append(stale, time: 0) }
        #expect(error?.code == .staleSequence)
        #expect(try writer.append(second, time: 0) == EventPosition(2))
        try writer.seal()
        let closed = #expect(throws: LogError.self) { try writer.append(second, time: 0) }
        #expect(closed?.code == .closed)
        let log = try EventLogWriter.open("store", storage: disk)
        try log.adopt(segmentAt: "segment")
        #expect(log.nextPosition == EventPosition(3))
    }
}
