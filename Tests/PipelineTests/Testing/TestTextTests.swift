internal import Bytes
internal import Stages
internal import Testing
internal import YAML

@testable internal import Pipeline

/// What tests are written and compared with, on texts that nobody would think of.
@Suite("Texts of tests")
struct TestTextTests {
    private static let pieces = [
        "a", "word", " ", "  ", "\n", "\n\n", "\t", "\r", "${env:X}", "$${", "$", "{", "#", ": ",
        "- ",
        "\"", "'", "\\", "é", "e\u{301}", "😀", "\u{2028}", "\u{85}", "\u{200B}", "no", "1.5", "~",
        "...", "---", "|", "[", "]", ",", "&x", "*x", "!t", "%", "@", "`",
    ]

    private static func text(_ random: inout SystemRandomNumberGenerator) -> String {
        (0..<Int.random(in: 0...12, using: &random))
            .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    }

    @Test("any text is read back as it was written, in a line or in lines of its own")
    func roundTrip() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<3_000 {
            let text = Self.text(&random)
            for written in [
                "k: " + YAMLText.inline(text), "k: [\(YAMLText.inline(text))]",
                "k: " + YAMLText.scalar(text, indent: 0) + "\nl: 1",
            ] {
                var diagnostics = DiagnosticBag()
                let tree = try YAMLParser.parse(YAMLSource(name: "t", text: written + "\n"))
                let node = Substitution.apply(
                    to: tree,
                    environment: [:],
                    into: &diagnostics
                )
                let value = node["k"]?.sequence?.first ?? node["k"]
                #expect(value?.scalar.map { Array($0.text.utf8) } == Array(text.utf8), "\(written)")
                #expect(value?.scalar?.meaning == .text, "\(written)")
                #expect(!diagnostics.hasErrors)
            }
        }
    }

    @Test("a difference holds both texts, word by word")
    func difference() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<1_000 {
            let (old, new) = (Self.text(&random), Self.text(&random))
            var (left, right) = ("", "")
            for part in WordDifference(from: old, to: new).parts {
                switch part {
                case .same(let text): (left, right) = (left + text, right + text)
                case .removed(let text): left += text
                case .added(let text): right += text
                }
            }
            #expect(Array(left.utf8) == Array(old.utf8) && Array(right.utf8) == Array(new.utf8))
        }
    }

    @Test("expectations made at random are refused or read, and never trap")
    func random() {
        var random = SystemRandomNumberGenerator()
        let words = [
            "name", "documents", "expect", "from", "to", "id", "text", "file", "a", "kept",
            "dropped",
            "duplicate", "of", "fields", "title", "tags", "annotations", "removed", "projections",
            "value", "..", "1..0", ">= x", "0.5..", "~", "true", "clean", "ingest", "exported",
        ]
        func tree(_ depth: Int) -> String {
            switch depth == 0 ? 0 : Int.random(in: 0...3, using: &random) {
            case 0: return words.randomElement(using: &random) ?? "a"
            case 1:
                let items = (0..<Int.random(in: 0...3, using: &random)).map { _ in tree(depth - 1) }
                return "[" + items.joined(separator: ", ") + "]"
            default:
                let keys = words.shuffled(using: &random).prefix(
                    Int.random(in: 0...5, using: &random)
                )
                return "{" + keys.map { "\"\($0)\": \(tree(depth - 1))" }.joined(separator: ", ")
                    + "}"
            }
        }
        for _ in 0..<3_000 {
            let text = "[\(tree(5)), {name: n, documents: [{id: a, text: x}], expect: \(tree(4))}]"
            guard let node = try? YAMLParser.parse(YAMLSource(name: "t", text: text)) else {
                continue
            }
            var reader = PipelineTestReader(
                stages: ["ingest", "clean", "export"],
                annotators: ["leaders"],
                projections: ["topics"]
            )
            for test in reader.read(node) {
                for expectation in test.expectations {
                    var check = ExpectationCheck(subject: "a")
                    check.document(expectation, .map([CBORValue.Pair("outcome", .text("kept"))]))
                }
            }
        }
    }
}
