import Testing

@testable import Stages

@Suite("Measurements of a text")
struct TextMeasurementTests {
    private func measure(_ text: String) -> TextMeasurements {
        TextMeasurements(of: Array(text.utf8).span, words: 0)
    }

    @Test(
        "letters are counted among what is not white space",
        arguments: [
            ("abcd", 1.0), ("ab12", 0.5), ("ab 12\n", 0.5), ("", 0), ("1234", 0),
            ("Größe!", 0.8333), ("Москва 12", 0.75), ("東京", 1), ("“ab”", 0.5),
            ("aaaaaaaaaaaaaaaa1111111111111111", 0.5),
        ]
    )
    func letters(text: String, share: Double) {
        #expect(measure(text).letterShare == share)
    }

    @Test("letters are counted alike in blocks and one by one")
    func blocks() {
        let text = String(repeating: "Ab1 .zZ[`{@é", count: 3000)
        #expect(measure(text).letterShare == 0.4545)
    }

    @Test(
        "repeated lines are counted by their bytes",
        arguments: [
            ("a\na", 0.5), ("a\nb", 0), ("aaa\nb\naaa\nb", 0.5), ("a", 0), ("", 0),
            ("a\n\na\n\na", 0.6667),
        ]
    )
    func repeatedLines(text: String, share: Double) {
        #expect(measure(text).repeatedLineShare == share)
    }
}
