import Bytes
import EventLog
import Glibc
import Projections
import Testing

/// Invariant 7, byte for byte: every way to build a projection gives the same file contents, under
/// every policy for events that cannot be read.
@Suite("Every way to the same bytes")
struct EveryWayTests {
    private struct Killed: Error {}

    /// What came of a way: for each projection its file's contents, digest, and position.
    private struct Outcome: Equatable {
        var files: [String: [String]] = [:]
        var digests: [String: String] = [:]
        /// The first error, if a projection stopped.
        var error: ProjectionError?
    }

    /// A history with everything in it, its store, and numbers to choose by.
    private final class Trial {
        let history: RandomHistory
        let store: TemporaryStore
        let policy: PoisonPolicy
        var numbers: SeededNumbers
        let engineFolder: String

        init(_ seed: UInt64, _ action: PoisonPolicy.Action) throws {
            history = RandomHistory(seed: seed, isPoisoned: true)
            store = try TemporaryStore()
            policy = PoisonPolicy(action)
            numbers = SeededNumbers(seed: seed ^ 0xABCD)
            engineFolder = try makeTemporaryFolder()
        }

        deinit { removeTree(engineFolder) }

        func chance(_ bound: Int) -> Int { Int.random(in: 1...bound, using: &numbers) }

        /// Forgets what was built, for the next way.
        func clear() {
            removeTree(engineFolder)
            _ = unsafe mkdir(engineFolder, 0o755)
        }

        func engine(
            eventsPerCommit: Int = 30,
            bytesPerCommit: Int? = nil
        ) throws
            -> ProjectionEngine
        {
            try store.engine(
                in: engineFolder,
                eventsPerCommit: eventsPerCommit,
                bytesPerCommit: bytesPerCommit
            )
        }

        func outcome(error: ProjectionError? = nil) throws -> Outcome {
            var outcome = Outcome()
            outcome.error = error
            let engine = try engine()
            for declaration in ProjectionDeclaration.all {
                let path = engineFolder + "/derived/projections/\(declaration.name).sqlite"
                outcome.files[declaration.name] = try dump(path)
                let view = try engine.view(declaration)
                outcome.digests[declaration.name] = try view.digest().description
            }
            return outcome
        }

        /// Brings all up to date; the error of a projection that stopped.
        func catchUp(
            until: ReplayLimit? = nil,
            eventsPerCommit: Int = 30,
            bytesPerCommit: Int? = nil
        ) throws -> ProjectionError? {
            do {
                try engine(eventsPerCommit: eventsPerCommit, bytesPerCommit: bytesPerCommit)
                    .catchUp(ProjectionDeclaration.all, until: until, onPoison: policy)
                return nil
            } catch let error as ProjectionError where error.document != nil {
                return error
            }
        }
    }

    @Test(
        "live, resumed, as-of and continued, and parallel are as built in one go",
        arguments: RandomHistory.seeds,
        PoisonPolicy.Action.allCases
    )
    func everyWay(seed: UInt64, action: PoisonPolicy.Action) async throws {
        let trial = try Trial(seed, action)
        let live = try Self.live(trial)
        trial.clear()
        let expected = try trial.outcome(error: trial.catchUp(eventsPerCommit: 1 << 20))
        #expect(live == expected, "live")
        trial.clear()
        #expect(try Self.resumed(trial) == expected, "resumed")
        trial.clear()
        #expect(try Self.asOfThenContinued(trial) == expected, "as-of, then continued")
        trial.clear()
        let narrow = try trial.catchUp(bytesPerCommit: 1 + 300 * trial.chance(40))
        #expect(try trial.outcome(error: narrow) == expected, "in little memory")
        for jobs in [2, 3, 7] {
            trial.clear()
            #expect(try await Self.parallel(trial, jobs) == expected, "by \(jobs)")
        }
        try await Self.replay(trial, expected)
    }

    /// Caught up after every few documents.
    private static func live(_ trial: Trial) throws -> Outcome {
        var error: ProjectionError?
        var rest = trial.history.revisions[...]
        while !rest.isEmpty {
            let piece = rest.prefix(trial.chance(8))
            rest = rest.dropFirst(piece.count)
            try trial.history.write(Array(piece), to: trial.store)
            error = try trial.catchUp()
        }
        return try trial.outcome(error: error)
    }

    /// Ended after random commits, and begun again each time.
    private static func resumed(_ trial: Trial) throws -> Outcome {
        while true {
            var commits = trial.chance(3)
            do {
                let engine = try trial.engine(eventsPerCommit: trial.chance(60))
                try engine.catchUp(
                    ProjectionDeclaration.all,
                    onPoison: trial.policy,
                    progress: { _ in
                        commits -= 1
                        if commits == 0 { throw Killed() }
                    }
                )
                return try trial.outcome()
            } catch is Killed {
                continue
            } catch let error as ProjectionError where error.document != nil {
                return try trial.outcome(error: error)
            }
        }
    }

    /// Up to random positions, inside of batches too, each by its own call.
    private static func asOfThenContinued(_ trial: Trial) throws -> Outcome {
        let end = try trial.engine().reader.end.rawValue
        let stops = (0..<3).map { _ in UInt64.random(in: 1..<end, using: &trial.numbers) }
        for stop in stops.sorted() {
            _ = try trial.catchUp(until: .position(EventPosition(stop)))
        }
        return try trial.outcome(error: trial.catchUp())
    }

    private static func parallel(_ trial: Trial, _ jobs: Int) async throws -> Outcome {
        do {
            let engine = try trial.engine(
                eventsPerCommit: trial.chance(60),
                bytesPerCommit: jobs == 3 ? 6000 : nil
            )
            try await engine.catchUp(
                ProjectionDeclaration.all,
                onPoison: trial.policy,
                jobs: jobs
            )
            return try trial.outcome()
        } catch let error as ProjectionError where error.document != nil {
            return try trial.outcome(error: error)
        }
    }

    /// Replay swaps in the same, or throws the same and leaves everything as it was.
    private static func replay(_ trial: Trial, _ expected: Outcome) async throws {
        let before = try trial.outcome(error: expected.error)
        for jobs in [1, 2, 7] {
            do {
                let engine = try trial.engine(eventsPerCommit: trial.chance(60))
                let results = try await engine.replay(
                    ProjectionDeclaration.all,
                    onPoison: trial.policy,
                    jobs: jobs,
                    now: { .zero }
                )
                #expect(expected.error == nil)
                #expect(
                    Dictionary(
                        uniqueKeysWithValues: results.map {
                            ($0.projection, $0.digest.description)
                        }
                    ) == expected.digests
                )
                #expect(try trial.outcome() == expected)
            } catch let error as ProjectionError where error.document != nil {
                #expect(error == expected.error)
                #expect(try trial.outcome(error: error) == before)
            }
        }
    }
}
