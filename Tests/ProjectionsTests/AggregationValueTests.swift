import Bytes
import EventLog
import Events
import Projections
import Testing

/// Declared groups of whatever documents hold: odd values, many groups, the calendar's corners.
@Suite("Values of declared groups")
struct AggregationValueTests {
    @Test(
        "weeks belong to the year of their Thursday",
        arguments: [
            ("2005-01-01", "2004-W53"), ("2005-01-02", "2004-W53"), ("2005-12-31", "2005-W52"),
            ("2007-01-01", "2007-W01"), ("2007-12-31", "2008-W01"), ("2008-12-29", "2009-W01"),
            ("2010-01-03", "2009-W53"), ("2016-02-29", "2016-W09"), ("2020-12-31", "2020-W53"),
            ("2000-01-01", "1999-W52"), ("0001-01-01", "0001-W01"), ("9999-12-31", "9999-W52"),
        ]
    )
    func weeks(day: String, week: String) throws {
        let store = try TemporaryStore()
        store.addDocument("a", published: day)
        try store.commit()
        let json = try store.answer(.count, of: ["documents"], by: ["week"])
        #expect(json == "[{\"week\":\"\(week)\",\"documents\":1}]")
    }

    @Test("metadata is looked into at any depth, each item of a list counts, and each once")
    func metadata() throws {
        let store = try TemporaryStore()
        func pair(_ key: String, _ value: CBORValue) -> CBORValue.Pair { .init(key, value) }
        let author: (String) -> CBORValue = { .map([pair("name", .text($0))]) }
        store.addDocument(
            "a",
            metadata: .map([
                pair("n", .double(4)), pair("og.type", .text("article")),
                pair("authors", .array([author("Ann"), author("Bob"), author("Ann"), .null])),
            ])
        )
        store.addDocument(
            "b",
            metadata: .map([pair("n", .integer(4)), pair("authors", author("Bob"))])
        )
        store.addDocument(
            "c",
            metadata: .map([
                pair("n", .bool(true)), pair("authors", .text("none")),
                pair("og.type", .map([])),
            ])
        )
        try store.commit()
        #expect(
            try store.answer(.count, of: ["documents"], by: ["metadata.authors.name"]) == """
                [{"metadata.authors.name":"Bob","documents":2},\
                {"metadata.authors.name":"Ann","documents":1},\
                {"metadata.authors.name":null,"documents":1}]
                """
        )
        #expect(
            try store.answer(.count, of: ["documents"], by: ["metadata.n"]) == """
                [{"metadata.n":4,"documents":2},{"metadata.n":true,"documents":1}]
                """
        )
        #expect(
            try store.answer(.count, of: ["documents"], by: ["metadata.og.type"]) == """
                [{"metadata.og.type":null,"documents":2},\
                {"metadata.og.type":"article","documents":1}]
                """
        )
    }

    @Test("two spellings of one letter are two values, and a long text is cut, and says so")
    func texts() throws {
        let store = try TemporaryStore()
        for (id, title) in [("a", "caf\u{E9}"), ("b", "cafe\u{301}"), ("c", "caf\u{E9}")] {
            store.addDocument(id, title: title)
        }
        store.addDocument("d", title: String(repeating: "ä", count: 5000))
        try store.commit()
        let json = try store.answer(.count, of: ["documents"], by: ["title"])
        #expect(json.utf8.count { $0 == UInt8(ascii: "{") } == 3)
        #expect(json.contains("\"documents\":2") && json.contains("ää…\""))
        #expect(json.utf8.count < 1400)
    }

    @Test("more groups than anybody can use are an error that says what to do")
    func limit() throws {
        let store = try TemporaryStore()
        for number in 0..<30 { store.addDocument("doc \(number)", title: "\(number)") }
        try store.commit()
        let titles = try ProjectionDeclaration.aggregation(
            "titles",
            .count,
            of: ["documents"],
            by: ["title"]
        )
        #expect(try store.view(titles).aggregate(groupLimit: 30).rows.count == 30)
        let error = #expect(throws: ProjectionError.self) {
            try store.view(titles).aggregate(groupLimit: 29)
        }
        #expect(error?.code == .tooManyGroups && error?.hint.contains("where:") == true)
    }

    @Test("one document with more pairs than groups may be is refused before they are made")
    func manyPairs() throws {
        let store = try TemporaryStore()
        let crowd = (0..<3000).map { Annotation.leader("leader-\($0)", "Leader \($0)") }
        store.addDocument("a", leaders: crowd)
        try store.commit()
        let error = #expect(throws: ProjectionError.self) {
            try store.answer(.pairs, of: ["leaders"], by: ["leader"])
        }
        #expect(error?.code == .tooManyGroups)
    }

    @Test("facts that are nested deeper than any that we write end no process")
    func depth() throws {
        let store = try TemporaryStore()
        var facts: [UInt8] = [0xA1, 0x68] + Array("metadata".utf8) + [0xA1, 0x61, 0x78]
        facts += [UInt8](repeating: 0x81, count: 500_000) + [0x00]
        store.add("a", type: "document.ingested", facts: facts)
        try store.commit()
        #expect(
            try store.answer(.count, of: ["documents"], by: ["metadata.x"])
                == "[{\"metadata.x\":null,\"documents\":1}]"
        )
    }

    @Test("a plain index and a plain count are answered by their own folds, and alike")
    func plain() throws {
        let index = try ProjectionDeclaration.aggregation(
            "leaders",
            .index,
            of: ["leaders"],
            by: ["leader"]
        )
        #expect(index.kind == .index(annotator: "leaders", by: "leader"))
        let count = try ProjectionDeclaration.aggregation(
            "topics",
            .count,
            of: ["topics"],
            by: ["topic", "month"]
        )
        #expect(count.kind == .count(annotator: "topics", by: "topic", byMonth: true))
        let store = try TemporaryStore()
        let history = RandomHistory(seed: 7)
        try history.write(history.revisions, to: store)
        let all = AggregationStatement.Condition("document", .exists)
        #expect(
            try store.view(index).table().json
                == store.answer(.index, of: ["leaders"], by: ["leader"], where: [all])
        )
        #expect(
            try store.view(count).table().json
                == store.answer(.count, of: ["topics"], by: ["topic", "month"], where: [all])
        )
    }

    @Test("another filter or order is answered from the same file, another field rebuilds it")
    func files() throws {
        let store = try TemporaryStore()
        store.addDocument("a", title: "A")
        try store.commit()
        func declared(
            _ by: [String],
            _ conditions: [AggregationStatement.Condition]
        ) throws -> ProjectionDeclaration {
            try .aggregation("x", .count, of: ["documents"], by: by, where: conditions)
        }
        let digest = try store.view(declared(["title", "month"], [])).digest()
        let same = try declared(["week"], [.equals("title", "A")])
        #expect(try store.engine().view(same).digest() == digest)
        #expect(throws: ProjectionError.self) {
            try store.engine().view(declared(["agency"], []))
        }
        #expect(try store.view(declared(["agency"], [])).digest() != digest)
    }
}
