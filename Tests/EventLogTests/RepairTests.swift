import Bytes
import EventLog
import Testing

@Suite("Repairing a damaged store")
struct RepairTests {
    @Test("each batch in turn: a gap stands for it, all others read as before")
    func eachBatch() throws {
        let (files, count) = try RepairCheck.store()
        for path in RepairCheck.segments(files) {
            let bytes = try #require(files[path])
            let frames = RepairCheck.frames(bytes)
            for (start, end) in zip(frames, frames.dropFirst())
            where bytes[start..<start + 4] == [0x41, 0x42, 0x54, 0x31] {
                // Header, names, facts or content, trailer.
                for offset in [start + 20, start + 200, end - 40, end - 2] {
                    var damaged = files
                    damaged[path]?[offset] ^= 0x20
                    let lost = try RepairCheck.repair(damaged, count: count, "\(path) \(offset)")
                    #expect((2...3).contains(lost.count))
                }
            }
        }
    }

    @Test("several at once, first and last of a segment, side by side and apart")
    func severalBatches() throws {
        let (files, count) = try RepairCheck.store(counts: Array(repeating: 1, count: 24))
        for path in RepairCheck.segments(files) {
            let bytes = try #require(files[path])
            let frames = RepairCheck.frames(bytes).dropLast().filter {
                bytes[$0..<$0 + 4] == [0x41, 0x42, 0x54, 0x31]
            }
            for chosen in 1..<1 << min(frames.count, 5) {
                var damaged = files
                var expected = 0
                for (index, frame) in frames.enumerated() where chosen >> (index % 5) & 1 == 1 {
                    damaged[path]?[frame + 50 + index] ^= 1
                    expected += 1
                }
                let lost = try RepairCheck.repair(damaged, count: count, "\(path) \(chosen)")
                #expect(lost.count == expected)
            }
        }
    }

    @Test("a damaged footer is made again byte by byte")
    func footer() throws {
        let (files, count) = try RepairCheck.store()
        for path in RepairCheck.segments(files).dropLast() {
            let bytes = try #require(files[path])
            let start = try #require(RepairCheck.frames(bytes).dropLast().last)
            for change in 0..<4 {
                var damaged = files
                switch change {
                case 0: damaged[path]?[start + 30] ^= 1
                case 1: damaged[path] = Array(bytes.prefix(start))
                case 2: damaged[path] = Array(bytes.dropLast(3))
                default: damaged[path]? += [1, 2, 3, 4, 5]
                }
                let disk = MemoryStorage(damaged)
                let report = try LogRepair.perform("store", storage: disk)
                #expect(disk.files[path] == bytes)
                #expect(report.plan.lost.isEmpty)
                #expect(disk.files["store/STORE"] == files["store/STORE"])
                #expect(disk.files["store/" + report.quarantine[0]] == damaged[path])
                #expect(try RepairCheck.repair(damaged, count: count).isEmpty)
            }
        }
    }

    @Test("damaged header and join blocks are made again from what their neighbours say")
    func firstPage() throws {
        let (files, count) = try RepairCheck.store()
        for path in RepairCheck.segments(files) {
            let bytes = try #require(files[path])
            for places in [[17], [300], [540], [580], [4000], [20, 577]] {
                var damaged = files
                for place in places { damaged[path]?[place] ^= 8 }
                let disk = MemoryStorage(damaged)
                _ = try LogRepair.perform("store", storage: disk)
                #expect(disk.files[path] == bytes, "\(path) \(places)")
                #expect(try RepairCheck.repair(damaged, count: count).isEmpty)
            }
        }
    }

    @Test("a missing segment, or several, leave a gap of exactly their events")
    func missing() throws {
        let (files, count) = try RepairCheck.store()
        let paths = RepairCheck.segments(files)
        #expect(paths.count >= 4)
        for chosen in 1..<1 << paths.count {
            var damaged = files
            var expected: Set<UInt64> = []
            for (index, path) in paths.enumerated() where chosen >> index & 1 == 1 {
                damaged[path] = nil
                let base = Self.base(path)
                let end = index + 1 < paths.count ? Self.base(paths[index + 1]) : UInt64(count)
                expected.formUnion(base..<end)
            }
            let lost = try RepairCheck.repair(damaged, count: count, "\(chosen)")
            #expect(lost == expected, "\(chosen)")
        }
    }

    static func base(_ path: String) -> UInt64 {
        UInt64(path.dropLast(4).suffix(20)) ?? .max
    }

    @Test("footer and last batch together lose only that batch")
    func footerAndBatch() throws {
        let (files, count) = try RepairCheck.store()
        for path in RepairCheck.segments(files).dropLast() {
            let bytes = try #require(files[path])
            let frames = RepairCheck.frames(bytes)
            let footer = frames[frames.count - 2]
            let batch = frames[frames.count - 3]
            for offset in [batch + 30, batch + 210] {
                var damaged = files
                damaged[path]?[offset] ^= 1
                damaged[path]?[footer + 50] ^= 1
                let lost = try RepairCheck.repair(damaged, count: count, "\(path) \(offset)")
                #expect((2...3).contains(lost.count))
                // Cut in the middle of the batch.
                damaged[path] = Array(bytes.prefix(offset))
                #expect(try RepairCheck.repair(damaged, count: count) == lost)
            }
        }
    }

    @Test("segments under wrong names get their own back, strangers are moved away")
    func names() throws {
        let (files, count) = try RepairCheck.store()
        let paths = RepairCheck.segments(files)
        var swapped = files
        swapped[paths[0]] = files[paths[1]]
        swapped[paths[1]] = files[paths[0]]
        var astray = files
        astray["store/log/copy.seg"] = files[paths[1]]
        astray[paths[1]] = nil
        var doubled = files
        doubled["store/log/00000000000000000999.seg"] = files[paths[2]]
        var strange = files
        let other = try RepairCheck.store().files[paths[0]].map { Self.foreign($0) }
        strange["store/log/00000000000000000998.seg"] = other
        var empty = files
        empty["store/log/00000000000000000997.seg"] = []
        for (index, damaged) in [swapped, astray, doubled, strange, empty].enumerated() {
            let disk = MemoryStorage(damaged)
            let report = try LogRepair.perform("store", storage: disk)
            #expect(report.quarantine.count == (index < 2 ? 0 : 1))
            for path in paths { #expect(disk.files[path] == files[path], "\(index)") }
            #expect(RepairCheck.segments(disk.files) == paths)
            #expect(try RepairCheck.repair(damaged, count: count).isEmpty)
        }
        // Over another segment: that one is lost, the copy is none of it.
        var overwritten = files
        overwritten[paths[2]] = files[paths[1]]
        #expect(
            try RepairCheck.repair(overwritten, count: count)
                == Set(Self.base(paths[2])..<Self.base(paths[3]))
        )
    }

    /// A first segment as another store would have it.
    private static func foreign(_ bytes: [UInt8]) -> [UInt8] {
        var foreign = bytes
        foreign[530] ^= 1
        let sum = Checksum.crc32c(foreign.span.extracting(524..<4096))
        for index in 0..<4 { foreign[520 + index] = UInt8(truncatingIfNeeded: sum >> (8 * index)) }
        return foreign
    }

    @Test("what HEAD promised at the log's end and is gone becomes a gap; a torn tail does not")
    func lastSegment() throws {
        let (files, count) = try RepairCheck.store(counts: [3, 2, 2, 3, 2])
        let path = try #require(RepairCheck.segments(files).last)
        let bytes = try #require(files[path])
        for length in stride(from: 4096, to: bytes.count, by: 61) {
            var damaged = files
            damaged[path] = Array(bytes.prefix(length))
            let lost = try RepairCheck.repair(damaged, count: count, "cut at \(length)")
            #expect(!lost.isEmpty)
            damaged[path]? += [UInt8](repeating: 0x5A, count: bytes.count - length + 77)
            #expect(try RepairCheck.repair(damaged, count: count) == lost, "over \(length)")
        }
        var torn = files
        torn[path]? += [UInt8](repeating: 0x5A, count: 500)
        let plan = try LogRepair.plan("store", storage: MemoryStorage(torn))
        #expect(plan.isEmpty)
        #expect(plan.notes.count == 1)
    }

    @Test("a lost HEAD needs no repair, damage to STORE is refused")
    func otherFiles() throws {
        let (files, _) = try RepairCheck.store()
        var damaged = files
        damaged["store/HEAD"] = nil
        let plan = try LogRepair.plan("store", storage: MemoryStorage(damaged))
        #expect(plan.isEmpty)
        #expect(plan.notes.contains { $0.hasPrefix("HEAD is lost") })
        damaged = files
        damaged["store/STORE"]?[20] ^= 1
        let disk = MemoryStorage(damaged)
        let error = #expect(throws: LogError.self) {
            try LogRepair.perform("store", storage: disk)
        }
        #expect(error?.code == .corrupt)
        #expect(disk.files == damaged)
    }

    @Test("a store with gaps is marked, so that a program that knows none refuses it")
    func marked() throws {
        let (files, _) = try RepairCheck.store()
        var damaged = files
        let path = RepairCheck.segments(files)[1]
        damaged[path]?[4200] ^= 1
        let disk = MemoryStorage(damaged)
        let report = try LogRepair.perform("store", storage: disk)
        #expect(report.plan.steps.first == .markStore)
        #expect(disk.files["store/STORE"]?[48] == 1)
        #expect(disk.files["store/" + (report.quarantine.first ?? "")] == damaged[path])
        #expect(report.plan.steps.map(\.description).joined().contains("keep"))
    }

    @Test("a sound store is left alone to the last byte")
    func sound() throws {
        let (files, _) = try RepairCheck.store()
        let disk = MemoryStorage(files)
        let report = try LogRepair.perform("store", storage: disk)
        #expect(report.plan.isEmpty)
        #expect(report.quarantine.isEmpty)
        #expect(disk.files == files)
    }
}
