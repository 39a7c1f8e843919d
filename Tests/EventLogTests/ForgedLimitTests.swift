import Bytes
import EventLog
import FoundationEssentials
import Testing

/// Numbers at the end of their range, under good checksums: nothing may overflow, and no memory is
/// given for what cannot be there.
@Suite("Forged numbers with good checksums")
struct ForgedLimitTests {
    private static let segment = RecoveryTests.segment

    /// One batch, not compressed.
    private static func store() throws -> [String: [UInt8]] {
        let disk = MemoryStorage()
        let writer = try EventLogWriter.open("store", storage: disk)
        try Sample.append(to: writer, count: 4, compression: .none)
        writer.close()
        return disk.files
    }

    private static func set<Value: FixedWidthInteger>(
        _ value: Value,
        _ bytes: inout [UInt8],
        _ offset: Int
    ) {
        for index in 0..<Value.bitWidth / 8 {
            bytes[offset + index] = UInt8(truncatingIfNeeded: value >> Value(index * 8))
        }
    }

    private static func seal(_ bytes: inout [UInt8], _ range: Range<Int>, _ checksum: Int) {
        set(Checksum.crc32c(bytes.span.extracting(range)), &bytes, checksum)
    }

    /// The store with a number in both slots of HEAD.
    private static func store(headNumber value: UInt64, at offset: Int) throws -> [String: [UInt8]]
    {
        var files = try store()
        var head = try #require(files["store/HEAD"])
        for slot in 0..<2 {
            // The slot of a sequence is that of its lowest bit.
            let number = offset == 8 ? value - UInt64(slot) : value
            set(number, &head, slot * 512 + offset)
            seal(&head, slot * 512 + 8..<slot * 512 + 512, slot * 512 + 4)
        }
        files["store/HEAD"] = head
        return files
    }

    /// By how much the process's memory grew at most, the least of five times, in bytes: other
    /// tests run meanwhile.
    private static func peakGrowth(_ body: () throws -> Void) throws -> Int {
        func kilobytes(_ name: String) throws -> Int {
            let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
            return try #require(
                line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
            )
        }
        return try (0..<5).map { _ in
            // Sets the peak to what is held now.
            try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
            let before = try kilobytes("VmRSS:")
            try body()
            return try (kilobytes("VmHWM:") - before) << 10
        }.min() ?? 0
    }

    private static func append(_ count: Int, to writer: EventLogWriter) throws(LogError) {
        let events = (0..<count).map { Sample.event($0 * 2 + 1) }
        let batch = try Sample.builder(first: writer.nextPosition, events).encode()
        try writer.append(batch, time: 1)
    }

    @Test("HEAD's sequence has room for more than any writer will write")
    func sequence() throws {
        let disk = MemoryStorage(try Self.store(headNumber: .max - 3, at: 8))
        let writer = try EventLogWriter.open("store", storage: disk)
        for _ in 0..<4 { try Sample.append(to: writer, count: 1) }
        #expect(try EventLogReader.open("store", storage: disk).end == EventPosition(8))
    }

    @Test("a sequence at the end of what counts leaves room for the next", arguments: [0, 1, 2])
    func lastSequence(before: UInt64) throws {
        let disk = MemoryStorage(try Self.store(headNumber: (1 << 62) - before, at: 8))
        let writer = try EventLogWriter.open("store", storage: disk)
        for _ in 0..<4 { try Sample.append(to: writer, count: 1) }
        #expect(try EventLogReader.open("store", storage: disk).end == EventPosition(8))
    }

    @Test("an offset in HEAD that no file can have makes the slot invalid")
    func offset() throws {
        let disk = MemoryStorage(try Self.store(headNumber: 1 << 63, at: 32))
        let writer = try EventLogWriter.open("store", storage: disk)
        #expect(writer.recovery == nil)
        #expect(writer.nextPosition == EventPosition(4))
    }

    @Test("a log that has come to its last position is not written to")
    func lastPosition() throws {
        let last: UInt64 = 1 << 62
        var files = try Self.store()
        // A segment whose footer claims almost all positions there are, and one that follows it.
        let disk = MemoryStorage()
        let options = LogOptions(segmentByteLimit: 4500)
        let writer = try EventLogWriter.open("store", storage: disk, options: options)
        for _ in 0..<2 { try Sample.append(to: writer, count: 4, compression: .none) }
        files = disk.files
        let second = "store/log/00000000000000000004.seg"
        var sealed = try #require(files[Self.segment])
        let footer =
            sealed.count - Int(sealed[sealed.count - 8]) - Int(sealed[sealed.count - 7]) * 256
        Self.set(last - 2, &sealed, footer + 24)
        Self.seal(&sealed, footer + 8..<sealed.count, footer + 4)
        var follower = Array(try #require(files[second]).prefix(4096))
        Self.set(last - 2, &follower, 544)
        Self.seal(&follower, 524..<4096, 520)
        files = files.filter { $0.key != second && $0.key != "store/HEAD" }
        files[Self.segment] = sealed
        files["store/log/0\(last - 2).seg"] = follower

        let forged = MemoryStorage(files)
        let forger = try EventLogWriter.open("store", storage: forged)
        try Self.append(2, to: forger)
        #expect(try EventLogReader.open("store", storage: forged).end == EventPosition(last))
        let error = #expect(throws: LogError.self) { try Self.append(1, to: forger) }
        #expect(error?.code == .limitExceeded)
    }

    @Test("no memory is given for a batch longer than the file, whatever HEAD promises")
    func frameLength() throws {
        var files = try Self.store(headNumber: 1 << 40, at: 32)
        var segment = try #require(files[Self.segment])
        let frame = 4096
        let facts: UInt32 = 1 << 30
        let rest = UInt32(segment[frame + 12]) + UInt32(segment[frame + 13]) << 8
        let content = UInt32(segment[frame + 96]) + UInt32(segment[frame + 97]) << 8
        Self.set(192 + rest + facts + (content + 7) & ~7 + 8, &segment, frame + 8)
        Self.set(facts, &segment, frame + 84)
        Self.set(facts, &segment, frame + 88)
        Self.seal(&segment, frame + 8..<frame + 192, frame + 4)
        files[Self.segment] = segment
        let forged = files
        let growth = try Self.peakGrowth {
            #expect(throws: LogError.self) {
                try Sample.read(EventLogReader.open("store", storage: MemoryStorage(forged)))
            }
        }
        #expect(growth < 256 << 20)
    }

    @Test("no memory is given for more than a compressed heap can hold")
    func compressedLength() throws {
        var files = try Self.store()
        var segment = try #require(files[Self.segment])
        let frame = 4096
        let facts = frame + 192 + Int(segment[frame + 12]) + Int(segment[frame + 13]) << 8
        let length = Int(segment[frame + 84]) + Int(segment[frame + 85]) << 8
        // A zstd frame of one segment (RFC 8878 §3.1.1.1) that claims 2^30 bytes.
        segment.replaceSubrange(
            facts..<facts + 9,
            with: [0x28, 0xB5, 0x2F, 0xFD, 0xA0, 0, 0, 0, 0x40]
        )
        Self.set(UInt32(1 << 30), &segment, frame + 88)
        segment[frame + 108] = 1
        Self.seal(&segment, facts..<facts + length, frame + 92)
        // The last record ends where the heap does.
        let record = frame + 192 + 3 * 32
        Self.set(UInt32(1 << 30), &segment, record)
        Self.seal(&segment, frame + 192..<facts, frame + 80)
        Self.seal(&segment, frame + 8..<frame + 192, frame + 4)
        files[Self.segment] = segment
        let forged = files
        let growth = try Self.peakGrowth {
            let error = #expect(throws: LogError.self) {
                try Sample.read(EventLogReader.open("store", storage: MemoryStorage(forged)))
            }
            #expect(error?.found.contains("decompress") == true)
        }
        #expect(growth < 256 << 20)
    }
}
