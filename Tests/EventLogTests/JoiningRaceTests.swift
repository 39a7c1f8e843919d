import EventLog
import Testing

@Suite("Many who join at once")
struct JoiningRaceTests {
    /// What somebody was told is in the log.
    private struct Acknowledged: Hashable {
        var position: UInt64
        var run: String
    }

    private static let joiners = loopCount("EVENTLOG_JOINERS", default: 8)

    /// Writes a segment of three events a joiner, called by its number.
    private static func segments(_ directory: String, _ storage: any LogStorage) throws {
        for joiner in 0..<joiners {
            try Sample.segment("\(directory)/\(joiner)", events: 0..<3, storage: storage)
        }
    }

    /// All that was acknowledged must be where it was said to be, and nothing twice.
    private static func check(
        _ acknowledged: [Acknowledged],
        _ store: String,
        _ storage: any LogStorage
    ) throws {
        // A stale promise in HEAD is renewed by whoever opens the store next.
        try EventLogWriter.open(store, storage: storage).close()
        let runs = try Sample.runs(store, storage: storage)
        for item in acknowledged {
            #expect(runs[Int(item.position)..<Int(item.position) + 3].allSatisfy { $0 == item.run })
        }
        #expect(Set(acknowledged.map(\.position)).count == acknowledged.count)
        #expect(Set(runs).count * 3 == runs.count, "a segment joined twice")
        let report = try LogVerifier.verify(store, storage: storage)
        #expect(report.ok, "\(report.damage)")
        #expect(report.events == UInt64(runs.count))
    }

    @Test("of threads that prepared a segment for the same position, one wins each time")
    func threads() async throws {
        let disk = MemoryStorage()
        try Self.segments("prepared", disk)
        let writer = try EventLogWriter.open("store", storage: disk)
        let acknowledged = await withTaskGroup { group in
            for joiner in 0..<Self.joiners {
                group.addTask { await Self.join("prepared/\(joiner)", writer) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        writer.close()
        #expect(acknowledged.count == Self.joiners)
        try Self.check(acknowledged, "store", disk)
    }

    /// Joins a segment where the log ends, until nobody is quicker.
    private static func join(_ name: String, _ writer: EventLogWriter) async -> Acknowledged {
        while true {
            let expected = writer.nextPosition
            do throws(LogError) {
                let base = try writer.adopt(segmentAt: name, expecting: expected)
                #expect(base == expected)
                return Acknowledged(position: base.rawValue, run: name)
            } catch {
                #expect(error.code == .wrongPosition)
                await Task.yield()
            }
        }
    }

    @Test("as many who each open the store, join and close it: all get in, none is lost")
    func openers() async throws {
        let directory = TemporaryDirectory()
        let disk = POSIXStorage()
        try Self.segments(directory.path, disk)
        let store = directory.path + "/store"
        let acknowledged = try await Self.race(store, directory.path, disk)
        #expect(acknowledged.count == 2 * Self.joiners)
        try Self.check(acknowledged, store, disk)
    }

    @Test("the same where the lock keeps nobody out: names decide, and nothing is lost")
    func brokenLock() async throws {
        for _ in 0..<loopCount("EVENTLOG_BROKEN_LOCK_ROUNDS", default: 5) {
            let disk = MemoryStorage(locks: false)
            try Self.segments("prepared", disk)
            let acknowledged = try await Self.race("store", "prepared", disk)
            #expect(acknowledged.count == 2 * Self.joiners)
            try Self.check(acknowledged, "store", disk)
        }
    }

    /// Everybody joins a segment and appends a batch, in openings of their own.
    private static func race(
        _ store: String,
        _ directory: String,
        _ storage: any LogStorage
    ) async throws -> [Acknowledged] {
        try await withThrowingTaskGroup { group in
            for joiner in 0..<joiners {
                group.addTask {
                    let name = "\(directory)/\(joiner)"
                    let joined = try await persist(store, storage) { writer throws(LogError) in
                        try writer.adopt(segmentAt: name, expecting: writer.nextPosition)
                    }
                    let appended = try await persist(store, storage) { writer throws(LogError) in
                        try Sample.append(to: writer, count: 3, run: "append \(joiner)")
                    }
                    return [
                        Acknowledged(position: joined.rawValue, run: name),
                        Acknowledged(position: appended.rawValue, run: "append \(joiner)"),
                    ]
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    /// Opens the store and does something, until nobody is quicker.
    private static func persist(
        _ store: String,
        _ storage: any LogStorage,
        _ body: (EventLogWriter) throws(LogError) -> EventPosition
    ) async throws -> EventPosition {
        while true {
            do throws(LogError) {
                let writer = try EventLogWriter.open(store, storage: storage)
                defer { writer.close() }
                #expect(writer.recovery == nil)
                return try body(writer)
            } catch {
                try #require([.locked, .conflict].contains(error.code), "\(error)")
                await Task.yield()
            }
        }
    }
}
