import Glibc
import Testing

/// Invariant 5: killed anywhere, the same command completes the work as if nothing had happened.
@Suite("A run that is killed")
struct KillTests {
    @Test("anywhere, again and again, leaves the same store as a run that was not")
    func anywhere() throws {
        let whole = try Store(documents: Self.documents)
        let clock = ContinuousClock()
        let duration = try clock.measure { _ = try whole.run() }
        let expected = try whole.snapshot()
        var random = SeededRandom(state: Self.seed)
        var killed = try Store(documents: Self.documents)
        for _ in 0..<Self.kills {
            let process = try killed.start()
            let share = Double(random.next(below: 1000)) / 1000
            usleep(UInt32((duration * share) / .microseconds(1)))
            process.signal(SIGKILL)
            process.wait()
            guard try killed.hasFinished() else { continue }
            try killed.expectEqual(expected, ignoringEmptyRuns: true)
            killed = try Store(documents: Self.documents)
        }
        let outcome = try killed.run()
        // The corpus holds broken records; a run that was killed when all was written knew them.
        let isDone = try outcome.status == 65 || outcome.status == 0 && killed.finishedRuns() > 1
        #expect(isDone, "\(outcome.status): \(outcome.messages)")
        try killed.expectEqual(expected, ignoringEmptyRuns: true)
    }

    @Test("at a named point leaves the same store as a run that was not")
    func atPoints() throws {
        let whole = try Store(documents: 600)
        _ = try whole.run()
        let points = [
            "run.begun:1", "exports.opened:1", "group.appended:1", "group.appended:3",
            "group.written:1", "group.written:4", "exports.synchronized:1",
        ]
        for point in points {
            let killed = try Store(documents: 600)
            try killed.killed(at: point)
            _ = try killed.run()
            try killed.expectEqual(whole)
        }
    }

    @Test("while it leaves old records out of the exports loses and doubles none")
    func whileRewriting() throws {
        let whole = try Store(documents: 200)
        _ = try whole.run()
        try whole.changeEveryThird()
        _ = try whole.run()
        let points = [
            "rewrite.prepared:1", "rewrite.prepared:2", "rewrite.appended:1",
            "rewrite.replaced:1", "rewrite.replaced:2",
        ]
        for point in points {
            let killed = try Store(documents: 200)
            _ = try killed.run()
            try killed.changeEveryThird()
            try killed.killed(at: point)
            _ = try killed.run()
            try killed.expectEqual(whole)
        }
    }

    @Test("after its last event had nothing left to do")
    func afterTheEnd() throws {
        let whole = try Store(documents: 100)
        _ = try whole.run()
        let killed = try Store(documents: 100)
        try killed.killed(at: "run.finished:1")
        let before = try killed.events()
        let outcome = try killed.run()
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(try killed.events().dropLast(2) == before[...])
        #expect(killed.folder.bytes("out/news.jsonl") == whole.folder.bytes("out/news.jsonl"))
        #expect(try killed.digests() == whole.digests())
    }

    @Test("twice, the second time while the exports are mended, is mended all the same")
    func whileMending() throws {
        let whole = try Store(documents: 300)
        _ = try whole.run()
        let killed = try Store(documents: 300)
        try killed.killed(at: "group.appended:1")
        try killed.killed(at: "exports.opened:1")
        killed.folder.delete("out/news.csv")
        try killed.killed(at: "group.appended:1")
        _ = try killed.run()
        try killed.expectEqual(whole)
    }

    private static let documents = 2000
    private static let kills = setting("ANNALS_KILLS", 25)
    private static let seed = UInt64(setting("ANNALS_SEED", 1))
}
