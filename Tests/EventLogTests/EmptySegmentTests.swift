import Bytes
import EventLog
import Testing

@Suite("Segments are made when they are needed")
struct EmptySegmentTests {
    private static let second = "store/log/00000000000000000009.seg"

    private static func segments(_ disk: MemoryStorage) -> Int {
        disk.files.count { $0.key.hasSuffix(".seg") }
    }

    @Test("a fresh store has none, can be read, checked and opened again, and then filled")
    func fresh() throws {
        let disk = MemoryStorage()
        for _ in 0..<3 {
            let writer = try EventLogWriter.open("store", storage: disk)
            #expect(writer.nextPosition == .first)
            #expect(Self.segments(disk) == 0)
            let reader = try EventLogReader.open("store", storage: disk)
            #expect(reader.end == .first)
            #expect(try Sample.read(reader).isEmpty)
            let report = try LogVerifier.verify("store", storage: disk)
            #expect(report.ok)
            #expect(report.segments == 0)
            writer.close()
        }
        var reader = try EventLogReader.open("store", storage: disk)
        let writer = try EventLogWriter.open("store", storage: disk)
        try Sample.append(to: writer, count: 4)
        try reader.refresh()
        #expect(try Sample.read(reader) == Sample.events(4))
        #expect(Self.segments(disk) == 1)
    }

    @Test("a reader between a first segment's naming and its promise sees nothing yet")
    func beforePromise() throws {
        let disk = MemoryStorage()
        try EventLogWriter.open("store", storage: disk).close()
        let head = disk.files["store/HEAD"]
        let writer = try EventLogWriter.open("store", storage: disk)
        try Sample.append(to: writer, count: 4)
        writer.close()
        var files = disk.files
        files["store/HEAD"] = head
        let before = MemoryStorage(files)
        #expect(try EventLogReader.open("store", storage: before).end == .first)
        #expect(try LogVerifier.verify("store", storage: before).ok)
        #expect(try EventLogWriter.open("store", storage: before).nextPosition.rawValue == 4)
    }

    @Test("opening after a sealed segment makes none, and promises the whole of the sealed one")
    func sealed() throws {
        let disk = try JoiningTests.disk(.sealed)
        let writer = try EventLogWriter.open("store", storage: disk)
        #expect(Self.segments(disk) == 2)
        #expect(writer.nextPosition == EventPosition(12))
        writer.close()
        let last = Self.second
        let bytes = try #require(disk.files[last])
        for length in stride(from: 0, to: bytes.count, by: damageStep) {
            var files = disk.files
            files[last] = Array(bytes.prefix(length))
            try expectRefused(files, "cut at \(length)")
            files[last] = bytes
            files[last]?[length] ^= 0x40
            try expectRefused(files, "byte \(length)")
        }
    }

    private func expectRefused(_ files: [String: [UInt8]], _ place: Comment) throws {
        let disk = MemoryStorage(files)
        let error = #expect(throws: LogError.self, place) {
            try EventLogWriter.open("store", storage: disk)
        }
        #expect(error?.code == .corrupt, place)
        #expect(try !LogVerifier.verify("store", storage: disk).ok, place)
        // What is lost is named, and nothing is where only the footer is hurt.
        if let lost = error?.positions {
            let reader = try EventLogReader.open("store", storage: disk)
            #expect(throws: LogError.self, place) { try Sample.read(reader) }
            #expect(lost.upperBound <= EventPosition(11), place)
        }
    }

    /// A store as earlier versions left it: an empty segment behind a sealed one, or alone.
    private static func withEmptySegment(alone: Bool) throws -> [String: [UInt8]] {
        let disk = try JoiningTests.disk(alone ? .empty : .sealed)
        let identity = try #require(disk.files["store/STORE"])[16..<32]
        let salt = [UInt8](repeating: 0x5A, count: 8)
        var page = [UInt8](repeating: 0, count: 4096)
        page.replaceSubrange(0..<8, with: Array("ANNALSEG".utf8))
        page[12] = 1
        page.replaceSubrange(16..<24, with: salt)
        page.replaceSubrange(512..<520, with: Array("ANNALJOI".utf8))
        page.replaceSubrange(528..<544, with: identity)
        var base = UInt64(0)
        if alone {
            page.replaceSubrange(552..<560, with: [UInt8](repeating: 0xFF, count: 8))
        } else {
            // What the next segment of this log begins with says the rest.
            let twin = MemoryStorage(disk.files)
            let writer = try EventLogWriter.open("store", storage: twin)
            try Sample.append(to: writer, count: 1)
            let next = try #require(twin.files["store/log/00000000000000000012.seg"])
            page.replaceSubrange(544..<608, with: next[544..<608])
            base = 12
        }
        for (offset, end) in [(8, 512), (520, 4096)] {
            var crc: [UInt8] = []
            crc.appendLittleEndian(Checksum.crc32c(page.span.extracting(offset + 4..<end)))
            page.replaceSubrange(offset..<offset + 4, with: crc)
        }
        var slot: [UInt8] = []
        for word in [UInt64(90), base, base, 4096] { slot.appendLittleEndian(word) }
        slot += salt + identity + [UInt8](repeating: 0, count: 512 - 64)
        var head = Array("AHD1".utf8)
        head.appendLittleEndian(Checksum.crc32c(slot.span))
        var files = disk.files
        files["store/HEAD"] = head + slot + [UInt8](repeating: 0, count: 512)
        files["store/log/000000000000000000\(alone ? "00" : "12").seg"] = page
        return files
    }

    @Test(
        "an empty last segment of earlier versions goes, whatever the moment",
        arguments: [true, false]
    )
    func legacy(alone: Bool) throws {
        let files = try Self.withEmptySegment(alone: alone)
        let count = alone ? 0 : 12
        let storage = FaultyStorage(MemoryStorage(files))
        #expect(try EventLogReader.open("store", storage: storage).end.rawValue == UInt64(count))
        let before = storage.callCount
        let writer = try EventLogWriter.open("store", storage: storage)
        #expect(writer.nextPosition.rawValue == UInt64(count))
        #expect(writer.recovery == nil)
        for ordinal in before..<storage.callCount {
            let disk = MemoryStorage(files)
            let faulty = FaultyStorage(disk, at: ordinal - before, .stop)
            _ = try? EventLogWriter.open("store", storage: faulty)
            for seed in 0..<6 {
                var generator = SeededGenerator(state: UInt64(seed * 1000 + ordinal))
                let left = disk.afterPowerLoss {
                    seed < 2 ? seed == 1 : generator.next() % 2 == 0
                }
                try checkGone(MemoryStorage(left), count, "call \(ordinal), seed \(seed)")
            }
            try checkGone(disk, count, "call \(ordinal)")
        }
        try checkGone(MemoryStorage(files), count, "untouched")
    }

    private func checkGone(_ disk: MemoryStorage, _ count: Int, _ place: Comment) throws {
        let reader = try EventLogReader.open("store", storage: disk)
        #expect(reader.end.rawValue == UInt64(count), place)
        let writer = try EventLogWriter.open("store", storage: disk)
        #expect(Self.segments(disk) == count / 6, place)
        #expect(writer.nextPosition.rawValue == UInt64(count), place)
        #expect(try writer.adopt(segmentAt: "second").rawValue == UInt64(count), place)
        try Sample.append(to: writer, count: 2)
        #expect(try LogVerifier.verify("store", storage: disk).ok, place)
        let events = try Sample.runs("store", storage: disk)
        #expect(events.count == count + 8, place)
    }
}
