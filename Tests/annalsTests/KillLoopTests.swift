import Glibc
import Testing

/// `kill -9` at named points inside the log, the exports and the projections, again and again.
///
/// `ANNALS_KILL_LOOPS` is the number of kills, spread over four loops.
@Suite("A run that is killed at named points, in a loop")
struct KillLoopTests {
    @Test("ends as a run that was not", arguments: 1...4)
    func loop(number: Int) throws {
        let uninterrupted = try Store(documents: Self.documents)
        let outcome = try Self.start(uninterrupted).wait()
        #expect(outcome.status == 65, "the corpus holds broken records: \(outcome.messages)")
        let whole = try uninterrupted.snapshot()
        var random = SeededRandom(state: UInt64(setting("ANNALS_SEED", 1) * 4 + number))
        var killed = try Store(documents: Self.documents)
        var kills = 0
        while kills < setting("ANNALS_KILL_LOOPS", 200) / 4 {
            let point = Self.points[random.next(below: Self.points.count)]
            let place = "\(point):\(1 + random.next(below: 4))"
            let outcome = try Self.start(killed, failpoint: place).wait()
            // 0 if all was written before the kill, though not acknowledged: nothing failed now.
            guard
                try [137, 65].contains(outcome.status)
                    || outcome.status == 0 && killed.finishedRuns() > 1
            else {
                Issue.record("\(place), loop \(number): \(outcome.status) \(outcome.messages)")
                return
            }
            if outcome.status == 137 {
                kills += 1
                if point == "log.written" { try Self.tear(killed.folder, &random) }
            }
            guard try killed.hasFinished() else { continue }
            kills += try Self.killReplays(killed, &random)
            try killed.expectEqual(whole, ignoringEmptyRuns: true)
            try Self.expectNothingElse(in: killed.folder)
            killed = try Store(documents: Self.documents)
        }
    }

    @Test("leaves no projection half made", arguments: 1...5)
    func made(count: Int) throws {
        let store = try Store(documents: 60)
        let outcome = try Self.start(store, failpoint: "projection.opened:\(count)").wait()
        #expect(outcome.status == 137)
        let verified = try store.folder.annals("log", "verify", "--store", "store")
        #expect(verified.status == 0, "\(verified.output)")
    }

    private static let documents = 240
    private static let points = [
        "log.written", "log.written", "log.synchronized", "log.promised", "log.sealed",
        "log.prepared", "log.named", "run.begun", "exports.opened", "group.appended",
        "group.written", "exports.synchronized", "run.finished", "projection.opened",
        "projection.committed",
    ]
    private static let replayPoints = [
        "projection.committed", "projection.built", "projection.swapped",
    ]

    private static func start(
        _ store: Store,
        _ command: String = "run",
        failpoint: String = ""
    ) throws -> AnnalsProcess {
        try AnnalsProcess(
            [command, "news.yaml"],
            in: store.folder,
            environment: [
                "ANNALS_GROUP_DOCUMENTS": "20", "ANNALS_SEGMENT_BYTES": "40000",
                "ANNALS_FAILPOINT": failpoint,
            ]
        )
    }

    /// Cuts what the last batch wrote at any byte that HEAD does not promise, as if the machine,
    /// not the process, had stopped.
    private static func tear(_ folder: TestFolder, _ random: inout SeededRandom) throws {
        let names = try folder.shell("ls store/log/*.seg").output.split(separator: "\n")
        guard let last = names.last.map(String.init) else { return }
        let head = folder.bytes("store/HEAD")
        let slot = word(head, 8) > word(head, 520) ? 0 : 512
        let isNamed = last.hasSuffix("\(word(head, slot + 24)).seg")
        let durable = isNamed ? Int(word(head, slot + 32)) : 4096
        let bytes = folder.bytes(last)
        guard bytes.count > durable else { return }
        let end = durable + random.next(below: bytes.count - durable + 1)
        try folder.write(last, bytes: Array(bytes[..<end]))
    }

    private static func word(_ bytes: [UInt8], _ offset: Int) -> UInt64 {
        bytes[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Kills rebuilds of the projections; what they leave is for the comparison to judge.
    private static func killReplays(
        _ store: Store,
        _ random: inout SeededRandom
    ) throws -> Int {
        let point = replayPoints[random.next(below: replayPoints.count)]
        let place = "\(point):\(1 + random.next(below: 6))"
        let outcome = try start(store, "replay", failpoint: place).wait()
        #expect(outcome.status == 137 || outcome.status == 0, "\(place): \(outcome.messages)")
        return outcome.status == 137 ? 1 : 0
    }

    /// Nothing half-done is left in the log's folder.
    private static func expectNothingElse(in folder: TestFolder) throws {
        let others = try folder.shell("ls store/log | grep -v '^[0-9]*[.]seg$'").output
        #expect(others == "")
    }
}
