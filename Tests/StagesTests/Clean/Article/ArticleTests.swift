import Bytes
import Events
import Testing

@testable import Stages

@Suite("Article structure")
struct ArticleTests {
    private static let prose = "The two presidents met in Moscow on Tuesday, officials said."

    @Test("fields that the source gave are kept")
    func known() throws {
        var fields = DocumentFields()
        fields.byline = "The source"
        fields.published = CalendarDate(year: 2001, month: 1, day: 1)
        fields.tags = ["given"]
        let text = "By Jane Doe\nNovember 21, 2017\n\n\(Self.prose)\n\nTags: a, b"
        let cleaned = try clean(text, fields: fields)
        #expect(cleaned.fields.byline == "The source")
        #expect(cleaned.fields.published == CalendarDate(year: 2001, month: 1, day: 1))
        #expect(cleaned.fields.tags == ["given"])
        #expect(cleaned.body == Self.prose)
        #expect(cleaned.event.removed.map(\.rule) == ["byline", "date", "tags"])
    }

    @Test("lines in the middle of a text stay, whatever they look like")
    func middle() throws {
        let paragraphs = Array(repeating: Self.prose, count: 4)
        let odd = ["By Jane Doe", "November 21, 2017", "Source: AP", "Comments"]
        let text = (paragraphs + odd + paragraphs).joined(separator: "\n\n")
        #expect(try clean(text).body == text)
    }

    @Test("article: false leaves everything")
    func off() throws {
        var options = CleanOptions()
        options.article = false
        let text = "Putin meets Trump\n\nBy Jane Doe\n\n\(Self.prose)\n\nComments"
        let cleaned = try clean(text, options: options)
        #expect(cleaned.body == text)
        #expect(cleaned.fields.isEmpty)
    }

    @Test("gaps around what is taken out become one")
    func seams() throws {
        let text = "Photo: A/AP\n\(Self.prose)\nSource: AP\n\n\(Self.prose)\n\nComments\n\nShare"
        let cleaned = try clean(text)
        #expect(cleaned.body == "\(Self.prose)\n\n\(Self.prose)")
    }

    @Test("a text with more removals than an article has is left alone")
    func limit() throws {
        let text = Array(repeating: "Advertisement", count: 1000).joined(separator: "\n")
        let cleaned = try clean(text)
        #expect(cleaned.body == text)
        #expect(cleaned.event.removed.isEmpty)
    }

    @Test("a removal is recorded in full length and cut on the border of a code point")
    func removal() {
        let piece = Array(("a" + String(repeating: "é", count: 400)).utf8)
        let removal = Article.removal(piece.span, rule: "residue")
        #expect(removal.length == 801)
        #expect(removal.text.utf8.count == 511)
        #expect(removal.text.last == "é")
    }
}
