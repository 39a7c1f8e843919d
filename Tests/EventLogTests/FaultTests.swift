import EventLog
import Testing

@Suite("System calls that fail")
struct FaultTests {
    private static let options = LogOptions(segmentByteLimit: 5600)

    /// Opens a store and appends batches until something fails; returns what was acknowledged.
    private static func work(_ storage: FaultyStorage) -> (acknowledged: Int, error: LogError?) {
        var acknowledged = 0
        do throws(LogError) {
            let writer = try EventLogWriter.open("store", storage: storage, options: options)
            acknowledged = Int(writer.nextPosition.rawValue)
            for _ in 0..<6 {
                try Sample.append(to: writer, count: 4, compression: .none)
                acknowledged = Int(writer.nextPosition.rawValue)
            }
            return (acknowledged, nil)
        } catch {
            return (acknowledged, error)
        }
    }

    /// How many calls the work makes when nothing fails.
    private static func callCount() -> Int {
        let storage = FaultyStorage(MemoryStorage())
        #expect(work(storage).acknowledged == 24)
        return storage.callCount
    }

    @Test("a short transfer or a signal at any call changes nothing")
    func harmless() throws {
        for ordinal in 0..<Self.callCount() {
            for fault in [FaultyStorage.Fault.short, .fail(4), .failHalfway(4)] {
                let disk = MemoryStorage()
                let storage = FaultyStorage(disk, at: ordinal, fault)
                let (acknowledged, error) = Self.work(storage)
                // A sync is never tried twice, not even after a signal.
                if fault != .short, storage.hit?.hasPrefix("synchronize") == true {
                    #expect(error?.code == .inputOutput)
                } else {
                    #expect(error == nil, "\(fault) at \(storage.hit ?? "no call")")
                    #expect(acknowledged == 24)
                }
                try Self.checkReopened(disk, acknowledged: acknowledged)
            }
        }
    }

    @Test(
        "an error at any call loses nothing acknowledged, and the next open goes on",
        arguments: [
            FaultyStorage.Fault.fail(5), .failHalfway(5), .fail(28), .failHalfway(28),
            .fail(122), .failHalfway(122), .failFrom(28), .fail(13), .fail(24), .stop,
        ]
    )
    func failing(fault: FaultyStorage.Fault) throws {
        for ordinal in 0..<Self.callCount() {
            let disk = MemoryStorage()
            let storage = FaultyStorage(disk, at: ordinal, fault)
            let (acknowledged, error) = Self.work(storage)
            if let hit = storage.hit, !Self.isPassedOver(fault, at: hit) {
                #expect(error != nil, "\(fault) at call \(ordinal) \(hit)")
                #expect([.inputOutput, .noSpace].contains(error?.code), "\(fault) at \(hit)")
            }
            try Self.checkReopened(disk, acknowledged: acknowledged)
        }
    }

    /// A directory above the store that may not be opened is not the store's.
    private static func isPassedOver(_ fault: FaultyStorage.Fault, at hit: String) -> Bool {
        fault == .fail(13) && hit == "synchronizeDirectory ."
    }

    /// Reads and continues a store after its writer failed.
    private static func checkReopened(_ disk: MemoryStorage, acknowledged: Int) throws {
        #expect(disk.openCount == 0)
        if disk.files["store/STORE"] != nil {
            let reader = try EventLogReader.open("store", storage: disk)
            let visible = Int(reader.end.rawValue)
            #expect(try Sample.read(reader) == Sample.events(visible))
            #expect(
                try LogVerifier.verify("store", storage: disk).damage.allSatisfy {
                    $0.segment == "HEAD"
                }
            )
        }
        let writer = try EventLogWriter.open("store", storage: disk, options: options)
        let kept = Int(writer.nextPosition.rawValue)
        #expect(kept == acknowledged || kept == acknowledged + 4)
        try Sample.append(to: writer, count: 4)
        let reader = try EventLogReader.open("store", storage: disk)
        #expect(try Sample.read(reader) == Sample.events(kept + 4))
        #expect(try LogVerifier.verify("store", storage: disk).ok)
    }

    @Test("a full disk cuts back to the durable end, and the same writer goes on")
    func noSpace() throws {
        for ordinal in 0..<Self.callCount() {
            let disk = MemoryStorage()
            let storage = FaultyStorage(disk, at: ordinal, .failHalfway(28))
            guard
                let writer = try? EventLogWriter.open(
                    "store",
                    storage: storage,
                    options: Self.options
                )
            else { continue }
            var errors: [LogError.Code] = []
            var tries = 0
            while writer.nextPosition < EventPosition(24), tries < 12 {
                tries += 1
                do throws(LogError) {
                    try Sample.append(to: writer, count: 4, compression: .none)
                } catch {
                    errors.append(error.code)
                    guard error.code == .noSpace else {
                        break
                    }
                    let report = try LogVerifier.verify("store", storage: disk)
                    #expect(report.ok)
                    #expect(report.unacknowledgedBytes == 0)
                }
            }
            if errors == [.noSpace] { #expect(writer.nextPosition == EventPosition(24)) }
            #expect(errors.count <= 1, "\(errors) at \(storage.hit ?? "")")
        }
    }

    @Test("a full disk where cutting back fails too poisons the writer")
    func failedCut() throws {
        let counting = FaultyStorage(MemoryStorage(), of: "write")
        #expect(Self.work(counting).error == nil)
        var poisonings = 0
        for ordinal in 0..<counting.callCount {
            let disk = MemoryStorage()
            let full = FaultyStorage(disk, at: ordinal, .failHalfway(28), of: "write")
            // The first cut is that of the lock's text.
            let storage = FaultyStorage(full, at: 1, .failFrom(5), of: "truncate")
            var acknowledged = 0
            do throws(LogError) {
                let writer = try EventLogWriter.open(
                    "store",
                    storage: storage,
                    options: Self.options
                )
                do throws(LogError) {
                    while acknowledged < 24 {
                        try Sample.append(to: writer, count: 4, compression: .none)
                        acknowledged = Int(writer.nextPosition.rawValue)
                    }
                } catch {
                    // Nothing to cut: the next segment was not begun, and the writer can go on.
                    guard storage.hit != nil else { throw error }
                    poisonings += 1
                    #expect(error.code == .inputOutput)
                    let again = #expect(throws: LogError.self) {
                        try Sample.append(to: writer, count: 4)
                    }
                    #expect(again?.code == .poisoned)
                }
            } catch {
                #expect(error.code == .noSpace || error.code == .inputOutput)
            }
            try Self.checkReopened(disk, acknowledged: acknowledged)
        }
        // A segment's first batch needs no cutting: its file has no name yet.
        #expect(poisonings > 5)
    }

    @Test("a failed sync poisons the writer: nothing more is written, not even tried")
    func poisoned() throws {
        var poisonings = 0
        for ordinal in 0..<Self.callCount() {
            let disk = MemoryStorage()
            let storage = FaultyStorage(disk, at: ordinal, .fail(5))
            guard
                let writer = try? EventLogWriter.open(
                    "store",
                    storage: storage,
                    options: Self.options
                )
            else { continue }
            for _ in 0..<6 {
                do throws(LogError) {
                    try Sample.append(to: writer, count: 4, compression: .none)
                } catch {
                    #expect(error.code == .inputOutput)
                    break
                }
            }
            guard storage.hit != nil else { continue }
            poisonings += 1
            let calls = storage.callCount
            let files = disk.files
            let error = #expect(throws: LogError.self) {
                try Sample.append(to: writer, count: 4)
            }
            #expect(error?.code == .poisoned)
            #expect(storage.callCount == calls)
            #expect(disk.files == files)
        }
        // A segment's first batch needs no cutting: its file has no name yet.
        #expect(poisonings > 5)
    }

    @Test("a recovery that fails at any call can be done again")
    func interruptedRecovery() throws {
        let disk = MemoryStorage()
        let writer = try EventLogWriter.open("store", storage: disk, options: Self.options)
        for _ in 0..<3 { try Sample.append(to: writer, count: 4, compression: .none) }
        var torn = disk.files
        let last = try #require(torn.keys.filter { $0.hasSuffix(".seg") }.max())
        torn[last]? += [UInt8](repeating: 0xA5, count: 3000)
        let storage = FaultyStorage(MemoryStorage(torn))
        #expect(try EventLogWriter.open("store", storage: storage).recovery != nil)
        for ordinal in 0..<storage.callCount {
            for fault in [
                FaultyStorage.Fault.failHalfway(5), .failHalfway(28), .failHalfway(122),
                .fail(24), .failFrom(28), .stop,
            ] {
                let disk = MemoryStorage(torn)
                let faulty = FaultyStorage(disk, at: ordinal, fault)
                #expect(throws: LogError.self, "call \(ordinal)") {
                    try EventLogWriter.open("store", storage: faulty)
                }
                try Self.checkReopened(disk, acknowledged: 12)
            }
        }
    }
}
