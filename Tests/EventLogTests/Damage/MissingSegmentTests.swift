import EventLog
import Testing

@Suite("Segments that are not there")
struct MissingSegmentTests {
    private static func scan(
        _ reader: EventLogReader,
        from: UInt64,
        types: Set<String>?
    ) -> (positions: [UInt64], error: LogError?) {
        var positions: [UInt64] = []
        var cursor = reader.cursor(from: EventPosition(from), types: types)
        do throws(LogError) {
            while try cursor.next() {
                positions += cursor.batch.indices.map { cursor.batch[$0].position.rawValue }
            }
            return (positions, nil)
        } catch {
            return (positions, error)
        }
    }

    @Test(
        "a scan names the events of a missing segment, also where it wants none of them",
        arguments: [nil, ["run.started"], ["no such type"]] as [Set<String>?]
    )
    func scans(types: Set<String>?) throws {
        let whole = try RoundTripTests.sixBatches().files
        let names = whole.keys.filter { $0.hasSuffix(".seg") }.sorted()
        for (index, name) in names.dropLast().enumerated() {
            var files = whole
            files[name] = nil
            let first = try #require(UInt64(name.dropLast(4).suffix(20)))
            let next = try #require(UInt64(names[index + 1].dropLast(4).suffix(20)))
            let reader = try EventLogReader.open("store", storage: MemoryStorage(files))
            let (positions, error) = Self.scan(reader, from: 0, types: types)
            #expect(positions.allSatisfy { $0 < first })
            #expect(error?.code == .corrupt, "without \(name)")
            #expect(error?.positions == EventPosition(first)...EventPosition(next - 1))
            let behind = Self.scan(reader, from: next, types: types)
            #expect(behind.error == nil)
            if types == nil { #expect(behind.positions == Array(next..<150)) }
        }
    }

    @Test("opening a store without one of them leaves the others as they are")
    func renamed() throws {
        let whole = try RoundTripTests.sixBatches().files
        for name in whole.keys where name.hasSuffix(".seg") {
            var files = whole
            files[name + ".tmp"] = files.removeValue(forKey: name)
            let disk = MemoryStorage(files)
            let error = #expect(throws: LogError.self) {
                try EventLogWriter.open("store", storage: disk)
            }
            #expect(error?.code == .corrupt)
            let isUntouched = disk.files == files
            #expect(isUntouched, "\(name) called .tmp")
        }
    }
}
