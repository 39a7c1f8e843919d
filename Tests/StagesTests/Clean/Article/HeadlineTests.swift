import Events
import Testing

@testable import Stages

@Suite("Rule: headline")
struct HeadlineTests {
    private static let prose = "The two presidents met in Moscow on Tuesday, officials said."

    @Test(
        "a first line without a full stop above prose is the title",
        arguments: [
            "Putin meets Trump", "Will Putin meet Trump?", "Kremlin: talks go on",
            "“No deal”, says minister", "10 killed in blast", "Путин встретился с Трампом",
        ]
    )
    func taken(headline: String) throws {
        let cleaned = try clean("\(headline)\n\n\(Self.prose)")
        #expect(cleaned.fields.title == headline)
        #expect(cleaned.body == Self.prose)
        #expect(cleaned.removed(by: "headline") == [headline])
    }

    @Test("a subtitle between headline and prose stays")
    func subtitle() throws {
        let cleaned = try clean("Putin meets Trump\n\nTalks in Moscow\n\n\(Self.prose)")
        #expect(cleaned.fields.title == "Putin meets Trump")
        #expect(cleaned.body == "Talks in Moscow\n\n\(Self.prose)")
    }

    @Test("prose below it may be broken at a margin")
    func wrappedProse() throws {
        let prose = "The two presidents met\nPresident Assad in Moscow\non Tuesday, officials said."
        #expect(try clean("Putin meets Trump\n\n\(prose)").fields.title == "Putin meets Trump")
    }

    @Test(
        "other first lines stay",
        arguments: [
            "The two presidents met.", "Dear friends,", "the rest of a sentence", "Moscow",
            "The message reads:", "| 1 | 2 | 3 |", "- a point of a list", "2017 2018 2019",
        ]
    )
    func left(line: String) throws {
        let text = "\(line)\n\n\(Self.prose)"
        let cleaned = try clean(text)
        #expect(cleaned.fields.title == nil)
        #expect(cleaned.body == text)
    }

    @Test("a line that is all there is stays")
    func alone() throws {
        #expect(try clean("Putin meets Trump").body == "Putin meets Trump")
        #expect(try clean("Putin meets Trump\n\nSochi talks").fields.title == nil)
    }

    @Test("a sentence that was broken at the margin is no headline")
    func broken() throws {
        let text =
            "President Vladimir Putin signed\nExecutive Order On the Federal Archive Agency "
            + "and Executive Order On the Head of the Federal Archive Agency, the Kremlin said."
        let cleaned = try clean(text)
        #expect(cleaned.fields.title == nil)
        #expect(cleaned.body == text)
    }

    @Test("the source's title is kept; the same line on top of the body is removed")
    func sameAsTitle() throws {
        var fields = DocumentFields()
        fields.title = "Putin Meets Trump"
        let repeated = try clean("PUTIN MEETS TRUMP!\n\n\(Self.prose)", fields: fields)
        #expect(repeated.fields.title == "Putin Meets Trump")
        #expect(repeated.body == Self.prose)
        let other = try clean("Talks in Moscow\n\n\(Self.prose)", fields: fields)
        #expect(other.body == "Talks in Moscow\n\n\(Self.prose)")
        #expect(try clean("Putin meets Trump", fields: fields).body == "Putin meets Trump")
    }
}
