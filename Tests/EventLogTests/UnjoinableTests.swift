import Bytes
import EventLog
import Testing

@Suite("Segment files that may not join")
struct UnjoinableTests {
    /// Tries to join these bytes to a log: they must be refused, and nothing may change.
    private static func refusal(
        of bytes: [UInt8],
        _ writer: EventLogWriter,
        _ disk: MemoryStorage
    ) throws -> LogError? {
        let file = try disk.create("candidate")
        _ = try disk.write(file, bytes.span, at: 0)
        disk.close(file)
        defer { try? disk.remove("candidate") }
        let files = disk.files
        let end = writer.nextPosition
        let error = #expect(throws: LogError.self) { try writer.adopt(segmentAt: "candidate") }
        #expect(disk.files == files)
        #expect(writer.nextPosition == end)
        #expect(error?.path == "candidate")
        return error
    }

    /// A log with an open segment, and the bytes of a segment that could join it.
    private static func joinable() throws -> (EventLogWriter, MemoryStorage, [UInt8]) {
        let disk = try JoiningTests.disk()
        let writer = try EventLogWriter.open("store", storage: disk)
        return (writer, disk, try #require(disk.files["second"]))
    }

    @Test("one damaged in any byte is refused; the log stays as it was and goes on")
    func damaged() throws {
        let (writer, disk, segment) = try Self.joinable()
        var generator = SeededGenerator(state: 3)
        for offset in stride(from: 0, to: segment.count, by: damageStep) {
            var bytes = segment
            bytes[offset] ^= 1 << UInt8(generator.next() % 8)
            let error = try Self.refusal(of: bytes, writer, disk)
            #expect([.corrupt, .unjoinable].contains(error?.code), "byte \(offset)")
        }
        #expect(try writer.adopt(segmentAt: "second") == EventPosition(9))
        try Sample.append(to: writer, count: 3)
        #expect(try LogVerifier.verify("store", storage: disk).ok)
    }

    @Test("one cut at any length, or with something behind it, is refused")
    func truncated() throws {
        let (writer, disk, segment) = try Self.joinable()
        for length in stride(from: 0, to: segment.count, by: damageStep) {
            let error = try Self.refusal(of: Array(segment.prefix(length)), writer, disk)
            #expect([.corrupt, .unjoinable].contains(error?.code), "cut at \(length)")
        }
        for count in [1, 8, 4096] {
            let bytes = segment + [UInt8](repeating: 0, count: count)
            #expect(try Self.refusal(of: bytes, writer, disk)?.code == .unjoinable)
        }
        #expect(try writer.adopt(segmentAt: "second") == EventPosition(9))
    }

    @Test("one that is not sealed, or has no event, is refused")
    func unfinished() throws {
        let (writer, disk, segment) = try Self.joinable()
        try Sample.segment("open", events: 0..<6, isSealed: false, storage: disk)
        let open = try #require(disk.files["open"])
        let error = try Self.refusal(of: open, writer, disk)
        #expect(error?.code == .unjoinable)
        #expect(error?.expected == "a sealed segment")
        // A footer of a segment without batches (FORMAT.md §2.5).
        var footer: [UInt8] = []
        for word in [UInt32(104), 0] { footer.appendLittleEndian(word) }
        footer += segment[16..<24]
        for word in [UInt64(0), 0, .max, 0, 0] { footer.appendLittleEndian(word) }
        footer += [UInt8](repeating: 0, count: 32)
        footer.appendLittleEndian(UInt32(104))
        footer += Array("EFT1".utf8)
        var head = Array("AFT1".utf8)
        head.appendLittleEndian(Checksum.crc32c(footer.span))
        let empty = try Self.refusal(of: segment.prefix(4096) + head + footer, writer, disk)
        #expect(empty?.code == .unjoinable)
        #expect(empty?.expected == "a segment with events")
    }

    @Test("one that is part of this or another log is refused")
    func foreign() throws {
        let (writer, disk, _) = try Self.joinable()
        for log in ["store", "elsewhere"] {
            let other =
                try log == "store" ? writer : EventLogWriter.open("elsewhere", storage: disk)
            let name = log == "store" ? "first" : "second"
            let base = try other.adopt(segmentAt: name)
            let path =
                log
                + (base == .first
                    ? "/log/00000000000000000000.seg" : "/log/00000000000000000009.seg")
            let error = try Self.refusal(of: try #require(disk.files[path]), writer, disk)
            #expect(error?.code == .unjoinable)
            #expect(error?.found == "a segment that is part of a log")
        }
    }

    @Test("another one with the salt of a segment in the log is refused")
    func sameSalt() throws {
        let (writer, disk, _) = try Self.joinable()
        try writer.adopt(segmentAt: "second")
        // The same random numbers give the same salt.
        let twin = MemoryStorage()
        try Sample.segment("first", events: 0..<3, storage: twin)
        try Sample.segment("second", events: 0..<3, storage: twin)
        let error = try Self.refusal(of: try #require(twin.files["second"]), writer, disk)
        #expect(error?.code == .unjoinable)
        #expect(error?.found.contains("00000000000000000009.seg") == true)
    }

    @Test("one of a newer format is refused as such")
    func newerFormat() throws {
        let (writer, disk, segment) = try Self.joinable()
        var bytes = segment
        bytes[12] = 2
        Self.reseal(&bytes, crcAt: 8, 12..<512)
        #expect(try Self.refusal(of: bytes, writer, disk)?.code == .newerFormat)
    }

    @Test("lengths that no checksum betrays are not believed")
    func hugeLengths() throws {
        let (writer, disk, segment) = try Self.joinable()
        let footer = segment.count - Int(Self.u32(segment, segment.count - 8))
        let fields = [
            (footer + 12, 4), (footer + 24, 8), (footer + 56, 4), (footer + 60, 4),
            (4096 + 8, 4), (4096 + 12, 4), (4096 + 32, 4), (4096 + 84, 4), (4096 + 88, 4),
            (4096 + 96, 4), (4096 + 116, 4),
        ]
        for (offset, width) in fields {
            for byte in [UInt8(0xFF), 0x7F, 0x10] {
                var bytes = segment
                for index in offset..<offset + width - 1 { bytes[index] = 0xFF }
                bytes[offset + width - 1] = byte
                Self.reseal(&bytes, crcAt: footer + 4, footer + 8..<bytes.count)
                Self.reseal(&bytes, crcAt: 4096 + 4, 4096 + 8..<4096 + 192)
                let error = try Self.refusal(of: bytes, writer, disk)
                #expect(
                    [.corrupt, .unjoinable, .limitExceeded].contains(error?.code),
                    "\(byte) at \(offset)"
                )
            }
        }
        for length in [UInt8(0), 0x7F, 0xFF] {
            var bytes = segment
            bytes[bytes.count - 5] = length
            bytes[bytes.count - 6] = 0xFF
            #expect(try Self.refusal(of: bytes, writer, disk)?.code == .unjoinable)
        }
        #expect(try writer.adopt(segmentAt: "second") == EventPosition(9))
    }

    @Test("a cause outside of the segment is refused: nobody knows what it will be")
    func causeOutside() throws {
        let (writer, disk, segment) = try Self.joinable()
        var bytes = segment
        let metadata = 4096 + 192
        #expect(Self.u32(bytes, metadata + 16) == 0)
        bytes[metadata + 16] = 1
        let length = Int(Self.u32(bytes, 4096 + 12))
        Self.reseal(&bytes, crcAt: 4096 + 80, metadata..<metadata + length)
        Self.reseal(&bytes, crcAt: 4096 + 4, 4096 + 8..<4096 + 192)
        let error = try Self.refusal(of: bytes, writer, disk)
        #expect(error?.found == "record headers that contradict each other")
    }

    @Test("a file that is not there is an error of the system, and the writer goes on")
    func missing() throws {
        let (writer, _, _) = try Self.joinable()
        let error = #expect(throws: LogError.self) { try writer.adopt(segmentAt: "nowhere") }
        #expect(error?.code == .inputOutput)
        #expect(error?.path == "nowhere")
        #expect(try writer.adopt(segmentAt: "second") == EventPosition(9))
    }

    private static func u32(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32($1 * 8) }
    }

    /// Makes a checksum right again.
    private static func reseal(_ bytes: inout [UInt8], crcAt offset: Int, _ covered: Range<Int>) {
        var crc: [UInt8] = []
        crc.appendLittleEndian(Checksum.crc32c(bytes.span.extracting(covered)))
        bytes.replaceSubrange(offset..<offset + 4, with: crc)
    }
}
