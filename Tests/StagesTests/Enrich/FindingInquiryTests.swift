import Events
import Pipeline
import Testing

@testable import Stages

@Suite("Asking an annotator why")
struct FindingInquiryTests {
    private func leaders(
        _ id: String,
        _ body: String,
        title: String? = nil,
        date: String? = nil
    ) throws -> FindingInquiry? {
        try EnrichFixture.annotator(leaders: EnrichFixture.leaders)
            .inquire(id, of: EnrichFixture.document(body, title: title, date: date))
    }

    private func topics(
        _ id: String,
        _ body: String,
        title: String? = nil
    ) throws
        -> FindingInquiry?
    {
        try EnrichFixture.annotator(topics: EnrichFixture.topics)
            .inquire(id, of: EnrichFixture.document(body, title: title))
    }

    @Test("an id that the dictionary does not have is answered by nothing")
    func unknown() throws {
        #expect(try leaders("nobody", "Putin spoke.") == nil)
        #expect(try topics("nothing", "Syria.") == nil)
    }

    @Test("a name that counts says so, and nothing is lacking")
    func found() throws {
        let asked = try #require(
            try leaders("vladimir-putin", "Vladimir Putin spoke.", title: "Putin speaks")
        )
        #expect(asked.isFound && asked.label == "Vladimir Putin")
        #expect(asked.occurrences.map(\.isTitle) == [true, false])
        #expect(!asked.occurrences.contains { !$0.counts })
        #expect(asked.names.contains("Vladimir Vladimirovich Putin"))
    }

    @Test(
        "a name that does not count says why",
        arguments: [
            (
                "donald-trump", "He went to Trump Tower.",
                "part of “Trump Tower”, which names nobody"
            ),
            (
                "donald-trump", "The trump card was played.",
                "the dictionary has “Trump”: letter case or marks differ"
            ),
            (
                "george-w-bush", "President Bush spoke.",
                "left open: the document has no date that would tell (george-h-w-bush, george-w-bush)"
            ),
            ("vladimir-putin", "Igor Putin said so.", "“Igor Putin” may be somebody else"),
        ]
    )
    func reasons(_ id: String, _ body: String, _ reason: String) throws {
        let asked = try #require(try leaders(id, body))
        #expect(!asked.isFound)
        #expect(asked.occurrences.count == 1)
        #expect(asked.occurrences.first?.reason.hasSuffix(reason) == true, "\(asked.occurrences)")
    }

    @Test("who is not named at all held an office, or none, on the document's day")
    func offices() throws {
        let held = try leaders("barack-obama", "It rained.", date: "2010-01-01")
        #expect(held?.occurrences.isEmpty == true)
        #expect(held?.remarks.first?.hasPrefix("on 2010-01-01 Barack Obama was President") == true)
        let left = try leaders("barack-obama", "It rained.", date: "2018-01-01")
        #expect(
            left?.remarks == ["on 2018-01-01 Barack Obama held no office of the dictionary"]
        )
    }

    @Test("a topic below its threshold says what it scores, and by what")
    func scores() throws {
        let asked = try #require(try topics("syria", "A word on Syria."))
        #expect(!asked.isFound)
        #expect(asked.score?.reached == 2 && asked.score?.needed == 3)
        #expect(asked.remarks == ["“Syria” ×1 at weight 2.0 is 2.0"])
        let twice = try #require(try topics("syria", "A word.", title: "On Syria"))
        #expect(twice.isFound && twice.score?.reached == 4)
    }

    @Test("a term within a longer one is told by the longer one")
    func longer() throws {
        let asked = try #require(try topics("energy", "The oil price rose; South Sudan."))
        #expect(asked.occurrences.map(\.text) == ["oil price"] && asked.isFound)
        let sudan = try #require(try topics("sudan", "South Sudan."))
        #expect(!sudan.isFound && sudan.occurrences.first?.reason.hasPrefix("weight 0") == true)
    }
}
