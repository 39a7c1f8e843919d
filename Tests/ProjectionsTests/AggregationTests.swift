import Bytes
import EventLog
import Events
import Projections
import Testing

/// Declared groups of documents and findings: what they answer.
@Suite("Declared index, count, top and pairs")
struct AggregationTests {
    private static let trump = Annotation.leader(
        "trump",
        "Donald Trump",
        role: "President of the United States",
        mentions: 3
    )
    private static let putin = Annotation.leader(
        "putin",
        "Vladimir Putin",
        role: "President of Russia",
        inTitle: true
    )
    private static let syria = Annotation.topic("syria", "Syria")
    private static let iran = Annotation.topic("iran", "Iran")

    private func section(_ name: String, words: Int) -> CBORValue {
        .map([
            CBORValue.Pair("words", .integer(words)),
            CBORValue.Pair("section", .text(name)),
        ])
    }

    /// Four documents that are kept, and one of each other fate.
    private func makeStore() throws -> TemporaryStore {
        let store = try TemporaryStore()
        store.addDocument(
            "a",
            title: "A",
            published: "2017-11-21",
            leaders: [Self.putin, Self.trump],
            topics: [Self.iran, Self.syria],
            metadata: section("world", words: 10)
        )
        store.addDocument(
            "b",
            published: "2017-12-31",
            leaders: [Self.trump],
            topics: [Self.syria],
            metadata: section("home", words: 9)
        )
        store.addDocument(
            "c",
            published: "2018-01-01",
            leaders: [Self.putin, Self.trump],
            metadata: section("world", words: 100)
        )
        store.addDocument("d")
        store.addIngested("e", metadata: section("world", words: 2))
        store.addDropped("e")
        store.addIngested("f", metadata: section("home", words: 2))
        store.addDuplicate("f", of: "a")
        store.addFailed("g")
        store.addDocument("h", leaders: [Self.putin])
        store.addRetracted("h")
        store.addDocument("i", leaders: [Self.putin])
        store.add("i", DocumentRemoved(source: "news.jsonl"))
        try store.commit()
        return store
    }

    @Test("documents are counted by their own fields; what is not there is null, and comes last")
    func documents() throws {
        let store = try makeStore()
        #expect(
            try store.answer(.count, of: ["documents"], by: ["metadata.section"]) == """
                [{"metadata.section":"world","documents":2},\
                {"metadata.section":"home","documents":1},\
                {"metadata.section":null,"documents":1}]
                """
        )
        #expect(try store.answer(.count, of: ["documents"]) == "[{\"documents\":4}]")
    }

    @Test("stretches of the calendar come in their order")
    func times() throws {
        let store = try makeStore()
        #expect(
            try store.answer(.count, of: ["documents"], by: ["quarter"]) == """
                [{"quarter":"2017-Q4","documents":2},{"quarter":"2018-Q1","documents":1},\
                {"quarter":null,"documents":1}]
                """
        )
        #expect(
            try store.answer(.count, of: ["documents"], by: ["week"]) == """
                [{"week":"2017-W47","documents":1},{"week":"2017-W52","documents":1},\
                {"week":"2018-W01","documents":1},{"week":null,"documents":1}]
                """
        )
    }

    @Test("documents that were not kept count only where they are told apart")
    func outcomes() throws {
        let store = try makeStore()
        #expect(
            try store.answer(.count, of: ["documents"], by: ["status", "reason"]) == """
                [{"status":"kept","reason":null,"documents":4},\
                {"status":"dropped","reason":"words","documents":1},\
                {"status":"duplicate","reason":"near","documents":1},\
                {"status":"failed","reason":"ingest.not-text","documents":1},\
                {"status":"removed","reason":null,"documents":1},\
                {"status":"retracted","reason":null,"documents":1}]
                """
        )
        #expect(try store.count(where: .equals("status", "dropped", "failed")) == 2)
        #expect(try store.count(where: .equals("duplicate_of", "a")) == 1)
        #expect(try store.count(where: .compares("similarity", .atLeast, "0.9")) == 1)
        #expect(try store.count(where: .compares("similarity", .above, "0.9")) == 0)
    }

    @Test("findings are counted by any of their fields, those of one finding together")
    func findings() throws {
        let store = try makeStore()
        #expect(
            try store.answer(
                .count,
                of: ["leaders"],
                by: ["role", "year"],
                where: [.equals("leader", "trump", "biden")]
            ) == """
                [{"role":"President of the United States","year":"2017","documents":2},\
                {"role":"President of the United States","year":"2018","documents":1}]
                """
        )
        #expect(
            try store.answer(.count, of: ["documents"], by: ["topics.id"]) == """
                [{"topics.id":"syria","topics.id_label":"Syria","documents":2},\
                {"topics.id":null,"topics.id_label":null,"documents":2},\
                {"topics.id":"iran","topics.id_label":"Iran","documents":1}]
                """
        )
    }

    @Test("an index of any fields says documents, mentions, roles and days")
    func index() throws {
        let store = try makeStore()
        #expect(
            try store.answer(
                .index,
                of: ["leaders"],
                by: ["leader"],
                where: [.equals("metadata.section", "world")]
            ) == """
                [{"leader":"trump","name":"Donald Trump","documents":2,"mentions":6,\
                "roles":["President of the United States"],"first":"2017-11-21",\
                "last":"2018-01-01"},\
                {"leader":"putin","name":"Vladimir Putin","documents":2,"mentions":4,\
                "roles":["President of Russia"],"first":"2017-11-21","last":"2018-01-01"}]
                """
        )
        #expect(
            try store.answer(.index, of: ["documents"], by: ["metadata.section"], atLeast: 2) == """
                [{"metadata.section":"world","documents":2,"first":"2017-11-21",\
                "last":"2018-01-01"}]
                """
        )
    }

    @Test("a top has a rank, of each value that it is taken per")
    func top() throws {
        let store = try makeStore()
        #expect(
            try store.answer(.top, of: ["topics"], by: ["topic"], per: ["month"], top: 1) == """
                [{"month":"2017-11","rank":1,"topic":"iran","label":"Iran","documents":1},\
                {"month":"2017-12","rank":1,"topic":"syria","label":"Syria","documents":1}]
                """
        )
        #expect(
            try store.answer(.top, of: ["topics"], by: ["topic"], top: 1) == """
                [{"rank":1,"topic":"syria","label":"Syria","documents":2}]
                """
        )
    }

    @Test("two things in one document are a pair, of one kind or of two")
    func pairs() throws {
        let store = try makeStore()
        #expect(
            try store.answer(.pairs, of: ["leaders"], by: ["leader"]) == """
                [{"leader":"putin","label":"Vladimir Putin","with":"trump",\
                "with_label":"Donald Trump","documents":2}]
                """
        )
        #expect(
            try store.answer(
                .pairs,
                of: ["leaders", "topics"],
                by: ["leader", "topic"],
                atLeast: 2
            ) == """
                [{"leader":"trump","label":"Donald Trump","topic":"syria",\
                "topic_label":"Syria","documents":2}]
                """
        )
        #expect(
            try store.answer(.pairs, of: ["documents"], by: ["metadata.section", "topics.id"])
                .contains("{\"metadata.section\":\"home\",\"topics.id\":\"syria\"")
        )
    }

    @Test("a condition is a value, several, a side, a lack, or the contrary of one")
    func conditions() throws {
        let store = try makeStore()
        #expect(try store.count(where: .equals("metadata.words", "10")) == 1)
        // Numbers by their size, not by their digits.
        #expect(try store.count(where: .compares("metadata.words", .atLeast, "10")) == 2)
        #expect(try store.count(where: .compares("metadata.words", .below, "10")) == 1)
        #expect(try store.count(where: .compares("published", .atMost, "2017-12-31")) == 2)
        #expect(try store.count(where: .compares("year", .above, "2017")) == 1)
        #expect(try store.count(where: .init("title", .exists)) == 1)
        #expect(try store.count(where: .init("title", .missing)) == 3)
        #expect(
            try store.count(where: .init("metadata.section", .not(.equals([.init(text: "home")]))))
                == 3
        )
        #expect(
            try store.count(
                where: .equals("metadata.section", "world"),
                .equals("month", "2018-01")
            ) == 1
        )
    }

    @Test("a condition on findings chooses documents by one of them, or by none")
    func findingConditions() throws {
        let store = try makeStore()
        #expect(try store.count(where: .equals("leaders.id", "putin")) == 2)
        #expect(
            try store.count(where: .init("leaders.id", .not(.equals([.init(text: "putin")])))) == 2
        )
        #expect(try store.count(where: .init("leaders.id", .missing)) == 1)
        // One finding must meet both: Putin is no President of the United States.
        #expect(
            try store.count(
                where: .equals("leaders.id", "putin"),
                .equals("leaders.role", "President of the United States")
            ) == 0
        )
        #expect(try store.count(where: .compares("leaders.mentions", .atLeast, "3")) == 3)
    }

    @Test("what a document says anew replaces what it said, every field of it")
    func superseding() throws {
        let store = try makeStore()
        store.addDocument("a", metadata: section("sports", words: 1))
        store.addDocument("e", leaders: [Self.putin])
        try store.commit()
        #expect(
            try store.answer(.count, of: ["leaders"], by: ["leader", "status"]).contains(
                "\"putin\",\"label\":\"Vladimir Putin\",\"status\":\"kept\",\"documents\":2"
            )
        )
        #expect(try store.count(where: .equals("metadata.section", "world")) == 1)
        #expect(try store.count(where: .init("title", .exists)) == 0)
        #expect(try store.count(where: .equals("status", "dropped")) == 0)
    }
}
