import EventLog
import Glibc
import Projections
import Testing

@Suite("The engine")
struct EngineTests {
    private func store() throws -> TemporaryStore {
        let store = try TemporaryStore()
        store.addDocument("a.txt", leaders: [.leader("vladimir-putin", "Vladimir Putin")])
        store.addDocument("b.txt", leaders: [.leader("vladimir-putin", "Vladimir Putin")])
        try store.commit()
        return store
    }

    @Test("replay swaps in what it built, says what it did, and leaves nothing beside")
    func replay() async throws {
        let store = try store()
        let engine = try store.engine()
        try engine.catchUp(ProjectionDeclaration.all)
        let before = try engine.view(.leaders).digest()
        var seconds = 0
        let results = try await engine.replay([.leaders, .runs]) {
            seconds += 1
            return .seconds(seconds)
        }
        #expect(results.map(\.projection) == ["leaders", "runs"])
        #expect(results.map(\.events) == [10, 10])
        #expect(results.map(\.position.rawValue) == [10, 10])
        #expect(results.map(\.seconds) == [1, 2])
        #expect(results[0].digest == before)
        #expect(
            store.projectionFiles()
                == ProjectionDeclaration.all.map { $0.name + ".sqlite" }.sorted()
        )
    }

    @Test("replay up to a position leaves the live file alone, and the answer can be asked")
    func replayUntil() async throws {
        let store = try store()
        let engine = try store.engine()
        try engine.catchUp([.leaders])
        let limit = ReplayLimit.position(EventPosition(5))
        let result = try await engine.replay([.leaders], until: limit) { .zero }[0]
        #expect(result.position.rawValue == 5 && result.events == 5)
        #expect(result.path.hasSuffix("leaders@5.sqlite"))
        #expect(try engine.view(.leaders).index().first?.documents == 2)
        #expect(try engine.snapshot(.leaders, asOf: limit).index().first?.documents == 1)
    }

    @Test("a view as of a position or time needs no file and leaves none")
    func snapshot() throws {
        let store = try store()
        store.addDocument("c.txt", leaders: [.leader("vladimir-putin", "Vladimir Putin")])
        try store.commit()
        let engine = try store.engine()
        let early = try engine.snapshot(.leaders, asOf: .time(1_511_258_400_000_000))
        #expect(early.position.rawValue == 10)
        #expect(try early.index().first?.documents == 2)
        #expect(try engine.snapshot(.leaders, asOf: .position(.first)).index().isEmpty)
        #expect(store.projectionFiles() == [])
        let error = #expect(throws: ProjectionError.self) {
            _ = try engine.snapshot(.leaders, asOf: .position(EventPosition(99)))
        }
        #expect(error?.code == .noSuchPosition)
    }

    @Test("a projection that was never built is said to be so")
    func notBuilt() throws {
        let engine = try store().engine()
        let error = #expect(throws: ProjectionError.self) { _ = try engine.view(.leaders) }
        #expect(error?.code == .notBuilt)
    }

    /// Ways in which the file of a projection can be none of this log's.
    enum Spoiling: CaseIterable {
        case text, empty, header, page, otherStore, otherKind
    }

    @Test(
        "a file that cannot be trusted is rebuilt and swapped, and it is said",
        arguments: Spoiling.allCases
    )
    func untrusted(how: Spoiling) throws {
        let store = try store()
        let expected = try store.view(.leaders).digest()
        let file = store.file("leaders")
        try spoil(file, how, of: store)
        let engine = try store.engine()
        var reports: [String] = []
        try engine.catchUp([.leaders], report: { reports.append($0) })
        let view = try engine.view(.leaders)
        #expect(try view.digest() == expected)
        #expect(view.position == engine.reader.end)
        #expect(reports.count == 1, "\(reports)")
        #expect(store.projectionFiles().filter { $0.hasPrefix("leaders") } == ["leaders.sqlite"])
    }

    private func spoil(_ file: String, _ how: Spoiling, of store: TemporaryStore) throws {
        switch how {
        case .text: try overwrite(file, at: nil, with: Array("not a database at all".utf8))
        case .empty: try overwrite(file, at: nil, with: [])
        case .header: try overwrite(file, at: 0, with: [0, 1, 2, 3])
        case .page: try overwrite(file, at: 4096, with: [UInt8](repeating: 0xFF, count: 4096 * 3))
        case .otherKind:
            _ = try store.view(.documents)
            #expect(unsafe rename(store.file("documents"), file) == 0)
        case .otherStore:
            let other = try self.store()
            _ = try other.view(.leaders)
            #expect(unsafe rename(other.file("leaders"), file) == 0)
        }
    }

    @Test("a projection of a longer or another history of the same store is rebuilt")
    func otherHistory() throws {
        let long = try store()
        let short = try TemporaryStore(copying: long)
        let parted = try TemporaryStore(copying: long)
        long.addDocument("c.txt", leaders: [.leader("angela-merkel", "Angela Merkel")])
        try long.commit()
        parted.addDocument("d.txt")
        try parted.commit()
        for other in [short, parted] {
            _ = try long.view(.leaders)
            let expected = try other.view(.leaders).digest()
            #expect(unsafe rename(long.file("leaders"), other.file("leaders")) == 0)
            var reports: [String] = []
            let engine = try other.engine()
            let error = #expect(throws: ProjectionError.self) { _ = try engine.view(.leaders) }
            #expect(error?.code == .notBuilt)
            try engine.catchUp([.leaders], report: { reports.append($0) })
            #expect(reports.count == 1)
            #expect(try engine.view(.leaders).digest() == expected)
        }
    }

    @Test("two that catch up at the same time do not clash")
    func concurrent() async throws {
        let store = try TemporaryStore()
        for number in 0..<200 {
            store.addDocument("\(number).txt", leaders: [.leader("l-\(number % 7)", "L")])
            if number % 10 == 0 { try store.commit() }
        }
        try store.commit()
        let engine = try store.engine(eventsPerCommit: 50)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { try engine.catchUp(ProjectionDeclaration.all) }
                group.addTask { _ = try? engine.view(.leaders).index() }
            }
            try await group.waitForAll()
        }
        let live = try engine.view(.leaders).digest()
        #expect(try await engine.replay([.leaders]) { .zero }[0].digest == live)
        #expect(try engine.view(.leaders).index().map(\.documents).reduce(0, +) == 200)
    }

    @Test("a half-built file left by a kill is replaced")
    func leftover() async throws {
        let store = try store()
        let expected = try store.view(.leaders).digest()
        let folder = store.path + "/derived/projections/"
        try overwrite(folder + "leaders.building", at: nil, with: Array("half".utf8))
        try overwrite(folder + "leaders.building-journal", at: nil, with: Array("half".utf8))
        let engine = try store.engine()
        #expect(try await engine.replay([.leaders]) { .zero }[0].digest == expected)
        #expect(store.projectionFiles() == ["leaders.sqlite"])
    }

    @Test("a journal that a kill left goes with the old file")
    func staleJournal() async throws {
        let store = try store()
        let expected = try store.view(.leaders).digest()
        for suffix in ["-journal", "-wal", "-shm"] {
            try overwrite(store.file("leaders") + suffix, at: nil, with: Array("old".utf8))
        }
        let engine = try store.engine()
        #expect(try await engine.replay([.leaders]) { .zero }[0].digest == expected)
        #expect(store.projectionFiles() == ["leaders.sqlite"])
        #expect(try engine.view(.leaders).digest() == expected)
    }

    @Test("an interrupted replay changes nothing and leaves nothing")
    func interruptedReplay() async throws {
        struct Stop: Error {}
        let store = try store()
        let expected = try store.view(.leaders).digest()
        let engine = try store.engine()
        await #expect(throws: Stop.self) {
            try await engine.replay([.leaders], now: { .zero }, progress: { _ in throw Stop() })
        }
        #expect(try engine.view(.leaders).digest() == expected)
        #expect(store.projectionFiles() == ["leaders.sqlite"])
    }

    @Test("an empty log has empty projections")
    func emptyLog() throws {
        let store = try TemporaryStore()
        let engine = try store.engine()
        try engine.catchUp(ProjectionDeclaration.all)
        for declaration in ProjectionDeclaration.all {
            #expect(try engine.view(declaration).table().rows.isEmpty)
        }
    }
}
