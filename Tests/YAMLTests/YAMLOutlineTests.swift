internal import Testing
internal import YAML

@Suite("YAML written")
struct YAMLOutlineTests {
    @Test("a tree reads as a person would write it")
    func block() throws {
        let text = """
            pipeline: news
            stages:
              - ingest:
                  from:
                    - a b
                    - "*.txt"
                  format: text
              - clean
              - deduplicate: {}
              - - 1
                - []
            empty: ""
            port: "8080"
            "a: b": ${env:HOME}
            quoted: "${env:PORT}"

            """
        #expect(YAMLOutline(try tree(text)).text == text)
    }

    @Test("whatever tree is written is read again as the same")
    func roundTrip() throws {
        for seed in 0..<500 {
            var random = SplitMix64(state: UInt64(seed))
            let written = Self.flow(depth: 0, &random)
            let first = try tree("top: " + written)
            let text = YAMLOutline(first).text
            let second = try tree(text)
            #expect(Self.same(first, second), "seed \(seed): \(written)\n\(text)")
        }
    }

    private static let words = [
        "a", "1", "-1", "0x1F", "1e5", "true", "no", "null", "~", "", " x ", "a: b", "a #b", "#",
        "- a", "?", "&a", "*a", "!x", "%", "@", "`", "'", "\"", "\\", "\n", "a\nb\n", "\t", "é",
        "\u{202E}", "\u{FEFF}", "\u{85}", "日本語", "${env:A}", "$${", "{a}", "[b]", "a,b", "a:",
        ":a", "...", "---", "<<", "=", "..5", "5..", "-x", "x-", "|", ">", "2017-01-01", "1_000",
    ]

    /// A value in flow style, every text in it quoted with escapes, or plain where it can be.
    private static func flow(depth: Int, _ random: inout SplitMix64) -> String {
        switch Int.random(in: 0..<(depth > 4 ? 2 : 4), using: &random) {
        case 0:
            return ["1", "-2.5", "true", "null", "word", "~"].randomElement(using: &random) ?? ""
        case 1: return quoted(words.randomElement(using: &random) ?? "")
        case 2:
            let items = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                flow(depth: depth + 1, &random)
            }
            return "[" + items.joined(separator: ", ") + "]"
        default:
            let keys = Set(
                (0..<Int.random(in: 0...3, using: &random)).map { _ in
                    words.randomElement(using: &random) ?? ""
                }
            ).sorted()
            return "{"
                + keys.map { quoted($0) + ": " + flow(depth: depth + 1, &random) }
                .joined(separator: ", ") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            let digits = String(scalar.value, radix: 16)
            escaped += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
        }
        return "\"" + escaped + "\""
    }

    private static func same(_ left: Node, _ right: Node) -> Bool {
        switch (left.kind, right.kind) {
        case (.scalar(let left), .scalar(let right)):
            left.isNull && right.isNull || left.text == right.text && left.meaning == right.meaning
        case (.sequence(let left), .sequence(let right)):
            left.count == right.count && zip(left, right).allSatisfy(same)
        case (.mapping(let left), .mapping(let right)):
            left.keys == right.keys
                && zip(left.entries, right.entries).allSatisfy { same($0.value, $1.value) }
        default: false
        }
    }
}
