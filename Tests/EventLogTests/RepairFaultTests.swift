import Bytes
import EventLog
import Testing

@Suite("Repairs that are interrupted, and damage at random")
struct RepairFaultTests {
    /// Damage of every kind at once: a batch, a footer, a missing segment, a join block, two
    /// segments under each other's names, a stranger.
    private static func damaged() throws -> (files: [String: [UInt8]], count: Int) {
        var (files, count) = try RepairCheck.store(counts: [3, 2, 2, 3, 2, 2, 3, 2, 2, 3, 2, 2])
        let paths = RepairCheck.segments(files)
        try #require(paths.count >= 6)
        let first = RepairCheck.frames(files[paths[0]] ?? [])
        files[paths[0]]?[first[1] + 60] ^= 1
        files[paths[0]]?[first[first.count - 2] + 60] ^= 1
        files[paths[1]] = nil
        files[paths[2]]?[580] ^= 1
        (files[paths[3]], files[paths[4]]) = (files[paths[4]], files[paths[3]])
        files["store/log/00000000000000000999.seg"] = files[paths[0]]
        files[paths[5]]?[4200] ^= 1
        return (files, count)
    }

    private static func callCount(_ files: [String: [UInt8]]) throws -> Int {
        let storage = FaultyStorage(MemoryStorage(files))
        _ = try LogRepair.perform("store", storage: storage)
        return storage.callCount
    }

    @Test("a repair that fails at any call, or loses power there, can be done again")
    func interrupted() throws {
        let (files, count) = try Self.damaged()
        let lost = try RepairCheck.repair(files, count: count)
        #expect(!lost.isEmpty)
        let seeds = loopCount("ANNALS_POWER_LOSS_SEEDS", default: 3)
        for ordinal in 0..<(try Self.callCount(files)) {
            for fault in [FaultyStorage.Fault.failHalfway(5), .failHalfway(28), .stop] {
                let disk = MemoryStorage(files)
                let storage = FaultyStorage(disk, at: ordinal, fault)
                #expect(throws: LogError.self, "\(fault) at call \(ordinal)") {
                    try LogRepair.perform("store", storage: storage)
                }
                try Self.finish(disk.files, count, lost, "\(fault) at call \(ordinal)")
                guard fault == .stop else { continue }
                for seed in 0..<seeds {
                    var generator = SeededGenerator(state: UInt64(seed * 10_000 + ordinal))
                    let left = disk.afterPowerLoss {
                        seed == 0 ? false : seed == 1 ? true : generator.next() % 2 == 0
                    }
                    try Self.finish(left, count, lost, "power loss \(seed) at call \(ordinal)")
                }
            }
        }
    }

    /// Repairs what an interrupted repair left; no more may be lost than before.
    private static func finish(
        _ files: [String: [UInt8]],
        _ count: Int,
        _ lost: Set<UInt64>,
        _ place: Comment
    ) throws {
        let disk = MemoryStorage(files)
        _ = try LogRepair.perform("store", storage: disk)
        let left = try RepairCheck.check(disk, nil, count: count, place)
        #expect(left.sorted() == lost.sorted(), place)
    }

    @Test("a short transfer or a signal at any call changes nothing")
    func harmless() throws {
        let (files, _) = try Self.damaged()
        let wanted = MemoryStorage(files)
        _ = try LogRepair.perform("store", storage: wanted)
        for ordinal in 0..<(try Self.callCount(files)) {
            let disk = MemoryStorage(files)
            let storage = FaultyStorage(disk, at: ordinal, .short)
            _ = try LogRepair.perform("store", storage: storage)
            #expect(disk.files == wanted.files, "call \(ordinal)")
        }
    }

    @Test("damage at random: nothing is lost but what is reported, and no event is wrong")
    func random() throws {
        let (files, count) = try RepairCheck.store(counts: [1, 2, 2, 1, 1, 2, 3, 2, 1, 1, 1, 2])
        let rounds = loopCount("ANNALS_REPAIRS", default: 300)
        let seed = loopCount("ANNALS_SEED", default: 1)
        var repaired = 0
        for round in 0..<rounds {
            var generator = SeededGenerator(state: UInt64(seed) << 32 + UInt64(round))
            var damaged = files
            for _ in 0..<1 + Int(generator.next() % 4) { Self.damage(&damaged, &generator) }
            let disk = MemoryStorage(damaged)
            let place: Comment = "seed \(seed), round \(round)"
            let result = Result { () throws(LogError) in
                try LogRepair.perform("store", storage: disk)
            }
            switch result {
            case .success(let report):
                repaired += report.plan.isEmpty ? 0 : 1
                // Without HEAD the end of the log may be a torn tail.
                let hasHead = damaged["store/HEAD"] == files["store/HEAD"]
                try Self.check(disk, report, count, hasHead, place)
            case .failure(let error):
                #expect(error.code == .beyondRepair, place)
                #expect(Self.log(disk.files) == Self.log(damaged), place)
            }
        }
        #expect(repaired * 2 > rounds, "\(repaired) of \(rounds) were repaired")
    }

    private static func log(_ files: [String: [UInt8]]) -> [String: [UInt8]] {
        files.filter { !$0.key.hasSuffix("LOCK") }
    }

    private static func check(
        _ disk: MemoryStorage,
        _ report: RepairReport,
        _ count: Int,
        _ hasHead: Bool,
        _ place: Comment
    ) throws {
        if hasHead {
            try RepairCheck.check(disk, report.plan.lost, count: count, place)
            return
        }
        let writer = try EventLogWriter.open("store", storage: disk)
        let end = writer.nextPosition.rawValue
        writer.close()
        #expect(try LogVerifier.verify("store", storage: disk).ok, place)
        let (events, _) = try RepairCheck.read(disk)
        let lost = RepairCheck.positions(report.plan.lost.map(\.gap))
        for position in 0..<end where !lost.contains(position) {
            #expect(
                events[position] == Sample.event(Int(position), contentByteCount: 90),
                place
            )
        }
    }

    private static func damage(
        _ files: inout [String: [UInt8]],
        _ generator: inout SeededGenerator
    ) {
        let paths = RepairCheck.segments(files)
        guard let path = paths.randomElement(using: &generator), let bytes = files[path],
            let other = paths.randomElement(using: &generator), bytes.count > 600
        else { return }
        let start = Int.random(in: 0..<bytes.count, using: &generator)
        let length = min(bytes.count - start, Int(generator.next() % 900))
        let target = Int.random(in: 0..<bytes.count - length, using: &generator)
        switch generator.next() % 16 {
        case 0..<5: files[path]?[start] ^= 1 << UInt8(generator.next() % 8)
        case 5, 6:
            let zeros = [UInt8](repeating: 0, count: length)
            files[path]?.replaceSubrange(start..<start + length, with: zeros)
        case 7, 8:
            let block = bytes[start..<start + length]
            files[path]?.replaceSubrange(target..<target + length, with: block)
        case 9: files[path]?.removeSubrange(start..<start + length)
        case 10: files[path] = Array(bytes.prefix(start))
        case 11:
            files[path]? += (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
        case 12: files[path] = nil
        case 13: (files[path], files[other]) = (files[other], files[path])
        case 14: files[path] = files[other]
        default: files["store/HEAD"]?[Int(generator.next() % 1024)] ^= 1
        }
    }
}
