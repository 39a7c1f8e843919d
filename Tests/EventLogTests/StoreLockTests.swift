import EventLog
import Testing

@Suite("The lock of a store, and LOCK that was removed")
struct StoreLockTests {
    @Test("LOCK removed while it is being taken is taken again")
    func lockRemovedWhileTaken() throws {
        var openings = 0
        for call in 0... {
            let process = StoppedProcess(MemoryStorage())
            process.stop(before: call) { try? process.disk.remove("store/LOCK") }
            let isOpen = (try? EventLogWriter.open("store", storage: process.storage)) != nil
            if isOpen, !process.wasStopped { break }
            if isOpen, process.disk.files["store/LOCK"] != nil { openings += 1 }
        }
        // Open, read, lock, identify, open and lock again, identify by name.
        #expect(openings >= 7)
    }

    @Test("where the lock keeps nobody out, only a sealed end can be continued")
    func unprovenLock() throws {
        let disk = MemoryStorage(locks: false)
        let first = try EventLogWriter.open("store", storage: disk)
        // Opened at the same position: the names of segments decide between the two.
        let second = try EventLogWriter.open("store", storage: disk)
        try Sample.append(to: first, count: 6, run: "first")
        let conflict = #expect(throws: LogError.self) {
            try Sample.append(to: second, count: 6, run: "second")
        }
        #expect(conflict?.code == .conflict)
        let refused = #expect(throws: LogError.self) {
            try EventLogWriter.open("store", storage: disk)
        }
        #expect(refused?.code == .locked)
        #expect(refused?.hint.contains("remove LOCK") == true)
        try Sample.append(to: first, count: 6, run: "first")
        first.close()
        let third = try EventLogWriter.open("store", storage: disk)
        try Sample.append(to: third, count: 6, run: "third")

        // As if the third had died: its segment has no end.
        try disk.remove("store/LOCK")
        let fourth = try EventLogWriter.open("store", storage: disk)
        try Sample.append(to: fourth, count: 6, run: "fourth")
        fourth.close()
        let runs = try Sample.runs("store", storage: disk)
        #expect(
            runs
                == ["first", "first", "third", "fourth"].flatMap { Array(repeating: $0, count: 6) }
        )
        #expect(try LogVerifier.verify("store", storage: disk).ok)
    }

    @Test("LOCK removed and nobody there: it stops all the same, and says why")
    func nobodyThere() throws {
        let disk = MemoryStorage()
        let writer = try FencingTests.Work.append.prepare(disk)
        try disk.remove("store/LOCK")
        let error = #expect(throws: LogError.self) { try Sample.append(to: writer, count: 1) }
        #expect(error?.code == .fenced)
        #expect(error?.hint.contains("LOCK must not be removed") == true)
        #expect(writer.nextPosition == EventPosition(12))
    }

    @Test("a power loss or an error at any call of an opening without LOCK costs nothing")
    func interruptedIsolation() throws {
        let before = MemoryStorage()
        let writer = try FencingTests.Work.roll.prepare(before)
        writer.close()
        var files = before.files
        files["store/LOCK"] = nil
        let storage = FaultyStorage(MemoryStorage(files))
        _ = try EventLogWriter.open("store", storage: storage)
        for ordinal in 0..<storage.callCount {
            for fault in [FaultyStorage.Fault.stop, .failHalfway(5), .failHalfway(28)] {
                let disk = MemoryStorage(files)
                let faulty = FaultyStorage(disk, at: ordinal, fault)
                #expect(throws: LogError.self) {
                    try EventLogWriter.open("store", storage: faulty)
                }
                var generator = SeededGenerator(state: UInt64(ordinal))
                let left = disk.afterPowerLoss { generator.next() % 2 == 0 }
                for disk in [disk, MemoryStorage(left)] {
                    let place: Comment = "\(fault) at \(faulty.hit ?? "")"
                    #expect(try Sample.runs("store", storage: disk).count == 18, place)
                    let writer = try EventLogWriter.open("store", storage: disk)
                    #expect(writer.recovery == nil, place)
                    try Sample.append(to: writer, count: 6, run: "successor")
                    #expect(try LogVerifier.verify("store", storage: disk).events == 24, place)
                    #expect(!disk.files.keys.contains { $0.hasSuffix(".tmp") }, place)
                }
            }
        }
    }
}
