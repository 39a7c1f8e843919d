import Bytes
import EventLog
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
}
