import Bytes
import Projections
import Testing

@Suite("Packs")
struct PackTests {
    /// Thousands of documents in random order, some of them again and again: enough for packs to
    /// split, and to be written anew in the middle.
    @Test("documents in packs are the same whatever the order of commits", arguments: [1, 2])
    func packs(seed: UInt64) async throws {
        var numbers = SeededNumbers(seed: seed)
        let store = try TemporaryStore()
        for number in 0..<4000 {
            let id = Int.random(in: 0..<3000, using: &numbers)
            let leader = Int.random(in: 0..<300, using: &numbers)
            store.addDocument(
                "part-\(id % 3).jsonl#\(id)",
                published: id % 5 == 0 ? nil : "2017-11-\(10 + id % 20)",
                leaders: [.leader("leader-\(leader)", "Leader \(leader)", role: "role \(id % 9)")]
            )
            if number % 700 == 699 { try store.commit() }
        }
        try store.commit()
        let folder = try makeTemporaryFolder()
        defer { removeTree(folder) }
        let file = folder + "/derived/projections/leaders.sqlite"
        let whole = try store.engine(in: folder, eventsPerCommit: 1 << 20)
        let digest = try await whole.replay([.leaders], now: { .zero })[0].digest
        let expected = try dump(file)
        #expect(expected.count { $0.hasPrefix("x'") } > 8, "there must be many packs")
        for events in [700, 3000] {
            let engine = try store.engine(in: folder, eventsPerCommit: events)
            for jobs in [1, 3] {
                let result = try await engine.replay([.leaders], jobs: jobs, now: { .zero })[0]
                #expect(result.digest == digest)
                #expect(try dump(file) == expected)
            }
        }
        try store.engine(eventsPerCommit: 400).catchUp([.leaders])
        #expect(try dump(store.file("leaders")) == expected)
        let rows = try store.engine().view(.leaders).index()
        #expect(try rows.reduce(0) { $0 + $1.documents } == Self.documents(of: store))
    }

    /// Enough documents for several sections that are digested by themselves; those that were only
    /// seen would begin some too.
    @Test("the digest says nothing of documents that are gone, however many jobs make it")
    func sections() async throws {
        var digests: Set<String> = []
        for gone in [0, 4000] {
            let store = try TemporaryStore()
            for id in 0..<14_000 {
                if id < 10_000 {
                    store.addDocument(
                        "part.jsonl#\(id * 7919 % 10_000)",
                        leaders: [.leader("leader-\(id % 300)", "Leader \(id % 300)", role: "a")]
                    )
                } else if id < 10_000 + gone {
                    store.addDocument("part.jsonl#\(id)", leaders: [.leader("x", "X", role: "y")])
                    store.addRetracted("part.jsonl#\(id)")
                }
                if id % 5000 == 4999 { try store.commit() }
            }
            try store.commit()
            let engine = try store.engine()
            for jobs in [1, 2] {
                let result = try await engine.replay([.leaders], jobs: jobs, now: { .zero })[0]
                digests.insert(result.digest.description)
            }
            digests.insert(try store.view(.leaders).digest().description)
        }
        #expect(digests.count == 1)
    }

    /// How many documents the list of documents has.
    private static func documents(of store: TemporaryStore) throws -> Int {
        try store.view(.documents).documents().count
    }
}
