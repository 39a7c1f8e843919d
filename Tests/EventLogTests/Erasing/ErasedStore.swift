import Bytes
import EventLog
import Testing

/// Stores to erase from, and what must hold of them afterwards.
enum ErasedStore {
    static let options = LogOptions(segmentByteLimit: 6000)

    /// Several segments, and how many events there are.
    static func whole(
        _ compression: Compression,
        counts: [Int] = [3, 2, 4, 3, 2, 2, 5, 2],
        contentByteCount: Int = 60
    ) throws -> (files: [String: [UInt8]], count: Int) {
        let disk = MemoryStorage()
        let writer = try EventLogWriter.open("store", storage: disk, options: options)
        for (index, count) in counts.enumerated() {
            let first = writer.nextPosition
            let events = (0..<count).map {
                Sample.event(Int(first.rawValue) + $0, contentByteCount: contentByteCount)
            }
            let batch = try Sample.builder(
                first: first,
                events,
                producer: UInt64(index % 2),
                sequence: UInt64(index)
            ).encode(compression: compression)
            try writer.append(batch, time: Sample.time(of: first))
        }
        writer.close()
        return (disk.files, counts.reduce(0, +))
    }

    @discardableResult
    static func erase(
        _ positions: [Int],
        on storage: any LogStorage
    ) throws -> ErasureReport {
        let writer = try EventLogWriter.open("store", storage: storage, options: options)
        defer { writer.close() }
        return try writer.erase(Set(positions.map { EventPosition(UInt64($0)) }))
    }

    /// What is left of an event.
    static func erased(_ event: SampleEvent) -> SampleEvent {
        var event = event
        event.facts = event.facts.isEmpty ? [] : [0xA0]
        event.content = nil
        return event
    }

    static func holds(_ files: [String: [UInt8]], _ phrase: [UInt8]) -> Bool {
        files.values.contains { bytes in
            bytes.indices.contains { index in
                bytes[index] == phrase[0] && bytes[index...].starts(with: phrase)
            }
        }
    }

    /// Reads and verifies all of a store.
    static func check(
        _ disk: MemoryStorage,
        erased: Set<Int>,
        lost: Set<Int> = [],
        count: Int,
        contentByteCount: Int = 60,
        _ place: Comment = ""
    ) throws {
        let reader = try EventLogReader.open("store", storage: disk)
        #expect(reader.end.rawValue == UInt64(count), place)
        var seen: Set<Int> = []
        try reader.scan(content: true) { batch throws(LogError) in
            for (index, event) in zip(batch.indices, Sample.events(of: batch)) {
                let position = Int(batch[index].position.rawValue)
                let whole = Sample.event(position, contentByteCount: contentByteCount)
                let isErased = erased.contains(position)
                #expect(event == (isErased ? Self.erased(whole) : whole), place)
                #expect(batch.isErased(index) == isErased, place)
                #expect(batch[index].isErased == isErased, place)
                seen.insert(position)
            }
            return .continue
        }
        #expect(seen == Set(0..<count).subtracting(lost), place)
        let report = try LogVerifier.verify("store", storage: disk, jobs: 2)
        #expect(report.ok, "\(place) \(report.damage)")
        #expect(
            report.erased.map { Int($0.rawValue) } == erased.subtracting(lost).sorted(),
            place
        )
        #expect((report.erasedBatches > 0) == !report.erased.isEmpty, place)
    }
}
