import Bytes
import EventLog

/// The small but complete store that is damaged, and what must be read from it.
struct DamagedStore: Sendable {
    /// Every file by path.
    let files: [String: [UInt8]]
    /// Every acknowledged event.
    let events: [SampleEvent]
    /// The files after each batch before the last.
    let earlier: [[String: [UInt8]]]

    static let head = "store/HEAD"

    /// The segments in order of position.
    var segments: [String] { files.keys.filter { $0.hasSuffix(".seg") }.sorted() }

    /// Whether the log never reads the file for what it holds.
    static func isApart(_ path: String) -> Bool {
        path == "store/LOCK" || path.hasPrefix("store/quarantine/")
    }

    /// Segments of `batches` batches each, compressed and plain in turn: sealed ones and an open
    /// one; before them a torn tail, which went to quarantine.
    static func make(segments: Int, batches: Int) throws -> DamagedStore {
        let disk = MemoryStorage()
        var events: [SampleEvent] = []
        var earlier: [[String: [UInt8]]] = []
        for round in 0..<segments * batches {
            if round == 1 { try tear(disk) }
            // Opened anew with such a limit, the writer rolls when it is meant to.
            let limit: UInt64 = round > 0 && round % batches == 0 ? 1 : 1 << 20
            let writer = try EventLogWriter.open(
                "store",
                storage: disk,
                options: LogOptions(segmentByteLimit: limit)
            )
            var batch = (0..<1 + round % 2).map { Sample.event(events.count + $0) }
            batch[0].content = Array("alike, ".utf8) + [UInt8](repeating: 0x61, count: 64)
            let encoded = try Sample.builder(
                first: writer.nextPosition,
                batch,
                producer: UInt64(1 + round % 2),
                sequence: UInt64(round)
            ).encode(compression: round % 2 == 0 ? .fast : .none)
            try writer.append(encoded, time: Sample.time(of: writer.nextPosition))
            writer.close()
            events += batch
            earlier.append(disk.files)
        }
        return DamagedStore(files: disk.files, events: events, earlier: earlier.dropLast())
    }

    /// The same store a moment earlier: its second last segment has a footer and no successor.
    func sealedLast() -> DamagedStore {
        let last = segments.last ?? ""
        let before = earlier.filter { $0[last] == nil }
        var files = files
        files[last] = nil
        files[Self.head] = before.last?[Self.head]
        let kept = events(at: 0, of: last).first.map { Int($0.lowerBound) }
        return DamagedStore(
            files: files,
            events: Array(events.prefix(kept ?? events.count)),
            earlier: before.dropLast()
        )
    }

    /// The same store after the first event of each segment was erased.
    func withErased() throws -> DamagedStore {
        let disk = MemoryStorage(files)
        let positions = segments.flatMap { events(at: 0, of: $0) }.map { Int($0.lowerBound) }
        try ErasedStore.erase(positions, on: disk)
        var left = events
        for position in positions { left[position] = ErasedStore.erased(left[position]) }
        return DamagedStore(files: disk.files, events: left, earlier: [])
    }

    /// Why nobody need notice a change to these bytes; nil where somebody must.
    func harmless(_ path: String, _ range: Range<Int>) -> String? {
        if Self.isApart(path) { return "not part of the log" }
        guard path == segments.last, range.lowerBound >= durableOffset else { return nil }
        return "past the durable end"
    }

    /// The offset in the last segment that HEAD's newest slot promises (FORMAT.md §1.2).
    private var durableOffset: Int {
        let head = files[Self.head] ?? []
        let newest = Self.u32(head, 8) > Self.u32(head, 520) ? 0 : 512
        return Self.u32(head, newest + 32)
    }

    /// Leaves a torn tail, which the next opening puts into quarantine.
    private static func tear(_ disk: MemoryStorage) throws {
        let last = disk.files.keys.filter { $0.hasSuffix(".seg") }.max() ?? ""
        let file = try disk.open(last, writable: true)
        defer { disk.close(file) }
        _ = try disk.write(file, Array("ABT1, torn".utf8).span, at: try disk.size(file))
    }

    /// The first byte of each batch and, last, of what follows them (FORMAT.md §2.3).
    static func frameOffsets(_ bytes: [UInt8]) -> [Int] {
        var offsets = [4096]
        while let offset = offsets.last, offset + 192 <= bytes.count,
            bytes[offset..<offset + 4].elementsEqual("ABT1".utf8)
        {
            offsets.append(offset + u32(bytes, offset + 8))
        }
        return offsets
    }

    static func u32(_ bytes: [UInt8], _ offset: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << ($1 * 8) }
    }

    /// The events that are lost when the byte at an offset of a segment is bad.
    func events(at offset: Int, of segment: String) -> [ClosedRange<UInt64>] {
        let bytes = files[segment] ?? []
        guard var first = UInt64(segment.dropLast(4).suffix(20)) else { return [] }
        let frames = Self.frameOffsets(bytes)
        let counts = frames.dropLast().map { UInt64(Self.u32(bytes, $0 + 32)) }
        if offset < 4096 { return [first...first + counts.reduce(0, +) - 1] }
        for (index, count) in counts.enumerated() {
            if offset < frames[index + 1] { return [first...first + count - 1] }
            first += count
        }
        return []
    }
}
