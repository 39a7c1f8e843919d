import Bytes
import EventLog
import Testing

/// Bytes whose checksums are right but whose fields are not.
///
/// A faulty or hostile program might hand over such a segment. Nothing may trap, and no wrong
/// length may be believed.
@Suite("Forged stores with good checksums")
struct ForgedTests {
    private static func store() throws -> [String: [UInt8]] {
        let disk = MemoryStorage()
        let writer = try EventLogWriter.open(
            "store",
            storage: disk,
            options: LogOptions(segmentByteLimit: 5200)
        )
        for count in [4, 3, 3, 2] {
            try Sample.append(to: writer, count: count, compression: .none, contentByteCount: 20)
        }
        writer.close()
        return disk.files
    }

    /// Opens and reads in every way; whatever is wrong must come out as an error or a report.
    private static func exercise(_ files: [String: [UInt8]]) throws {
        if let reader = try? EventLogReader.open("store", storage: MemoryStorage(files)) {
            var cursor = reader.cursor(content: true)
            while (try? cursor.next()) == true {
                #expect(Sample.events(of: cursor.batch).count == cursor.batch.count)
            }
            _ = try? reader.record(at: EventPosition(7))
            _ = try? reader.batch(holding: EventPosition(11))
            _ = try? reader.position(after: 1_700_000_000_000_001)
            try? reader.scan(types: ["run.started"]) { _ in .continue }
        }
        _ = try? LogVerifier.verify("store", storage: MemoryStorage(files))
        let disk = MemoryStorage(files)
        if let writer = try? EventLogWriter.open("store", storage: disk) {
            _ = try? Sample.append(to: writer, count: 1)
        }
    }

    /// Values that are likely to be the wrong side of a check.
    private static func value(_ generator: inout SeededGenerator) -> UInt8 {
        [0, 1, 2, 7, 8, 0x7F, 0x80, 0xFE, 0xFF, UInt8(truncatingIfNeeded: generator.next())]
            .randomElement(using: &generator) ?? 0
    }

    private static var rounds: Int { loopCount("EVENTLOG_FORGED_ROUNDS", default: 400) }

    @Test("a forged batch header, record or stream table is refused, never trusted")
    func batches() throws {
        let files = try Self.store()
        var generator = SeededGenerator(state: 5)
        for _ in 0..<Self.rounds {
            var segment = try #require(files[RecoveryTests.segment])
            let frame = 4096
            let metadata = frame + 192
            let facts = metadata + Int(Self.u32(segment, frame + 12))
            let areas = [frame + 8..<frame + 128, metadata..<facts, facts..<facts + 40]
            for _ in 0..<1 + Int(generator.next() % 3) {
                let area = areas[Int(generator.next() % 3)]
                segment[Int.random(in: area, using: &generator)] = Self.value(&generator)
            }
            Self.reseal(&segment, frame)
            var forged = files
            forged[RecoveryTests.segment] = segment
            try Self.exercise(forged)
        }
    }

    @Test("a forged footer, join block, HEAD or STORE is refused, never trusted")
    func blocks() throws {
        let files = try Self.store()
        var generator = SeededGenerator(state: 9)
        let segment = try #require(files[RecoveryTests.segment])
        let footer = segment.count - Int(Self.u32(segment, segment.count - 8))
        let covered: [(path: String, checksum: Int, area: Range<Int>)] = [
            (RecoveryTests.segment, footer + 4, footer + 8..<segment.count),
            (RecoveryTests.segment, 520, 524..<4096),
            (RecoveryTests.segment, 8, 12..<512),
            ("store/HEAD", 4, 8..<512), ("store/HEAD", 516, 520..<1024),
            ("store/STORE", 60, 0..<60),
        ]
        for round in 0..<Self.rounds {
            let (path, checksum, area) = covered[round % covered.count]
            var bytes = try #require(files[path])
            for _ in 0..<1 + Int(generator.next() % 3) {
                let near = area.lowerBound..<min(area.upperBound, area.lowerBound + 200)
                let chosen = generator.next() % 4 == 0 ? area : near
                bytes[Int.random(in: chosen, using: &generator)] = Self.value(&generator)
            }
            Self.store(Checksum.crc32c(bytes.span.extracting(area)), &bytes, checksum)
            var forged = files
            forged[path] = bytes
            try Self.exercise(forged)
        }
    }

    /// One field of one record of the first batch, which has four events, types and stages, two
    /// streams, and 20 bytes of content in its first event.
    struct RecordField: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let record: Int
        let offset: Int
        let bytes: [UInt8]

        init(_ name: String, record: Int, offset: Int, _ bytes: [UInt8]) {
            testDescription = name
            self.record = record
            self.offset = offset
            self.bytes = bytes
        }
    }

    static let recordFields = [
        RecordField("facts that end before those of the event before", record: 1, offset: 0, [1]),
        RecordField(
            "content that ends before that of the event before",
            record: 1,
            offset: 4,
            [19]
        ),
        RecordField("content of an event without content", record: 0, offset: 25, [0]),
        RecordField("a stream past the table", record: 0, offset: 8, [2]),
        RecordField("a stream far past the table", record: 0, offset: 8, [0, 0, 0, 0x80]),
        RecordField("a cause before the log", record: 3, offset: 16, [4]),
        RecordField("a type past the table", record: 0, offset: 20, [4]),
        RecordField("a stage past the table", record: 0, offset: 22, [4]),
        RecordField("an unknown flag", record: 0, offset: 25, [3]),
        RecordField("a byte after the flags", record: 0, offset: 26, [1]),
        RecordField("the record's last byte", record: 3, offset: 31, [0x80]),
    ]

    @Test("each field of a record is held to its bounds", arguments: recordFields)
    func records(field: RecordField) throws {
        func read(_ field: RecordField) throws -> [SampleEvent] {
            var files = try Self.store()
            var segment = try #require(files[RecoveryTests.segment])
            let start = 4096 + 192 + field.record * 32 + field.offset
            segment.replaceSubrange(start..<start + field.bytes.count, with: field.bytes)
            Self.reseal(&segment, 4096)
            files[RecoveryTests.segment] = segment
            let reader = try EventLogReader.open("store", storage: MemoryStorage(files))
            return try Sample.read(reader)
        }
        let sound = RecordField("the first event as cause", record: 3, offset: 16, [3])
        #expect(try read(sound).count == 12)
        let error = try #require(throws: LogError.self) { try read(field) }
        #expect(error.code == .corrupt)
        #expect(error.found == "record headers that contradict each other")
        #expect(error.positions == EventPosition(0)...EventPosition(3))
    }

    private static func u32(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32($1 * 8) }
    }

    private static func store(_ value: UInt32, _ bytes: inout [UInt8], _ offset: Int) {
        for index in 0..<4 {
            bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt32(index * 8))
        }
    }

    /// Makes the checksums of a batch right again, where its lengths still lie in the file.
    private static func reseal(_ bytes: inout [UInt8], _ frame: Int) {
        let metadata = frame + 192
        let facts = metadata + Int(u32(bytes, frame + 12))
        if facts <= bytes.count {
            let crc = Checksum.crc32c(bytes.span.extracting(metadata..<facts))
            store(crc, &bytes, frame + 80)
        }
        let factsEnd = facts + Int(u32(bytes, frame + 84))
        if factsEnd <= bytes.count {
            let crc = Checksum.crc32c(bytes.span.extracting(facts..<factsEnd))
            store(crc, &bytes, frame + 92)
        }
        store(Checksum.crc32c(bytes.span.extracting(frame + 8..<metadata)), &bytes, frame + 4)
    }
}
