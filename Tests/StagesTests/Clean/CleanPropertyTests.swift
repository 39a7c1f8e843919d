import Bytes
import Events
import Pipeline
import Testing

@testable import Stages

/// Random texts; `ANNALS_PROPERTY_COUNT` sets how many of each kind.
@Suite("Properties of cleaning")
struct CleanPropertyTests {
    private static let count = TestEnvironment.integer("ANNALS_PROPERTY_COUNT") ?? 300

    @Test("cleaning what was cleaned changes nothing", arguments: TextGenerator.Kind.allCases)
    func idempotent(kind: TextGenerator.Kind) throws {
        for seed in 0..<Self.count {
            var generator = TextGenerator(seed: UInt64(seed))
            let text = generator.text(of: kind)
            let once = try clean(text)
            let twice = try clean(once.document.body, fields: once.fields)
            try #require(twice.document.body == once.document.body, "seed \(seed)")
            try #require(twice.event.rules.isEmpty, "seed \(seed): \(twice.event.rules)")
            try #require(twice.fields == once.fields, "seed \(seed)")
        }
    }

    @Test(
        "the result is UTF-8, and NFC by the standard library",
        arguments: TextGenerator.Kind.allCases
    )
    func valid(kind: TextGenerator.Kind) throws {
        for seed in 0..<Self.count {
            var generator = TextGenerator(seed: UInt64(seed))
            let body = try clean(generator.text(of: kind)).document.body
            let text = try #require(String(validating: body, as: UTF8.self), "seed \(seed)")
            try #require(Array(text.utf8) == Array(nfc(text).utf8), "seed \(seed)")
        }
    }

    @Test("body and removals hold every word of the text, no more and no less")
    func nothingLost() throws {
        var options = CleanOptions()
        options.article = false
        for seed in 0..<Self.count {
            var generator = TextGenerator(seed: UInt64(seed))
            let text = generator.text(of: .article)
            let whole = try clean(text, options: options)
            let split = try clean(text)
            var words = hashes(split.document.body)
            for removal in split.event.removed { words += hashes(Array(removal.text.utf8)) }
            try #require(words.sorted() == hashes(whole.document.body).sorted(), "seed \(seed)")
        }
    }

    private func hashes(_ text: [UInt8]) -> [UInt64] {
        var tokens: [WordToken] = []
        WordTokenizer.tokenize(text.span, into: &tokens)
        return tokens.map(\.hash)
    }
}
