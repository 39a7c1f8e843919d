import EventLog
import Glibc
import Testing

/// Random sequences of steps: the log answers each as an array and a SQLite database do.
///
/// `ANNALS_MODEL_RUNS` is how many sequences are run, `ANNALS_SEED` where their seeds begin. A
/// failing sequence is shrunk and printed as Swift, to be put into ``ModelTests/kept``. With
/// `ANNALS_MODEL_TRACE` each seed is printed before its sequence is run: where one ends in a trap.
@Suite("Model: the log and its oracles")
struct ModelTests {
    enum Disk: CaseIterable {
        case memory, real
    }

    private static let isTraced = unsafe getenv("ANNALS_MODEL_TRACE") != nil

    /// Why a sequence fails; nil if it does not.
    static func failure(of commands: [any ModelCommand], on disk: Disk) -> String? {
        let directory = disk == .real ? TemporaryDirectory() : nil
        let world = ModelWorld(
            directory: directory.map { $0.path + "/store" } ?? "store",
            storage: disk == .real ? POSIXStorage() : MemoryStorage()
        )
        for (index, command) in commands.enumerated() {
            do {
                try command.run(in: world)
                try world.compareAll()
            } catch {
                return "step \(index + 1), \(command): \(error)"
            }
        }
        return withExtendedLifetime(directory) { nil }
    }

    /// A failing sequence as small as it gets, in words.
    static func report(_ commands: [any ModelCommand], on disk: Disk, seed: UInt64) -> String {
        var shrinking = Shrinking(triesMax: 3000) { failure(of: $0, on: disk) != nil }
        let smallest = shrinking.run(commands)
        let steps = smallest.map { "    \($0)," }.joined(separator: "\n")
        return """
            ANNALS_SEED=\(seed) ANNALS_MODEL_RUNS=1 fails; \(commands.count) steps, \
            \(smallest.count) after \(shrinking.tries) tries:
            [
            \(steps)
            ]
            \(failure(of: smallest, on: disk) ?? "it fails no more")
            """
    }

    @Test("random sequences of steps are answered alike", arguments: Disk.allCases)
    func random(disk: Disk) throws {
        let count = loopCount("ANNALS_MODEL_RUNS", default: 150)
        // A real disk takes its time for each sync.
        let runs = disk == .memory ? count : (count + 11) / 12
        let first = loopCount("ANNALS_SEED", default: 1)
        var steps = 0
        for seed in first..<first + runs {
            let commands = ModelCommands.sequence(seed: UInt64(seed))
            steps += commands.count
            if Self.isTraced { print("model: seed \(seed), \(disk)") }
            if Self.failure(of: commands, on: disk) != nil {
                Issue.record("\(Self.report(commands, on: disk, seed: UInt64(seed)))")
                return
            }
        }
        print("model: \(runs) of \(runs) sequences, \(steps) steps, \(disk), from seed \(first)")
    }

    @Test("short sequences that a broken log answered otherwise", arguments: Disk.allCases)
    func keptSequences(disk: Disk) {
        for commands in Self.kept {
            let failure = Self.failure(of: commands, on: disk)
            #expect(failure == nil)
        }
    }

    /// What random sequences were shrunk to: the first found a fault, the others were made to find
    /// a line that was broken in the log.
    static let kept: [[any ModelCommand]] = [
        // A batch around an empty range.
        [Open(), Append(plan: BatchPlan(events: 2)), Scan(from: 1, until: 1)],
        // The newest producers of the last segment forgotten, or of those before it.
        [
            Open(),
            Append(plan: BatchPlan(producer: 2)),
            Close(),
            Open(),
            Append(plan: BatchPlan(producer: 2)),
        ],
        [
            Open(segmentByteLimit: 1),
            Append(plan: BatchPlan(producer: 1)),
            Append(plan: BatchPlan()),
            Close(),
            Open(),
            Append(plan: BatchPlan(producer: 1)),
        ],
        // One event too many at a range's end.
        [Open(), Append(plan: BatchPlan(events: 2)), OpenReader(), Scan(until: 1)],
        // A refreshed reader with its old offset.
        [Open(), OpenReader(), Append(plan: BatchPlan()), Refresh(), Scan()],
        // A footer's mask that lacks the types of some batches.
        [
            Open(segmentByteLimit: 5000),
            Append(plan: BatchPlan()),
            Append(plan: BatchPlan(shape: .empty)),
            Append(plan: BatchPlan()),
            OpenReader(),
            Scan(types: [0]),
        ],
        // Only one slot of HEAD written at opening.
        [Open(), Verify()],
    ]
}
