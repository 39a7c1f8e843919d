import EventLog
import Testing

/// Reading and verifying with every call failing in every way.
@Suite("System calls that fail in reading")
struct ReadingFaultTests {
    private static let eventCount = 20

    /// A store of several segments.
    private static func store() throws -> MemoryStorage {
        let disk = MemoryStorage()
        let writer = try EventLogWriter.open(
            "store",
            storage: disk,
            options: LogOptions(segmentByteLimit: 5600)
        )
        for _ in 0..<5 { try Sample.append(to: writer, count: 4, compression: .none) }
        return disk
    }

    /// What reading in every way gives, as far as it gets.
    private struct Reading: Equatable {
        var events: [SampleEvent] = []
        var answers: [UInt64] = []
        var error: LogError?
    }

    private static func read(_ storage: any LogStorage) -> Reading {
        var reading = Reading()
        do throws(LogError) {
            var reader = try EventLogReader.open("store", storage: storage)
            try reader.refresh()
            var cursor = reader.cursor(content: true)
            while try cursor.next() { reading.events += Sample.events(of: cursor.batch) }
            let middle = EventPosition(9)
            reading.answers.append(try reader.record(at: middle).record.position.rawValue)
            reading.answers.append(try reader.batch(holding: middle).firstPosition.rawValue)
            let time = Sample.time(of: EventPosition(8))
            reading.answers.append(try reader.position(after: time).rawValue)
            var filtered = reader.cursor(from: middle, types: ["run.started"])
            while try filtered.next() {
                reading.answers.append(filtered.batch.firstPosition.rawValue)
            }
        } catch {
            reading.error = error
        }
        return reading
    }

    private static func callCount(_ body: (FaultyStorage) -> Void) throws -> Int {
        let storage = FaultyStorage(try store())
        body(storage)
        return storage.callCount
    }

    @Test("a short read or a signal at any call changes nothing that is read")
    func harmless() throws {
        let whole = Self.read(try Self.store())
        #expect(whole.events == Sample.events(Self.eventCount))
        #expect(whole.error == nil)
        for ordinal in 0..<(try Self.callCount { _ = Self.read($0) }) {
            for fault in [FaultyStorage.Fault.short, .fail(4)] {
                let disk = try Self.store()
                let storage = FaultyStorage(disk, at: ordinal, fault)
                let reading = Self.read(storage)
                #expect(reading == whole, "\(fault) at \(storage.hit ?? "no call")")
                #expect(disk.openCount == 0)
            }
        }
    }

    @Test(
        "an error at any call comes out as one, never as damage, and what was read before is right",
        arguments: [Int32(5), 13, 24, 12]
    )
    func failing(error: Int32) throws {
        let whole = Self.read(try Self.store())
        for ordinal in 0..<(try Self.callCount { _ = Self.read($0) }) {
            let disk = try Self.store()
            let storage = FaultyStorage(disk, at: ordinal, .fail(error))
            let reading = Self.read(storage)
            let place: Comment = "call \(ordinal), \(storage.hit ?? "no call")"
            #expect(reading.error?.code == .inputOutput, place)
            #expect(reading.error?.systemError == error, place)
            #expect(whole.events.starts(with: reading.events), place)
            #expect(whole.answers.starts(with: reading.answers), place)
            #expect(disk.openCount == 0, place)
        }
    }

    @Test("a file that is gone at any call never gives other events")
    func missing() throws {
        let whole = Self.read(try Self.store())
        for ordinal in 0..<(try Self.callCount { _ = Self.read($0) }) {
            let disk = try Self.store()
            let storage = FaultyStorage(disk, at: ordinal, .fail(2))
            let reading = Self.read(storage)
            let place: Comment = "call \(ordinal), \(storage.hit ?? "no call")"
            #expect(whole.events.starts(with: reading.events), place)
            // Without HEAD the end is what the batches promise, and that is durable.
            let isHead = storage.hit?.hasSuffix("/HEAD") == true
            #expect(reading.error != nil || isHead, place)
            #expect(disk.openCount == 0, place)
        }
    }

    @Test("a reader that met an error reads on when it is over")
    func transient() throws {
        for ordinal in 0..<(try Self.callCount { _ = Self.read($0) }) {
            let storage = FaultyStorage(try Self.store(), at: ordinal, .fail(5))
            guard let reader = try? EventLogReader.open("store", storage: storage) else {
                continue
            }
            var events: [SampleEvent] = []
            while events.count < Self.eventCount {
                let from = EventPosition(UInt64(events.count))
                var cursor = reader.cursor(from: from, content: true)
                while (try? cursor.next()) == true {
                    events += Sample.events(of: cursor.batch)
                }
            }
            #expect(events == Sample.events(Self.eventCount))
        }
    }

    @Test(
        "verify never calls a store sound that it could not read",
        arguments: [Int32(5), 2, 13, 24]
    )
    func verifying(error: Int32) throws {
        let count = try Self.callCount {
            _ = try? LogVerifier.verify("store", storage: $0)
        }
        for ordinal in 0..<count {
            let disk = try Self.store()
            let storage = FaultyStorage(disk, at: ordinal, .fail(error))
            do throws(LogError) {
                let report = try LogVerifier.verify("store", storage: storage)
                // HEAD is read several times: a writer may be in the middle of it.
                #expect(!report.ok || storage.hit?.hasSuffix("/HEAD") == true)
            } catch {
                #expect([.inputOutput, .notAStore].contains(error.code), "\(storage.hit ?? "")")
            }
            #expect(disk.openCount == 0)
        }
        for ordinal in 0..<count {
            for fault in [FaultyStorage.Fault.short, .fail(4)] {
                let storage = FaultyStorage(try Self.store(), at: ordinal, fault)
                #expect(try LogVerifier.verify("store", storage: storage).ok)
            }
        }
    }
}
