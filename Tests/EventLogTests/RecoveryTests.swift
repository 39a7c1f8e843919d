import Bytes
import EventLog
import Testing

@Suite("Opening a store after a crash")
struct RecoveryTests {
    static let segment = "store/log/00000000000000000000.seg"

    /// A store of three batches, and its disk as it was when the third had not been acknowledged.
    private static func interrupted(
        compression: Compression
    ) throws -> (before: [String: [UInt8]], after: [String: [UInt8]]) {
        let disk = MemoryStorage()
        let writer = try EventLogWriter.open("store", storage: disk)
        try Sample.append(to: writer, count: 9, compression: compression)
        try Sample.append(to: writer, count: 5, compression: compression)
        let before = disk.files
        try Sample.append(to: writer, count: 6, compression: compression)
        return (before, disk.files)
    }

    @Test(
        "a tail torn at any byte is quarantined, cut and reported, and the log goes on",
        arguments: [Compression.none, .fast]
    )
    func tornTail(compression: Compression) throws {
        let (before, after) = try Self.interrupted(compression: compression)
        let whole = try #require(after[Self.segment])
        let start = try #require(before[Self.segment]).count
        for length in start..<whole.count {
            var files = before
            files[Self.segment] = Array(whole.prefix(length))
            let disk = MemoryStorage(files)
            let writer = try EventLogWriter.open("store", storage: disk)
            #expect(writer.nextPosition == EventPosition(14))
            guard length > start else {
                #expect(writer.recovery == nil)
                continue
            }
            let report = try #require(writer.recovery)
            #expect(report.offset == UInt64(start))
            #expect(report.byteCount == UInt64(length - start))
            #expect(report.position == EventPosition(14))
            #expect(disk.files["store/" + report.quarantine] == Array(whole[start..<length]))
            #expect(disk.files[Self.segment]?.count == start)
            try Sample.append(to: writer, count: 2)
            #expect(try Sample.read(EventLogReader.open("store", storage: disk)).count == 16)
        }
    }

    @Test("a tail of megabytes is quarantined whole")
    func longTail() throws {
        var (files, _) = try Self.interrupted(compression: .fast)
        let tail = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 9) }
        files[Self.segment]? += tail
        let disk = MemoryStorage(files)
        let report = try #require(try EventLogWriter.open("store", storage: disk).recovery)
        let isKept = disk.files["store/" + report.quarantine] == tail
        #expect(isKept)
    }

    @Test("a whole batch whose acknowledgement was lost is kept")
    func lostAcknowledgement() throws {
        let (before, after) = try Self.interrupted(compression: .fast)
        var files = before
        files[Self.segment] = after[Self.segment]
        let disk = MemoryStorage(files)
        #expect(try EventLogReader.open("store", storage: disk).end == EventPosition(14))
        let writer = try EventLogWriter.open("store", storage: disk)
        #expect(writer.recovery == nil)
        #expect(writer.nextPosition == EventPosition(20))
        let reader = try EventLogReader.open("store", storage: disk)
        #expect(try Sample.read(reader) == Sample.events(20))
    }

    @Test("a tail that HEAD promised is refused, and the lost events are named")
    func promisedByHead() throws {
        let (before, after) = try Self.interrupted(compression: .none)
        let start = try #require(before[Self.segment]).count
        let whole = try #require(after[Self.segment])
        for length in [start, start + 1, (start + whole.count) / 2, whole.count - 1] {
            var files = after
            files[Self.segment] = Array(whole.prefix(length))
            let disk = MemoryStorage(files)
            let error = #expect(throws: LogError.self) {
                try EventLogWriter.open("store", storage: disk)
            }
            #expect(error?.code == .corrupt)
            #expect(error?.positions == EventPosition(14)...EventPosition(19))
            #expect(error?.offset == UInt64(start))
            #expect(disk.files[Self.segment] == Array(whole.prefix(length)))

            let reader = try EventLogReader.open("store", storage: disk)
            #expect(try reader.record(at: EventPosition(13)).facts == Sample.event(13).facts)
            let damage = try LogVerifier.verify("store", storage: disk).damage
            #expect(damage.first?.first == EventPosition(14))
            #expect(damage.first?.last == EventPosition(19))
        }
    }

    @Test("damage before a valid batch is refused even when HEAD is lost")
    func promisedByLaterBatch() throws {
        let (before, after) = try Self.interrupted(compression: .none)
        let start = 4096
        let end = try #require(before[Self.segment]).count
        var files = after
        files["store/HEAD"] = nil
        let whole = try #require(after[Self.segment])
        for offset in stride(from: start, to: end, by: 7) {
            files[Self.segment] = whole
            files[Self.segment]?[offset] ^= 4
            let error = #expect(throws: LogError.self) {
                try EventLogWriter.open("store", storage: MemoryStorage(files))
            }
            #expect(error?.code == .corrupt)
            let isFirst = error?.positions == EventPosition(0)...EventPosition(8)
            let isSecond = error?.positions == EventPosition(9)...EventPosition(13)
            #expect(isFirst || isSecond)
        }
    }

    @Test("without HEAD a reader sees what the batches promise")
    func readerWithoutHead() throws {
        let (_, after) = try Self.interrupted(compression: .fast)
        var files = after
        for slots in [[0], [1], [0, 1]] {
            files["store/HEAD"] = after["store/HEAD"]
            for slot in slots { files["store/HEAD"]?[slot * 512 + 100] ^= 1 }
            let reader = try EventLogReader.open("store", storage: MemoryStorage(files))
            #expect(reader.end == EventPosition(14) || slots != [0, 1])
            let count = Int(reader.end.rawValue)
            #expect(count >= 14)
            #expect(try Sample.read(reader) == Sample.events(count))
        }
        files["store/HEAD"] = nil
        let disk = MemoryStorage(files)
        #expect(try EventLogReader.open("store", storage: disk).end == EventPosition(14))
        let writer = try EventLogWriter.open("store", storage: disk)
        #expect(writer.nextPosition == EventPosition(20))
        #expect(try EventLogReader.open("store", storage: disk).end == EventPosition(20))
    }

    @Test("a torn footer is cut and written again")
    func tornFooter() throws {
        let disk = MemoryStorage()
        let options = LogOptions(segmentByteLimit: 5000)
        let writer = try EventLogWriter.open("store", storage: disk, options: options)
        try Sample.append(to: writer, count: 9, compression: .none)
        let unsealed = try #require(disk.files[Self.segment])
        let before = disk.files
        try Sample.append(to: writer, count: 9, compression: .none)
        let sealed = try #require(disk.files[Self.segment])
        #expect(disk.files.count { $0.key.hasSuffix(".seg") } == 2)
        for length in unsealed.count + 1...sealed.count {
            var files = before
            files[Self.segment] = Array(sealed.prefix(length))
            let disk = MemoryStorage(files)
            let writer = try EventLogWriter.open("store", storage: disk, options: options)
            #expect((writer.recovery == nil) == (length == sealed.count))
            try Sample.append(to: writer, count: 9, compression: .none)
            let reader = try EventLogReader.open("store", storage: disk)
            #expect(try Sample.read(reader) == Sample.events(18), "cut at \(length)")
            #expect(try LogVerifier.verify("store", storage: disk).ok)
        }
    }

    @Test("a missing, foreign or renamed segment is corruption")
    func segmentsGone() throws {
        let whole = try RoundTripTests.sixBatches().files
        let names = whole.keys.filter { $0.hasSuffix(".seg") }.sorted()
        #expect(names.count > 2)
        let other = try RoundTripTests.sixBatches()
        let foreign = try EventLogWriter.open("other", storage: other)
        try Sample.append(to: foreign, count: 3)
        let stranger = try #require(other.files["other/log/00000000000000000000.seg"])
        for name in names {
            var files = whole
            files[name] = nil
            try expectCorrupt(files, "missing \(name)")
            files[name] = stranger
            try expectCorrupt(files, "foreign \(name)")
            files[name] = whole[names[name == names[0] ? 1 : 0]]
            try expectCorrupt(files, "renamed \(name)")
        }
        var files = whole
        files["store/STORE"] = nil
        try expectCorrupt(files, "no STORE")
    }

    private func expectCorrupt(_ files: [String: [UInt8]], _ what: Comment) throws {
        let disk = MemoryStorage(files)
        let error = #expect(throws: LogError.self, what) {
            try EventLogWriter.open("store", storage: disk)
        }
        #expect(error?.code == .corrupt, what)
        do throws(LogError) {
            let report = try LogVerifier.verify("store", storage: disk)
            #expect(!report.ok, what)
        } catch {
            #expect(error.code == .corrupt || error.code == .notAStore, what)
        }
    }
}
