import Bytes
import EventLog
import Testing

@Suite("Stores of other versions")
struct FormatTests {
    /// STORE with a field changed and its checksum made right again (FORMAT.md §1.1).
    private static func store(
        _ change: (inout [UInt8]) -> Void
    ) throws -> [String: [UInt8]] {
        let disk = MemoryStorage()
        let writer = try EventLogWriter.open("store", storage: disk)
        try Sample.append(to: writer, count: 3)
        writer.close()
        var files = disk.files
        var identity = try #require(files["store/STORE"])
        change(&identity)
        var sealed = Array(identity.prefix(60))
        sealed.appendLittleEndian(Checksum.crc32c(sealed.span))
        files["store/STORE"] = sealed
        return files
    }

    @Test("a newer format and an unknown incompatible feature are refused", arguments: [8, 48, 55])
    func refused(offset: Int) throws {
        let files = try Self.store { $0[offset] = 0x80 }
        for writes in [true, false] {
            let error = #expect(throws: LogError.self) {
                if writes {
                    _ = try EventLogWriter.open("store", storage: MemoryStorage(files))
                } else {
                    _ = try EventLogReader.open("store", storage: MemoryStorage(files))
                }
            }
            #expect(error?.code == .newerFormat)
            #expect(error?.hint.isEmpty == false)
        }
    }

    @Test("an unknown feature that only writers must know leaves the store readable")
    func readOnly() throws {
        let files = try Self.store { $0[40] = 1 }
        let disk = MemoryStorage(files)
        let error = #expect(throws: LogError.self) {
            try EventLogWriter.open("store", storage: disk)
        }
        #expect(error?.code == .readOnlyFeature)
        #expect(try Sample.read(EventLogReader.open("store", storage: disk)).count == 3)
    }

    @Test("an unknown compatible feature is nobody's business")
    func compatible() throws {
        let disk = MemoryStorage(try Self.store { $0[32] = 1 })
        let writer = try EventLogWriter.open("store", storage: disk)
        try Sample.append(to: writer, count: 2)
        #expect(try EventLogReader.open("store", storage: disk).end == EventPosition(5))
    }

    @Test("a directory that holds no store is not one")
    func notAStore() {
        let error = #expect(throws: LogError.self) {
            try EventLogReader.open("nowhere", storage: MemoryStorage())
        }
        #expect(error?.code == .notAStore)
    }

    @Test("a segment of a newer format is refused, not taken for damage")
    func newerSegment() throws {
        var files = try Self.store { _ in }
        var page = Array(try #require(files[RecoveryTests.segment]))
        page[12] = 2
        var crc: [UInt8] = []
        crc.appendLittleEndian(Checksum.crc32c(page.span.extracting(12..<512)))
        page.replaceSubrange(8..<12, with: crc)
        files[RecoveryTests.segment] = page
        let error = #expect(throws: LogError.self) {
            try EventLogWriter.open("store", storage: MemoryStorage(files))
        }
        #expect(error?.code == .newerFormat)
    }
}
