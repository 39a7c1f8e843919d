import Events
import Testing

@testable import Stages

@Suite("Characters")
struct CharacterPassTests {
    @Test(
        "each rule about characters does its work and counts it",
        arguments: [
            ("a\r\nb\rc", "a\nb\nc", "line-ends", 2),
            ("a\u{85}b\u{2028}c\u{2029}d\u{B}e\u{C}f", "a\nb\nc\nd\ne\nf", "line-ends", 5),
            ("a\u{0}b\u{1B}[1mc\u{7F}\u{9F}", "ab[1mc", "controls", 4),
            (
                "zero\u{200B} width\u{FEFF} soft\u{AD}hyphen", "zero width softhyphen",
                "zero-width", 3
            ),
            ("word\u{2060}joiner\u{180E}", "wordjoiner", "zero-width", 2),
            ("left\u{200E} right\u{202E} isolate\u{2066}", "left right isolate", "bidi", 3),
            (
                "no\u{A0}break\tthin\u{2009}ideographic\u{3000}space",
                "no break thin ideographic space",
                "odd-spaces", 4
            ),
            ("a  b   c d", "a b c d", "spaces", 2),
            ("a \nb", "a\nb", "spaces", 1),
            ("  a\n b  ", "a\nb", "spaces", 3),
            ("a\n\n\nb\n\n\n\nc", "a\n\nb\n\nc", "blank-lines", 2),
            ("\n\na\n", "a", "blank-lines", 2),
            ("a &amp; b", "a & b", "entities", 1),
            ("e\u{301}te\u{301} ete", "été ete", "unicode", 2),
        ]
    )
    func rules(text: String, expected: String, rule: String, count: Int) throws {
        let cleaned = try cleanCharacters(text)
        #expect(Array(cleaned.body.unicodeScalars) == Array(expected.unicodeScalars))
        #expect(cleaned.count(rule) == count)
        #expect(cleaned.event.removed.isEmpty)
    }

    @Test(
        "clean text is left as it is, without a copy",
        arguments: [
            "", "a", "One line.", "Two\nlines.", "Two\n\nparagraphs.",
            "“Curly” — dashes … Größe, Москва, Αθήνα, 東京 2020%",
        ]
    )
    func untouched(text: String) throws {
        #expect(CleanText.clean(Array(text.utf8), form: .nfc) == nil)
        let cleaned = try cleanCharacters(text)
        #expect(cleaned.body == text)
        #expect(cleaned.event.rules.isEmpty)
    }

    @Test("a semicolon alone costs a pass but changes nothing")
    func semicolon() throws {
        #expect(CleanText.clean(Array("one; two &c; three".utf8), form: .nfc) == nil)
    }

    @Test("white space alone leaves nothing", arguments: [" ", "\n\n\n", "\u{A0}\t\r\n \u{200B}"])
    func onlyWhiteSpace(text: String) throws {
        #expect(try cleanCharacters(text).body.isEmpty)
    }

    @Test("a space beside a block of eight bytes is collapsed wherever it stands")
    func spacesAtEveryOffset() throws {
        for offset in 0..<24 {
            let word = String(repeating: "x", count: offset)
            let cleaned = try cleanCharacters("\(word)a  b \n c; \(word)")
            #expect(cleaned.body == "\(word)a b\nc; \(word)".trimmed)
        }
    }

    @Test("bytes that are no UTF-8 become U+FFFD, each counted")
    func invalid() throws {
        let cleaned = try clean([0x61, 0xFF, 0xE2, 0x80, 0x20, 0x62, 0xC0, 0xAF, 0xED, 0xA0, 0x80])
        #expect(
            cleaned.body == "a\u{FFFD}\u{FFFD}\u{FFFD} b\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"
        )
        #expect(cleaned.count("invalid") == 8)
    }

    @Test("a replacement character of the source is no invalid byte")
    func replacementCharacter() throws {
        let cleaned = try cleanCharacters("a\u{FFFD}b")
        #expect(cleaned.body == "a\u{FFFD}b")
        #expect(cleaned.count("invalid") == 0)
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = Substring(self)
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
