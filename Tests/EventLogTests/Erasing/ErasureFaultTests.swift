import EventLog
import Testing

@Suite("Erasures that are interrupted")
struct ErasureFaultTests {
    private static let positions = [1, 5, 6, 13, 22]

    private static func callCount(_ files: [String: [UInt8]]) throws -> Int {
        let storage = FaultyStorage(MemoryStorage(files))
        try ErasedStore.erase(positions, on: storage)
        return storage.callCount
    }

    /// Segments and STORE; HEAD counts how often it was written.
    private static func log(_ files: [String: [UInt8]]) -> [String: [UInt8]] {
        files.filter { $0.key.hasSuffix(".seg") || $0.key.hasSuffix("STORE") }
    }

    @Test("one that fails at any call, or loses power there, leaves a whole store and is finished")
    func interrupted() throws {
        let (files, count) = try ErasedStore.whole(.fast)
        let whole = MemoryStorage(files)
        try ErasedStore.erase(Self.positions, on: whole)
        let seeds = loopCount("ANNALS_POWER_LOSS_SEEDS", default: 3)
        let calls = try Self.callCount(files)
        #expect(calls > 40)
        for ordinal in 0..<calls {
            for fault in [FaultyStorage.Fault.failHalfway(5), .failHalfway(28), .stop] {
                let disk = MemoryStorage(files)
                let storage = FaultyStorage(disk, at: ordinal, fault)
                #expect(throws: LogError.self, "\(fault) at call \(ordinal)") {
                    try ErasedStore.erase(Self.positions, on: storage)
                }
                let place: Comment = "\(fault) at call \(ordinal)"
                try Self.finish(disk.files, whole.files, count, place)
                guard fault == .stop else { continue }
                for seed in 0..<seeds {
                    var generator = SeededGenerator(state: UInt64(seed * 10_000 + ordinal))
                    let left = disk.afterPowerLoss {
                        seed == 0 ? false : seed == 1 ? true : generator.next() % 2 == 0
                    }
                    let place: Comment = "power loss \(seed) at call \(ordinal)"
                    try Self.finish(left, whole.files, count, place)
                }
            }
        }
    }

    /// What was left reads whole, each event as it was or erased; then the rest is erased.
    private static func finish(
        _ files: [String: [UInt8]],
        _ wanted: [String: [UInt8]],
        _ count: Int,
        _ place: Comment
    ) throws {
        let disk = MemoryStorage(files)
        let report = try LogVerifier.verify("store", storage: disk)
        #expect(report.damage.allSatisfy { $0.segment == "HEAD" }, "\(place) \(report.damage)")
        #expect(report.events == UInt64(count), place)
        let erased = Set(report.erased.map { Int($0.rawValue) })
        #expect(erased.isSubset(of: Self.positions), place)
        if !erased.isEmpty { #expect(files["store/STORE"]?[48] == 2, place) }
        try ErasedStore.erase(Self.positions, on: disk)
        #expect(Self.log(disk.files) == Self.log(wanted), place)
        try ErasedStore.check(disk, erased: Set(Self.positions), count: count, place)
        #expect(!disk.files.keys.contains { $0.hasSuffix(".tmp") }, place)
    }

    @Test("a short transfer or a signal at any call changes nothing")
    func harmless() throws {
        let (files, _) = try ErasedStore.whole(.fast)
        let wanted = MemoryStorage(files)
        try ErasedStore.erase(Self.positions, on: wanted)
        for ordinal in 0..<(try Self.callCount(files)) {
            let disk = MemoryStorage(files)
            let storage = FaultyStorage(disk, at: ordinal, .short)
            try ErasedStore.erase(Self.positions, on: storage)
            #expect(Self.log(disk.files) == Self.log(wanted.files), "call \(ordinal)")
        }
    }

    @Test("a full disk leaves the store as it was and the writer usable")
    func fullDisk() throws {
        let (files, count) = try ErasedStore.whole(.fast)
        for ordinal in 0..<(try Self.callCount(files)) {
            let disk = MemoryStorage(files)
            let failing = FaultyStorage(disk, at: ordinal, .failHalfway(28))
            guard
                let writer = try? EventLogWriter.open(
                    "store",
                    storage: failing,
                    options: ErasedStore.options
                )
            else { continue }
            let positions = Set(Self.positions.map { EventPosition(UInt64($0)) })
            let error = #expect(throws: LogError.self, "call \(ordinal)") {
                try writer.erase(positions)
            }
            guard error?.code == .noSpace else { continue }
            // Some space is free again: the same call does the rest, on the same writer.
            if let report = try? writer.erase(positions) {
                #expect(report.events.count <= Self.positions.count)
                try Sample.append(to: writer, count: 1, contentByteCount: 60)
                writer.close()
                try ErasedStore.check(
                    disk,
                    erased: Set(Self.positions),
                    count: count + 1,
                    "call \(ordinal)"
                )
            }
        }
    }
}
