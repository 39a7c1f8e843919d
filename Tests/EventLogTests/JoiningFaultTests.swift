import EventLog
import Testing

@Suite("Joins that are interrupted")
struct JoiningFaultTests {
    /// Opens the store and joins both segments; returns how many events were acknowledged.
    private static func work(_ storage: FaultyStorage) -> (acknowledged: Int, error: LogError?) {
        var acknowledged = 9
        do throws(LogError) {
            let writer = try EventLogWriter.open("store", storage: storage)
            try writer.adopt(segmentAt: "first")
            acknowledged = 21
            try writer.adopt(segmentAt: "second")
            acknowledged = 27
            return (acknowledged, nil)
        } catch {
            return (acknowledged, error)
        }
    }

    private static func callCount() throws -> Int {
        let storage = FaultyStorage(try JoiningTests.disk())
        #expect(work(storage).acknowledged == 27)
        return storage.callCount
    }

    /// What must hold after any interruption: each segment is there whole or not at all, nothing
    /// acknowledged is missing, and the rest can be joined now.
    private static func check(
        _ disk: MemoryStorage,
        _ acknowledged: Int,
        _ place: Comment
    ) throws {
        let visible = try Sample.read(EventLogReader.open("store", storage: disk))
        #expect(visible == Sample.events(visible.count, contentByteCount: 64), place)
        let writer = try EventLogWriter.open("store", storage: disk)
        #expect(writer.recovery == nil || acknowledged == 9, place)
        #expect(!disk.files.keys.contains { $0.hasSuffix(".tmp") }, place)
        let kept = Int(writer.nextPosition.rawValue)
        #expect([9, 21, 27].contains(kept) && kept >= acknowledged, "\(kept) \(place)")
        #expect(try writer.adopt(segmentAt: "first") == EventPosition(9), place)
        #expect(try writer.adopt(segmentAt: "second") == EventPosition(21), place)
        writer.close()
        let reader = try EventLogReader.open("store", storage: disk)
        #expect(try Sample.read(reader) == Sample.events(27, contentByteCount: 64), place)
        #expect(try LogVerifier.verify("store", storage: disk).ok, place)
    }

    @Test("a short transfer or a signal at any call changes nothing")
    func harmless() throws {
        for ordinal in 0..<(try Self.callCount()) {
            for fault in [FaultyStorage.Fault.short, .fail(4), .failHalfway(4)] {
                let disk = try JoiningTests.disk()
                let storage = FaultyStorage(disk, at: ordinal, fault)
                let (acknowledged, error) = Self.work(storage)
                let isSync = storage.hit?.hasPrefix("synchronize") == true
                #expect((error == nil) == (fault == .short || !isSync), "\(storage.hit ?? "")")
                try Self.check(disk, acknowledged, "\(fault) at \(ordinal)")
            }
        }
    }

    @Test(
        "an error or a power loss at any call leaves a segment joined whole or not at all",
        arguments: [
            FaultyStorage.Fault.fail(5), .failHalfway(5), .fail(28), .failHalfway(28), .stop,
        ]
    )
    func failing(fault: FaultyStorage.Fault) throws {
        let seeds = loopCount("EVENTLOG_POWER_LOSS_SEEDS", default: 4)
        for ordinal in 0..<(try Self.callCount()) {
            let disk = try JoiningTests.disk()
            let storage = FaultyStorage(disk, at: ordinal, fault)
            let (acknowledged, error) = Self.work(storage)
            #expect(error != nil, "\(fault) at call \(ordinal) \(storage.hit ?? "")")
            for seed in 0..<seeds {
                var generator = SeededGenerator(state: UInt64(seed * 1000 + ordinal))
                var left = disk.afterPowerLoss { seed < 2 ? seed == 1 : generator.next() % 2 == 0 }
                // The segments to join lie on another disk.
                for name in ["first", "second"] { left[name] = disk.files[name] }
                try Self.check(MemoryStorage(left), acknowledged, "call \(ordinal), seed \(seed)")
            }
            try Self.check(disk, acknowledged, "\(fault) at \(ordinal)")
        }
    }

    @Test("a full disk at any call of a join leaves the log as it was, and the writer goes on")
    func noSpace() throws {
        var refusals = 0
        for ordinal in 0..<(try Self.callCount()) {
            let disk = try JoiningTests.disk()
            let storage = FaultyStorage(disk, at: ordinal, .failHalfway(28))
            guard let writer = try? EventLogWriter.open("store", storage: storage) else { continue }
            var isPoisoned = false
            for (name, base) in [("first", UInt64(9)), ("second", 21)] where !isPoisoned {
                do throws(LogError) {
                    try writer.adopt(segmentAt: name)
                } catch {
                    isPoisoned = error.code != .noSpace
                    guard !isPoisoned else { continue }
                    refusals += 1
                    #expect(!disk.files.keys.contains { $0.hasSuffix(".tmp") })
                    let report = try LogVerifier.verify("store", storage: disk)
                    #expect(report.ok)
                    #expect(report.events == base)
                    #expect(report.unacknowledgedBytes == 0)
                    #expect(try writer.adopt(segmentAt: name) == EventPosition(base))
                }
            }
            guard !isPoisoned else { continue }
            try Sample.append(to: writer, count: 3)
            #expect(try LogVerifier.verify("store", storage: disk).ok)
        }
        #expect(refusals > 10)
    }

    @Test("a detached segment that meets a full disk goes on, and after another failure does not")
    func detached() throws {
        func write(_ storage: FaultyStorage) throws -> [LogError.Code] {
            var errors: [LogError.Code] = []
            var writer: DetachedSegmentWriter
            do throws(LogError) {
                writer = try DetachedSegmentWriter.create("segment", storage: storage)
            } catch {
                return [error.code]
            }
            var isSealed = false
            for _ in 0..<12 where !isSealed {
                do throws(LogError) {
                    while writer.nextPosition < EventPosition(12) {
                        let first = Int(writer.nextPosition.rawValue)
                        let events = (first..<first + 3).map { Sample.event($0) }
                        let batch = Sample.builder(first: writer.nextPosition, events)
                        try writer.append(batch.encode(), time: 1)
                    }
                    try writer.seal()
                    isSealed = true
                } catch {
                    errors.append(error.code)
                }
            }
            return errors
        }
        let whole = FaultyStorage(MemoryStorage())
        #expect(try write(whole).isEmpty)
        for ordinal in 0..<whole.callCount {
            for error in [Int32(5), 28] {
                let disk = MemoryStorage()
                let storage = FaultyStorage(disk, at: ordinal, .failHalfway(error))
                let errors = try write(storage)
                let place: Comment = "\(error) at \(storage.hit ?? "no call")"
                let log = try EventLogWriter.open("store", storage: disk)
                if errors == [.noSpace], ordinal > 1 {
                    try log.adopt(segmentAt: "segment")
                    let reader = try EventLogReader.open("store", storage: disk)
                    #expect(try Sample.read(reader) == Sample.events(12), place)
                } else {
                    #expect(errors.dropFirst().allSatisfy { $0 == .poisoned }, place)
                    // A failed sync leaves whole bytes and a caller who was told that they may go.
                    if storage.hit?.hasPrefix("synchronize") != true {
                        #expect(throws: LogError.self, place) {
                            try log.adopt(segmentAt: "segment")
                        }
                    }
                }
            }
        }
    }

    @Test("a file system without hard links is named as what is missing", arguments: [1, 38, 95])
    func withoutLinks(error: Int32) throws {
        let disk = try JoiningTests.disk()
        var ordinal = 0
        while true {
            let storage = FaultyStorage(disk, at: ordinal, .fail(error))
            let (_, failure) = Self.work(storage)
            if storage.hit == "link" {
                #expect(failure?.code == .inputOutput)
                #expect(failure?.expected == "a file system with hard links")
                #expect(failure?.hint.isEmpty == false)
                break
            }
            ordinal += 1
            try #require(storage.hit != nil)
        }
        try Self.check(disk, 9, "without links")
    }
}
