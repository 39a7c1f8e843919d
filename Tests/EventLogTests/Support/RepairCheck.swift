import Bytes
import EventLog
import Testing

/// What must hold after every repair.
enum RepairCheck {
    static let options = LogOptions(segmentByteLimit: 5400)

    /// A store of several segments with several batches each, and how many events it has.
    static func store(
        counts: [Int] = [3, 2, 2, 3, 2, 2, 3, 2]
    ) throws -> (files: [String: [UInt8]], count: Int) {
        let disk = MemoryStorage()
        let writer = try EventLogWriter.open("store", storage: disk, options: options)
        for (index, count) in counts.enumerated() {
            let first = writer.nextPosition
            let events = (0..<count).map {
                Sample.event(Int(first.rawValue) + $0, contentByteCount: 90)
            }
            let batch = try Sample.builder(
                first: first,
                events,
                producer: UInt64(index % 3),
                sequence: UInt64(index)
            ).encode(compression: index % 2 == 0 ? .none : .fast)
            try writer.append(batch, time: Sample.time(of: first))
        }
        writer.close()
        return (disk.files, counts.reduce(0, +))
    }

    /// The paths of a store's segments, in order.
    static func segments(_ files: [String: [UInt8]]) -> [String] {
        files.keys.filter { $0.hasPrefix("store/log/") && $0.hasSuffix(".seg") }.sorted()
    }

    /// A little-endian word of four bytes.
    static func word(_ bytes: [UInt8], _ offset: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << ($1 * 8) }
    }

    /// Where the batches of a segment begin and the footer, by FORMAT.md §2.3; the last is the end.
    static func frames(_ bytes: [UInt8]) -> [Int] {
        var offsets = [4096]
        while let offset = offsets.last, offset + 16 <= bytes.count {
            let length = (0..<4).reduce(0) { $0 | Int(bytes[offset + 8 + $1]) << ($1 * 8) }
            offsets.append(offset + length)
        }
        return offsets
    }

    /// Repairs and looks at the result in every way; returns the positions that were lost.
    @discardableResult
    static func repair(
        _ damaged: [String: [UInt8]],
        count: Int,
        _ place: Comment = ""
    ) throws -> Set<UInt64> {
        let disk = MemoryStorage(damaged)
        let plan = try LogRepair.plan("store", storage: disk)
        #expect(disk.files == damaged, place)
        let report = try LogRepair.perform("store", storage: disk)
        #expect(report.plan.lost == plan.lost, place)
        for file in report.quarantine { #expect(disk.files["store/" + file] != nil, place) }
        return try check(disk, report.plan.lost, count: count, place)
    }

    /// Checks a repaired store; `lost` is what the repair reported.
    @discardableResult
    static func check(
        _ disk: MemoryStorage,
        _ reported: [RepairLoss]?,
        count: Int,
        _ place: Comment = ""
    ) throws -> Set<UInt64> {
        let verified = try LogVerifier.verify("store", storage: disk)
        #expect(verified.damage.allSatisfy { $0.segment == "HEAD" }, place)
        if let reported { #expect(verified.gaps == reported.map(\.gap), place) }
        let lost = positions(verified.gaps)

        let before = try read(disk)
        let end = UInt64(before.end)
        for position in 0..<end where !lost.contains(position) {
            let expected = Sample.event(Int(position), contentByteCount: 90)
            #expect(before.events[position] == expected, place)
        }
        #expect(before.events.count + lost.filter { $0 < end }.count == Int(end), place)
        try checkLookups(disk, lost, place)

        let again = disk.files
        #expect(try LogRepair.perform("store", storage: disk).plan.isEmpty, place)
        #expect(
            disk.files.filter { !$0.key.hasSuffix("LOCK") }
                == again.filter { !$0.key.hasSuffix("LOCK") },
            place
        )

        let writer = try EventLogWriter.open("store", storage: disk, options: options)
        #expect(writer.nextPosition.rawValue == UInt64(count), place)
        for _ in 0..<3 {
            try Sample.append(to: writer, count: 3, contentByteCount: 90)
        }
        writer.close()
        let after = try read(disk)
        #expect(after.events.count + lost.count == count + 9, place)
        #expect(try LogVerifier.verify("store", storage: disk).ok, place)
        #expect(try EventLogReader.open("store", storage: disk).gaps() == verified.gaps, place)
        return lost
    }

    private static func checkLookups(
        _ disk: MemoryStorage,
        _ lost: Set<UInt64>,
        _ place: Comment
    ) throws {
        let reader = try EventLogReader.open("store", storage: disk)
        for position in 0..<reader.end.rawValue {
            let summary = try reader.batch(holding: EventPosition(position))
            #expect(summary.firstPosition.rawValue <= position, place)
            do throws(LogError) {
                let event = try reader.record(at: EventPosition(position))
                #expect(!lost.contains(position), place)
                #expect(event.record.position.rawValue == position, place)
            } catch {
                #expect(error.code == .lost, place)
                #expect(error.positions?.contains(EventPosition(position)) == true, place)
                #expect(lost.contains(position), place)
            }
        }
    }

    static func positions(_ gaps: [Gap]) -> Set<UInt64> {
        var positions: Set<UInt64> = []
        for gap in gaps {
            let range = gap.positions.lowerBound.rawValue...gap.positions.upperBound.rawValue
            positions.formUnion(range)
        }
        return positions
    }

    /// All events that a reader shows, by position.
    static func read(
        _ disk: MemoryStorage
    ) throws -> (events: [UInt64: SampleEvent], end: Int) {
        let reader = try EventLogReader.open("store", storage: disk)
        var events: [UInt64: SampleEvent] = [:]
        try reader.scan(content: true) { batch throws(LogError) in
            for (index, event) in zip(batch.indices, Sample.events(of: batch)) {
                events[batch[index].position.rawValue] = event
            }
            return .continue
        }
        return (events, Int(reader.end.rawValue))
    }
}
