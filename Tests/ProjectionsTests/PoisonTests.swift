import Bytes
import EventLog
import Events
import Projections
import Testing

@Suite("Events that a projection cannot read")
struct PoisonTests {
    private let putin = Annotation.leader("vladimir-putin", "Vladimir Putin")

    /// Three documents of two revisions; the fingerprint of the second's first one is of a newer
    /// schema, at position 7.
    private func store() throws -> TemporaryStore {
        let store = try TemporaryStore()
        store.addDocument("a.txt", leaders: [putin])
        store.addIngested("b.txt")
        store.add("b.txt", .cleaned(DocumentFields()))
        store.add("b.txt", DocumentUnique(fingerprint: .none), schemaVersion: 9)
        store.addEnriched("b.txt", "leaders", [putin])
        try store.commit()
        for id in ["a.txt", "b.txt", "c.txt"] { store.addDocument(id, leaders: [putin]) }
        try store.commit()
        return store
    }

    @Test("stop: the error names event and document, and the file is complete up to there")
    func stop() throws {
        let store = try store()
        let engine = try store.engine()
        let error = #expect(throws: ProjectionError.self) {
            try engine.catchUp(ProjectionDeclaration.all)
        }
        #expect(error?.code == .newerEvent && error?.path == "leaders")
        #expect(error?.position?.rawValue == 7 && error?.document == "b.txt")
        #expect(error?.hint.contains("--on-error skip or park") == true)
        #expect(
            error?.description.hasPrefix(
                "leaders at event 7 of b.txt: expected an event of a schema that this program "
                    + "knows, found document.unique version 9 [projection.newer-event]"
            ) == true
        )
        #expect(try engine.view(.leaders).position.rawValue == 7)
        #expect(try engine.view(.leaders).index().first?.documents == 1)
        // The others have read all there is.
        #expect(try engine.view(.failures).position == engine.reader.end)
        #expect(try engine.view(.runs).position == engine.reader.end)
        // A second try says the same and changes nothing.
        let again = #expect(throws: ProjectionError.self) {
            try engine.catchUp(ProjectionDeclaration.all)
        }
        #expect(again == error)
        #expect(try engine.view(.leaders).position.rawValue == 7)
    }

    @Test("skip: the event is left out, and both the list and the digest say so")
    func skip() throws {
        let store = try store()
        let engine = try store.engine()
        try engine.catchUp([.leaders, .duplicates], onPoison: PoisonPolicy(.skip))
        let view = try engine.view(.leaders)
        #expect(view.position == engine.reader.end)
        let event = try #require(try view.leftOut().first)
        #expect(try view.leftOut().count == 1)
        #expect(!event.isParked && event.position.rawValue == 7 && event.document == "b.txt")
        #expect(event.type == "document.unique" && event.schemaVersion == 9)
        #expect(event.code == "newer-event" && event.reason == "version 9")
        #expect(try view.index().first?.documents == 3)
        let whole = try TemporaryStore()
        for id in ["a.txt", "b.txt", "a.txt", "b.txt", "c.txt"] {
            whole.addDocument(id, leaders: [putin])
        }
        try whole.commit()
        let other = try whole.view(.leaders)
        #expect(try other.table() == view.table())
        #expect(try other.digest() != view.digest())
        #expect(try other.leftOut().isEmpty)
    }

    @Test("park: all later events of the stream wait behind it, those of others do not")
    func park() async throws {
        let store = try store()
        let engine = try store.engine()
        try engine.catchUp([.leaders], onPoison: PoisonPolicy(.park))
        let parked = try engine.view(.leaders).leftOut()
        // Its other events; those of another annotator do not concern the projection.
        #expect(parked.map(\.position.rawValue) == [7, 8, 14, 15, 16, 17])
        #expect(parked.allSatisfy { $0.isParked && $0.document == "b.txt" })
        #expect(parked.map(\.code).dropFirst().allSatisfy { $0 == "behind-parked" })
        #expect(try engine.view(.leaders).index().first?.documents == 2)
        let result = try await engine.replay(
            [.leaders],
            onPoison: PoisonPolicy(.park),
            now: { .zero }
        )[0]
        #expect(result.parked == 6 && result.skipped == 0)
    }

    @Test(
        "a program that can read what was left out folds it in its place",
        arguments: [PoisonPolicy.Action.skip, .park]
    )
    func newerProgram(action: PoisonPolicy.Action) throws {
        let store = try store()
        try store.engine().catchUp(ProjectionDeclaration.all, onPoison: PoisonPolicy(action))
        store.addDocument("d.txt", leaders: [putin])
        try store.commit()
        let schemas = KnownSchemas.current.reading(9, of: "document.unique")
        let newer = try store.engine(schemas: schemas)
        #expect(throws: ProjectionError.self) { try newer.view(.leaders) }
        var reports: [String] = []
        try newer.catchUp(ProjectionDeclaration.all, report: { reports.append($0) })
        #expect(reports.contains("leaders is rebuilt: event 7 was left out and can be read now"))
        let folder = try makeTemporaryFolder()
        defer { removeTree(folder) }
        let fresh = try store.engine(in: folder, schemas: schemas)
        try fresh.catchUp(ProjectionDeclaration.all)
        for declaration in ProjectionDeclaration.all {
            let view = try newer.view(declaration)
            #expect(try view.leftOut().isEmpty)
            #expect(try view.digest() == fresh.view(declaration).digest())
            let name = "/derived/projections/\(declaration.name).sqlite"
            #expect(try dump(store.path + name) == dump(folder + name))
        }
    }

    @Test("no more events are left out than the limit says", arguments: [1, 2, 7])
    func limit(jobs: Int) async throws {
        let store = try TemporaryStore()
        for number in 0..<10 {
            store.addIngested("\(number).txt")
            store.spoiling = .otherType
            store.addEnriched("\(number).txt", "leaders", [putin])
            try store.commit()
        }
        let engine = try store.engine(eventsPerCommit: 4)
        let error = await #expect(throws: ProjectionError.self) {
            try await engine.catchUp(
                [.documents, .leaders],
                onPoison: .init(.skip, limit: 3),
                jobs: jobs
            )
        }
        #expect(error?.code == .tooManyLeftOut && error?.position?.rawValue == 7)
        #expect(try engine.view(.leaders).leftOut().count == 3)
        #expect(try engine.view(.leaders).position.rawValue == 7)
        #expect(try engine.view(.documents).documents().count == 10)
        try engine.catchUp([.leaders], onPoison: PoisonPolicy(.skip))
        #expect(try engine.view(.leaders).leftOut().count == 10)
    }

    @Test("a file with parked events keeps its streams parked under another policy")
    func otherPolicyLater() throws {
        let store = try store()
        try store.engine().catchUp([.leaders], onPoison: PoisonPolicy(.park))
        store.addDocument("b.txt")
        try store.commit()
        let engine = try store.engine()
        try engine.catchUp([.leaders])
        #expect(try engine.view(.leaders).leftOut().count == 10)
        #expect(try engine.view(.leaders).index().first?.documents == 2)
    }

    @Test("a span that ends before it starts is a fault of the index, not of the count")
    func spanOutOfRange() throws {
        let store = try TemporaryStore()
        let wrong = Annotation(
            id: "x",
            label: "X",
            spans: [ByteSpan(start: 0, end: 5), ByteSpan(start: 9, end: 8)]
        )
        store.addDocument("a.txt", leaders: [wrong], topics: [wrong])
        try store.commit()
        let engine = try store.engine()
        let error = #expect(throws: ProjectionError.self) { try engine.catchUp([.leaders]) }
        #expect(error?.code == .undecodableEvent && error?.position?.rawValue == 3)
        #expect(error?.found.contains("outOfRange") == true)
        try engine.catchUp([.topics])
        #expect(try engine.view(.topics).counts().first?.documents == 1)
    }

    @Test("facts cut anywhere are a fault and leave no trace")
    func cut() throws {
        let facts = DocumentEnriched(
            annotator: "leaders",
            annotations: [
                .leader("a", "A", role: "President", mentions: 300),
                .leader("a-name-of-more-than-sixteen-bytes", "B", role: "King", inTitle: true),
            ],
            unresolved: [
                UnresolvedMention(
                    text: "C",
                    reason: "ambiguous",
                    candidates: ["c", "d"],
                    span: ByteSpan(start: 70_000, end: 70_001)
                )
            ]
        ).encoded
        let store = try TemporaryStore()
        store.addIngested("z.txt")
        for length in 0..<facts.count {
            store.addIngested("\(length).txt")
            store.add("z.txt", type: "document.enriched", facts: Array(facts.prefix(length)))
        }
        try store.commit()
        let engine = try store.engine()
        try engine.catchUp([.leaders], onPoison: PoisonPolicy(.skip, limit: 10_000))
        let view = try engine.view(.leaders)
        // Before the annotator's name is whole, it is a fault too: nobody knows whose it is.
        #expect(try view.leftOut().count == facts.count)
        #expect(try view.index().isEmpty)
        let contents = try dump(store.file("leaders"))
        #expect(!contents.contains { $0.contains("President") }, "a term of a skipped event")
    }

    @Test("an event of another annotator is none of the projection's business")
    func otherAnnotator() throws {
        let store = try TemporaryStore()
        store.addDocument("a.txt", leaders: [putin])
        store.add(
            "a.txt",
            DocumentEnriched(
                annotator: "topics",
                annotations: [
                    Annotation(id: "x", label: "X", spans: [ByteSpan(start: 2, end: 1)])
                ],
                unresolved: []
            )
        )
        try store.commit()
        #expect(try store.view(.leaders).index().count == 1)
    }
}
