import Bytes
import EventLog
import Testing

/// What ``EveryBitTests`` does not ask: a lost HEAD, and how damage is named.
@Suite("Damaged stores")
struct DamageTests {
    /// Three segments with several batches each, one byte-for-byte copy per question.
    private static func store() throws -> [String: [UInt8]] {
        let disk = MemoryStorage()
        let writer = try EventLogWriter.open(
            "store",
            storage: disk,
            options: LogOptions(segmentByteLimit: 5400)
        )
        for count in [3, 2, 2, 3, 2, 2] {
            try Sample.append(
                to: writer,
                count: count,
                compression: writer.nextPosition.rawValue % 2 == 0 ? .none : .fast,
                contentByteCount: 90
            )
        }
        writer.close()
        return disk.files
    }

    /// How far apart the damaged bytes are: all of them if `EVENTLOG_DAMAGE_STEP` is 1.
    static var step: Int { loopCount("EVENTLOG_DAMAGE_STEP", default: 13) }

    @Test("without HEAD a cut file is noticed, or loses only what nothing else promised")
    func truncationWithoutHead() throws {
        var files = try Self.store()
        files["store/HEAD"] = nil
        let expected = Sample.events(14, contentByteCount: 90)
        for (path, bytes) in files where path.hasSuffix(".seg") {
            for length in stride(from: 0, to: bytes.count, by: max(1, Self.step / 3)) {
                var damaged = files
                damaged[path] = Array(bytes.prefix(length))
                let disk = MemoryStorage(damaged)
                do throws(LogError) {
                    let writer = try EventLogWriter.open("store", storage: disk)
                    #expect(writer.nextPosition.rawValue >= 10, "\(path) cut at \(length)")
                    let reader = try EventLogReader.open("store", storage: disk)
                    let events = (try? Sample.read(reader)) ?? []
                    #expect(events.count == Int(writer.nextPosition.rawValue))
                    #expect(expected.starts(with: events))
                } catch {
                    #expect(error.code == .corrupt)
                }
            }
        }
    }

    @Test("verify names the damaged batch and reads on behind it")
    func namesRange() throws {
        let disk = MemoryStorage()
        let writer = try EventLogWriter.open("store", storage: disk)
        for _ in 0..<5 { try Sample.append(to: writer, count: 10, compression: .none) }
        var files = disk.files
        let bytes = try #require(files[RecoveryTests.segment])
        let frames = frameOffsets(bytes)
        for (offset, reason) in [
            (frames[2] + 20, "a batch header that fails its checksum"),
            (frames[2] + 200, "record headers that fail their checksum"),
            (frames[2] + 1000, "facts that fail their checksum"),
            (frames[3] - 30, "content that fails its checksum"),
            (frames[3] - 5, "a frame whose end does not repeat its length"),
        ] {
            files[RecoveryTests.segment] = bytes
            files[RecoveryTests.segment]?[offset] ^= 0x10
            let report = try LogVerifier.verify("store", storage: MemoryStorage(files))
            #expect(report.damage.count == 1)
            #expect(report.damage.first?.first == EventPosition(20))
            #expect(report.damage.first?.last == EventPosition(29))
            #expect(report.damage.first?.reason == reason)
            #expect(report.events == 40)
        }
    }

    /// Where the batches of a segment begin, by FORMAT.md §2.3.
    private func frameOffsets(_ bytes: [UInt8]) -> [Int] {
        var offsets: [Int] = []
        var offset = 4096
        while offset + 16 <= bytes.count, bytes[offset] == 0x41, bytes[offset + 1] == 0x42 {
            offsets.append(offset)
            offset += (0..<4).reduce(0) { $0 | Int(bytes[offset + 8 + $1]) << ($1 * 8) }
        }
        return offsets
    }

    @Test("a reader that meets damage names the events that it cannot read, and can go on")
    func readerNamesRange() throws {
        let disk = MemoryStorage()
        let writer = try EventLogWriter.open("store", storage: disk)
        for _ in 0..<5 { try Sample.append(to: writer, count: 10, compression: .none) }
        var files = disk.files
        let bytes = try #require(files[RecoveryTests.segment])
        files[RecoveryTests.segment]?[frameOffsets(bytes)[2] + 20] ^= 1
        let reader = try EventLogReader.open("store", storage: MemoryStorage(files))
        var seen = 0
        let error = #expect(throws: LogError.self) {
            try reader.scan { batch throws(LogError) in
                seen += batch.indices.count
                return .continue
            }
        }
        #expect(seen == 20)
        #expect(error?.positions == EventPosition(20)...EventPosition(29))
        #expect(
            try Sample.read(reader, from: EventPosition(30)) == Array(Sample.events(50)[30...])
        )
        #expect(try reader.record(at: EventPosition(49)).facts == Sample.event(49).facts)
        #expect(try reader.batch(holding: EventPosition(31)).firstPosition == EventPosition(30))
        #expect(throws: LogError.self) { try reader.record(at: EventPosition(29)) }
        #expect(error?.description.contains("events 20 to 29 cannot be read") == true)
    }
}
