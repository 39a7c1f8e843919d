import Pipeline
import Testing

@testable import Stages

/// Texts that are made to be slow; each would take minutes if cleaning it were not linear.
@Suite("Hostile texts")
struct HostileTextTests {
    @Test(
        "a long text of one thing is cleaned in time that grows with its length",
        .timeLimit(.minutes(2)),
        arguments: [
            "\n", " ", "a", "word ", "Advertisement\n", "MOSCOW — ", "&", "&#59", "&amp;amp;", ";",
            "\u{200D}", "क्\u{200D}", "\u{301}\u{323}", "\u{1100}\u{1161}", "a, ", "a\n\n",
            "&#8203;", "(((", "By ", "By Jane Doe, ", " / AFP", "\u{FEFF}",
        ]
    )
    func repeated(piece: String) throws {
        let unit = Array(piece.utf8)
        var text: [UInt8] = []
        while text.count < 300_000 { text += unit }
        let once = try clean(text)
        let twice = try clean(once.document.body, fields: once.fields)
        #expect(twice.document.body == once.document.body)
    }
}
