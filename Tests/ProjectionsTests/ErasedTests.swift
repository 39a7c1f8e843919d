import Bytes
import EventLog
import Events
import Projections
import Testing

@Suite("Projections over erased events")
struct ErasedTests {
    private static let lasting: Set<String> = [
        "document.dropped", "document.exported", "document.retracted",
    ]

    /// A history in which some documents are withdrawn at last, and where their events lie.
    private func store(_ seed: UInt64) throws -> (TemporaryStore, Set<EventPosition>) {
        let history = RandomHistory(seed: seed)
        let store = try TemporaryStore()
        try history.write(history.revisions, to: store)
        var erased: Set<EventPosition> = []
        let withdrawn = Set(history.revisions.map(\.id).filter { Hash64.mix($0) % 3 == 0 })
        for id in withdrawn.sorted() {
            let event = DocumentRetracted(
                reason: "asked for",
                by: nil,
                source: "in/" + id,
                revisions: [],
                words: [],
                erases: []
            )
            store.add(id, event)
        }
        try store.commit()
        #expect(!withdrawn.isEmpty)
        try EventLogReader.open(store.path).scan { batch throws(LogError) in
            for index in batch.indices
            where withdrawn.contains(batch.streamName(index))
                && !Self.lasting.contains(batch.type(index))
            {
                erased.insert(batch[index].position)
            }
            return .continue
        }
        return (store, erased)
    }

    private func rebuilt(_ store: TemporaryStore, jobs: Int = 1) async throws -> [String: String] {
        let folder = try makeTemporaryFolder()
        defer { removeTree(folder) }
        let engine = ProjectionEngine(store: folder, reader: try EventLogReader.open(store.path))
        let results = try await engine.replay(
            ProjectionDeclaration.all,
            jobs: jobs,
            now: { .zero }
        )
        return Dictionary(
            uniqueKeysWithValues: results.map { ($0.projection, $0.digest.description) }
        )
    }

    @Test(
        "say the same whether withdrawn documents are erased or not",
        arguments: RandomHistory.seeds
    )
    func sameDigests(seed: UInt64) async throws {
        let (store, erased) = try store(seed)
        let before = try await rebuilt(store)
        try store.erase(erased)
        #expect(try await rebuilt(store) == before)
        #expect(try await rebuilt(store, jobs: 3) == before)
        try store.engine().catchUp(ProjectionDeclaration.all)
        for declaration in ProjectionDeclaration.all {
            let check = try #require(try store.engine().check(declaration))
            #expect(check.fault == nil, "\(declaration.name): \(check.fault ?? "")")
        }
    }

    @Test("as of a moment before, an erased document is not there; its story is")
    func asOf() throws {
        let store = try TemporaryStore()
        store.addDocument("a.txt", title: "Leaders call", source: "in/a.txt")
        store.addDocument("b.txt", title: "Leaders meet", source: "in/b.txt")
        try store.commit()
        let before = try EventLogReader.open(store.path).end
        store.add(
            "a.txt",
            DocumentRetracted(
                reason: "asked for",
                by: nil,
                source: "in/a.txt",
                revisions: [],
                words: [],
                erases: [0, 1]
            )
        )
        try store.commit()
        let positions = (0..<before.rawValue).map { EventPosition($0) }
        let reader = try EventLogReader.open(store.path)
        let own = try positions.filter { position in
            let event = try reader.record(at: position)
            return event.stream == "a.txt" && !Self.lasting.contains(event.type)
        }
        try store.erase(Set(own))
        let view = try store.engine().snapshot(.documents, asOf: .position(before))
        #expect(try view.documents().map(\.document) == ["b.txt"])
        let now = try store.view(.documents)
        #expect(try now.documents().map(\.status) == [.retracted, .kept])
        #expect(try now.documents().first?.source == "in/a.txt")
        #expect(try now.documents().first?.title == nil)
        let story = try store.engine().story(of: "a.txt", in: now)
        #expect(story.events.count { $0.isErased } == own.count)
        #expect(story.events.first?.position == .first)
        #expect(story.events.last?.type == "document.retracted")
    }
}

extension Hash64 {
    /// A number that a name always gives.
    fileprivate static func mix(_ name: String) -> UInt64 {
        Hash128(hashing: name).high
    }
}
