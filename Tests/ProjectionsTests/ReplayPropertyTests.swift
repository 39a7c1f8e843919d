import Bytes
import EventLog
import Events
import Projections
import Testing

/// Invariant 7: rebuilt = live = resumed = (as-of, then continued), shown by a digest.
@Suite("Replay is pure")
struct ReplayPropertyTests {
    private struct Interrupted: Error {}

    private func rebuilt(_ store: TemporaryStore) async throws -> [String: String] {
        let folder = try makeTemporaryFolder()
        defer { removeTree(folder) }
        let other = ProjectionEngine(
            store: folder,
            reader: try EventLogReader.open(store.path)
        )
        var digests: [String: String] = [:]
        for result in try await other.replay(ProjectionDeclaration.all, now: { .zero }) {
            digests[result.projection] = result.digest.description
        }
        return digests
    }

    private func live(_ store: TemporaryStore) throws -> [String: String] {
        let engine = try store.engine()
        var digests: [String: String] = [:]
        for declaration in ProjectionDeclaration.all {
            let view = try engine.view(declaration)
            #expect(view.position == engine.reader.end)
            digests[declaration.name] = try view.digest().description
        }
        return digests
    }

    @Test(
        "live, caught up after every few documents, equals rebuilt",
        arguments: RandomHistory.seeds
    )
    func liveEqualsRebuilt(seed: UInt64) async throws {
        let history = RandomHistory(seed: seed)
        let store = try TemporaryStore()
        for start in stride(from: 0, to: history.revisions.count, by: 7) {
            let end = min(start + 7, history.revisions.count)
            try history.write(Array(history.revisions[start..<end]), to: store)
            try store.engine().catchUp(ProjectionDeclaration.all)
        }
        #expect(try await live(store) == rebuilt(store))
    }

    @Test(
        "interrupted after any commit and called again equals rebuilt",
        arguments: RandomHistory.seeds
    )
    func resumedEqualsRebuilt(seed: UInt64) async throws {
        let history = RandomHistory(seed: seed)
        let store = try TemporaryStore()
        try history.write(history.revisions, to: store)
        let engine = try store.engine(eventsPerCommit: 1 + Int(seed % 5) * 20)
        var interruptions = 0
        while true {
            do {
                try engine.catchUp(
                    ProjectionDeclaration.all,
                    progress: { if $0.position < $0.end { throw Interrupted() } }
                )
                break
            } catch is Interrupted {
                interruptions += 1
            }
        }
        #expect(interruptions > 0)
        #expect(try await live(store) == rebuilt(store))
    }

    @Test(
        "stopped at any position, even inside a batch, then continued equals rebuilt",
        arguments: RandomHistory.seeds
    )
    func asOfThenContinued(seed: UInt64) async throws {
        let history = RandomHistory(seed: seed)
        let store = try TemporaryStore()
        try history.write(history.revisions, to: store)
        let engine = try store.engine()
        let end = engine.reader.end.rawValue
        var numbers = SeededNumbers(seed: seed)
        let stop = ReplayLimit.position(EventPosition(UInt64.random(in: 1..<end, using: &numbers)))
        try engine.catchUp(ProjectionDeclaration.all, until: stop)
        for declaration in ProjectionDeclaration.all {
            let digest = try engine.view(declaration).digest()
            #expect(try engine.snapshot(declaration, asOf: stop).digest() == digest)
        }
        try engine.catchUp(ProjectionDeclaration.all)
        #expect(try await live(store) == rebuilt(store))
    }

    @Test("what was superseded leaves no trace in the answers", arguments: RandomHistory.seeds)
    func supersession(seed: UInt64) async throws {
        let history = RandomHistory(seed: seed)
        let whole = try TemporaryStore()
        try history.write(history.revisions, to: whole)
        let latest = try TemporaryStore()
        try history.write(history.latest, to: latest)
        let wholeDigests = try await rebuilt(whole)
        let latestDigests = try await rebuilt(latest)
        for name in ["leaders", "topics", "duplicates", "failures"] {
            #expect(wholeDigests[name] == latestDigests[name], "\(name)")
        }
        #expect(try whole.view(.leaders).table() == latest.view(.leaders).table())
        #expect(try whole.view(.topicsByMonth).table() == latest.view(.topicsByMonth).table())
        let documents = try whole.view(.documents).documents()
        #expect(Set(documents) == Set(try latest.view(.documents).documents()))
    }

    @Test("the answers are those of a fold by hand", arguments: RandomHistory.seeds)
    func model(seed: UInt64) throws {
        let history = RandomHistory(seed: seed)
        let store = try TemporaryStore()
        try history.write(history.revisions, to: store)
        var documents: [String: Int] = [:]
        var mentions: [String: Int] = [:]
        for revision in history.latest where revision.fate == 0 {
            for leader in revision.leaders {
                documents[leader.id, default: 0] += 1
                mentions[leader.id, default: 0] += leader.spans.count + leader.titleSpans.count
            }
        }
        let rows = try store.view(.leaders).index()
        #expect(rows.count == documents.count)
        for row in rows {
            #expect(row.documents == documents[row.id] && row.mentions == mentions[row.id])
        }
    }
}
