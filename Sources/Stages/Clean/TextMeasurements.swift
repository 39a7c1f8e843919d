internal import Bytes
internal import Events

/// What is measured of every cleaned body, whether or not a requirement asks for it.
struct TextMeasurements: Equatable {
    /// The number of words.
    static let words = "words"
    /// The share of letters among the characters that are not white space.
    static let letters = "letters"
    /// The share of repeated lines, by bytes, among the lines that are not empty.
    static let repeatedLines = "repeated_lines"
    /// The length in bytes.
    static let bytes = "bytes"

    var wordCount: Int
    var letterShare: Double
    var repeatedLineShare: Double
    var byteCount: Int

    /// Measures a text whose words are counted already; O(n), two passes.
    init(of text: Span<UInt8>, words: Int) {
        wordCount = words
        byteCount = text.count
        letterShare = LetterShare.of(text)
        repeatedLineShare = RepeatedLines.share(of: text)
    }

    /// The measurements as `document.cleaned` records them.
    var recorded: [DocumentCleaned.Measurement] {
        [
            DocumentCleaned.Measurement(name: Self.words, value: Double(wordCount)),
            DocumentCleaned.Measurement(name: Self.letters, value: letterShare),
            DocumentCleaned.Measurement(name: Self.repeatedLines, value: repeatedLineShare),
            DocumentCleaned.Measurement(name: Self.bytes, value: Double(byteCount)),
        ]
    }

    /// A share rounded to four places: what is recorded is what is decided on.
    static func share(_ part: Int, of whole: Int) -> Double {
        guard whole > 0 else { return 0 }
        return (Double(part) / Double(whole) * 10_000).rounded() / 10_000
    }
}

/// The share of bytes that lie in lines which stood there before.
enum RepeatedLines {
    static func share(of text: Span<UInt8>) -> Double {
        var seen: Set<UInt64> = []
        var total = 0
        var repeated = 0
        var start = 0
        while start < text.count {
            let end = text.firstIndex(of: 0x0A, from: start) ?? text.count
            let length = end - start
            if length > 0 {
                total += length
                // A text of one line repeats nothing.
                if length < text.count {
                    let hash = Hash64.hash(text.extracting(start..<end))
                    if !seen.insert(hash).inserted { repeated += length }
                }
            }
            start = end + 1
        }
        return TextMeasurements.share(repeated, of: total)
    }
}
