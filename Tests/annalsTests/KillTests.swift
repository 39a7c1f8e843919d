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
        let killed = try Store(documents: Self.documents)
        var random = SeededRandom(state: Self.seed)
        for _ in 0..<Self.kills {
            let process = try AnnalsProcess(["run", "news.yaml"], in: killed.folder)
            let share = Double(random.next(below: 1000)) / 1000
            usleep(UInt32((duration * share) / .microseconds(1)))
            process.signal(SIGKILL)
            process.wait()
        }
        let outcome = try killed.run()
        #expect(outcome.status == 65, "the corpus holds broken records: \(outcome.messages)")
        try killed.expectEqual(whole)
    }

    @Test(
        "at a named point leaves the same store as a run that was not",
        arguments: [
            "run.begun:1", "exports.opened:1", "group.appended:1", "group.appended:2",
            "group.written:1", "exports.synchronized:1", "run.finished:1",
        ]
    )
    func at(point: String) throws {
        let whole = try Store(documents: 6000)
        _ = try whole.run()
        let killed = try Store(documents: 6000)
        try killed.killed(at: point)
        _ = try killed.run()
        try killed.expectEqual(whole)
    }

    @Test(
        "while it leaves old records out of the exports loses and doubles none",
        arguments: [
            "rewrite.prepared:1", "rewrite.prepared:2", "rewrite.appended:1",
            "rewrite.replaced:1", "rewrite.replaced:2", "run.finished:1",
        ]
    )
    func whileRewriting(point: String) throws {
        let whole = try Store(documents: 400)
        let killed = try Store(documents: 400)
        for store in [whole, killed] {
            _ = try store.run()
            let changed = store.folder.read("news/part-1.jsonl")
                .split(separator: "\n").map { $0 + "\n" }.enumerated()
                .map { number, line in number % 3 == 0 ? line.changed : String(line) }
            try store.folder.write("news/part-1.jsonl", changed.joined())
        }
        _ = try whole.run()
        try killed.killed(at: point)
        _ = try killed.run()
        try killed.expectEqual(whole)
    }

    @Test("twice, the second time while the exports are mended, is mended all the same")
    func whileMending() throws {
        let whole = try Store(documents: 6000)
        _ = try whole.run()
        let killed = try Store(documents: 6000)
        try killed.killed(at: "group.appended:1")
        try killed.killed(at: "exports.opened:1")
        killed.folder.delete("out/news.csv")
        try killed.killed(at: "group.appended:1")
        _ = try killed.run()
        try killed.expectEqual(whole)
    }

    private static let documents = 3000
    private static let kills = setting("ANNALS_KILLS", 25)
    private static let seed = UInt64(setting("ANNALS_SEED", 1))

    private static func setting(_ name: String, _ fallback: Int) -> Int {
        guard let text = unsafe getenv(name) else { return fallback }
        return Int(unsafe String(cString: text)) ?? fallback
    }
}

extension StringProtocol {
    /// A record whose title differs: a new revision of its document.
    var changed: String {
        replacing("\"title\":\"Report", with: "\"title\":\"Changed report")
    }
}

extension StringProtocol {
    func replacing(_ part: String, with other: String) -> String {
        guard let found = firstRange(of: part) else { return String(self) }
        return String(self[..<found.lowerBound]) + other + String(self[found.upperBound...])
    }

    private func firstRange(of part: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(part) {
                return start..<index(start, offsetBy: part.count)
            }
            start = index(after: start)
        }
        return nil
    }
}
