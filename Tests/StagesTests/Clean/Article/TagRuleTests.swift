import Events
import Testing

@testable import Stages

@Suite("Rule: tags")
struct TagRuleTests {
    @Test(
        "tags are split",
        arguments: [
            (
                "Russia, Putin, USA, Trump, meeting, G20, Syria",
                ["Russia", "Putin", "USA", "Trump", "meeting", "G20", "Syria"]
            ),
            ("Tags: Syria, G20 summit", ["Syria", "G20 summit"]),
            ("Filed under: Politics", ["Politics"]),
            ("Keywords: a; b | c", ["a", "b", "c"]),
            ("#Syria #G20", ["Syria", "G20"]),
        ]
    )
    func taken(line: String, tags: [String]) {
        #expect(take(.tags, line, at: .foot)?.tags == tags)
    }

    @Test(
        "lists that are no tags stay",
        arguments: [
            "Russia, Putin, Trump",
            "Russia, Ukraine, Belarus and Kazakhstan, Armenia",
            "Angela Merkel, Emmanuel Macron, Theresa May, Donald Trump",
            "He came, he saw, he spoke, he went.",
            "Moscow, Kremlin, May 7, 2012.",
            "one, two, three, four",
            "Topics: the talks covered trade, energy and Syria.",
            "#Syria and more",
        ]
    )
    func left(line: String) {
        #expect(take(.tags, line, at: .foot) == nil)
    }

    @Test("a bare list is a tag line at the very foot alone")
    func place() throws {
        let list = "Russia, Putin, USA, Syria"
        #expect(take(.tags, list, at: .head) == nil)
        let text = "\(list)\n\nA sentence that is long enough for prose.\n\n\(list)\n\nSigned"
        #expect(try clean(text).fields.tags == [])
    }
}
