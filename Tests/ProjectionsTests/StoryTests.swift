import Bytes
import EventLog
import Events
import Projections
import Testing

@Suite("A document's story")
struct StoryTests {
    private func store() throws -> TemporaryStore {
        let store = try TemporaryStore()
        store.addDocument("a.txt", title: "Leaders call", source: "in/a.txt")
        store.addDocument("b#1", title: "100% agreed", source: "in/b.jsonl")
        store.addDocument("b#2", title: "Leaders meet", source: "in/b.jsonl")
        try store.commit()
        store.addDocument("c.txt", title: "Other")
        try store.commit()
        store.addFailed("a.txt")
        try store.commit()
        return store
    }

    @Test("all events of all revisions, in order, from the batches that hold them")
    func story() throws {
        let store = try store()
        let view = try store.view(.documents)
        let story = try store.engine().story(of: "a.txt", in: view)
        #expect(story.events.map(\.position.rawValue) == [0, 1, 2, 3, 4, 20])
        #expect(story.events.map(\.type).last == "document.failed")
        #expect(story.events.first?.stage == "ingest")
        #expect(story.events.first?.payload["source"]?.text == "in/a.txt")
        #expect(story.events.last?.payload["offset"]?.integer == 17)
        #expect(try store.engine().story(of: "nobody", in: view).events.isEmpty)
    }

    @Test("a document is found by identity, source or a part of its title")
    func lookup() throws {
        let view = try store().view(.documents)
        func names(_ text: String) throws -> [String] {
            switch try view.find(text) {
            case .none: []
            case .one(let row): [row.document]
            case .several(let rows): rows.map(\.document)
            }
        }
        #expect(try names("b#2") == ["b#2"])
        #expect(try names("in/b.jsonl") == ["b#1", "b#2"])
        #expect(try names("leaders m") == ["b#2"])
        #expect(try names("100%") == ["b#1"])
        #expect(try names("100_") == [])
        #expect(try names("%") == ["b#1"])
    }

    @Test("a statement begins where a document is read, fails unread, is removed or withdrawn")
    func statements() throws {
        let store = try TemporaryStore()
        store.addDocument("a.txt", title: "First")
        try store.commit()
        store.run = "run-2"
        store.addIngested("a.txt")
        store.addDropped("a.txt")
        try store.commit()
        store.run = "run-3"
        store.addFailed("a.txt")
        store.addRetracted("a.txt")
        try store.commit()
        let view = try store.view(.documents)
        let statements = try store.engine().story(of: "a.txt", in: view).statements
        #expect(statements.map(\.run) == ["run-1", "run-2", "run-3", "run-3"])
        #expect(statements.map(\.events.count) == [5, 2, 1, 1])
        let drop = DocumentFate.Drop(rule: "words", value: 3, minimum: 20, maximum: nil)
        #expect(
            statements.map(\.fate.outcome) == [
                .kept, .dropped(drop),
                .failed(code: "ingest.not-text", message: "not UTF-8", isRetryable: false),
                .retracted(reason: "asked to"),
            ]
        )
    }

    @Test("an event whose facts were erased is still told, as that")
    func erased() throws {
        let store = try TemporaryStore()
        store.addDocument("a.txt", title: "First")
        let exported = DocumentExported(
            sink: "export",
            path: "out.jsonl",
            offset: 0,
            length: 9,
            crc32c: 0
        )
        let position = store.add("a.txt", exported, stage: "export")
        try store.commit()
        try store.erase([position])
        let view = try store.view(.documents)
        let story = try store.engine().story(of: "a.txt", in: view)
        #expect(story.events.map(\.isErased) == [false, false, false, false, false, true])
        #expect(story.statements.first?.fate.isErased == true)
    }

    @Test("fates are compared between two positions; what came out the same is counted only")
    func changes() throws {
        let store = try TemporaryStore()
        for id in ["a", "b", "c"] { store.addDocument(id, title: id) }
        try store.commit()
        let middle = try store.engine().reader.end
        store.run = "run-2"
        store.addDocument("a", title: "a")
        store.addIngested("b")
        store.addDuplicate("b", of: "a")
        store.addDocument("d", title: "d")
        try store.commit()
        let engine = try store.engine()
        let found = try engine.fateChanges(from: middle, to: engine.reader.end)
        #expect(found.same == 1)
        #expect(found.changes.map(\.document) == ["b", "d"])
        #expect(found.changes.map { $0.before == nil } == [false, true])
        #expect(try engine.fateChanges(from: middle, to: middle).changes.isEmpty)
    }

    @Test("neighbours are the earlier documents by what their last fingerprint says")
    func neighbours() throws {
        let store = try TemporaryStore()
        func unique(_ id: String, _ minima: [UInt8]) {
            store.addIngested(id)
            let exact = Hash128(high: UInt64(minima[0]), low: 7)
            let minhash: [UInt8] = minima.flatMap { [$0, UInt8(0)] }
            store.add(
                id,
                DocumentUnique(fingerprint: DocumentFingerprint(exact: exact, minhash: minhash)),
                stage: "deduplicate"
            )
        }
        unique("far", [9, 9, 9, 9])
        unique("near", [5, 2, 3, 4])
        unique("was-near", [1, 2, 3, 4])
        unique("self", [1, 2, 3, 4])
        unique("later", [1, 2, 3, 4])
        unique("was-near", [8, 8, 8, 8])
        try store.commit()
        let engine = try store.engine()
        let view = try store.view(.documents)
        let own = DocumentFingerprint(
            exact: Hash128(high: 1, low: 7),
            minhash: [1, 0, 2, 0, 3, 0, 4, 0]
        )
        let found = try engine.neighbours(
            of: own,
            "self",
            heardOf: try view.firstPosition(of: "self"),
            before: engine.reader.end,
            least: 0.5,
            in: view
        )
        #expect(found == [Neighbour(document: "near", similarity: 0.75, isExact: false)])
    }
}
