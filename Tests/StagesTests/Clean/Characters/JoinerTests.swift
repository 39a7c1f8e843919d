import Testing

@testable import Stages

@Suite("Joiners")
struct JoinerTests {
    @Test(
        "a joiner stays where a script needs it",
        arguments: [
            "می\u{200C}خواهم",
            "क्\u{200D}ष",
            "ന്\u{200D} അവൻ",
            "👩\u{200D}🚀",
            "❤\u{FE0F}\u{200D}🔥",
        ]
    )
    func kept(text: String) throws {
        let cleaned = try cleanCharacters(text)
        #expect(Array(cleaned.body.utf8) == Array(text.utf8))
        #expect(cleaned.count("zero-width") == 0)
    }

    @Test(
        "a joiner anywhere else is removed and counted",
        arguments: [
            ("Pu\u{200D}tin", "Putin"), ("\u{200C}می", "می"), ("می\u{200C} خواهم", "می خواهم"),
            ("a\u{200D}", "a"), ("می\u{200C}a", "میa"),
        ]
    )
    func removed(text: String, expected: String) throws {
        let cleaned = try cleanCharacters(text)
        #expect(Array(cleaned.body.utf8) == Array(expected.utf8))
        #expect(cleaned.count("zero-width") == 1)
    }
}
