internal import Testing
internal import YAML

@Suite("Limits")
struct LimitTests {
    @Test(
        "each limit is refused with its place",
        arguments: [
            ("aaaa: bbbb", YAMLLimits(inputBytes: 9), "p.yaml: ", "yaml.too-large"),
            ("[[[[1]]]]", YAMLLimits(depth: 3), "p.yaml:1:4: ", "yaml.too-deep"),
            ("a:\n b:\n  c:\n   d: 1", YAMLLimits(depth: 3), "p.yaml:4:4: ", "yaml.too-deep"),
            ("- - - - 1", YAMLLimits(depth: 3), "p.yaml:1:7: ", "yaml.too-deep"),
            ("[1, 2, 3]", YAMLLimits(nodes: 3), "p.yaml:1:8: ", "yaml.too-many-nodes"),
            ("a: [x]\nb: xyz1", YAMLLimits(scalarBytes: 3), "p.yaml:2:4: ", "yaml.scalar-too-long"),
            ("abcd: 1", YAMLLimits(scalarBytes: 3), "p.yaml:1:1: ", "yaml.scalar-too-long"),
            (
                "a: &a [1, 2]\nb: [*a, *a]", YAMLLimits(aliasedNodes: 5), "p.yaml:2:9: ",
                "yaml.alias-expansion"
            ),
            ("a: &a [1]\nb: *a", YAMLLimits(nodes: 6), "p.yaml:2:4: ", "yaml.too-many-nodes"),
            ("a: &a [[1]]\nb: [*a]", YAMLLimits(depth: 3), "p.yaml:2:5: ", "yaml.too-deep"),
        ]
    )
    func refused(_ text: String, _ limits: YAMLLimits, _ place: String, _ code: String) {
        let complaint = complaint(text, limits: limits)
        #expect(complaint.hasPrefix(place + "error: "), "\(complaint)")
        #expect(complaint.contains("[\(code)]"), "\(complaint)")
    }

    @Test(
        "what just meets a limit is accepted",
        arguments: [
            ("aaaa: bbbb", YAMLLimits(inputBytes: 10)),
            ("[[[1]]]", YAMLLimits(depth: 3)),
            ("[1, 2, 3]", YAMLLimits(nodes: 4)),
            ("xyz: abc", YAMLLimits(scalarBytes: 3)),
            ("a: &a [1, 2]\nb: [*a, *a]", YAMLLimits(aliasedNodes: 6)),
            ("a: &a [[1]]\nb: *a", YAMLLimits(depth: 3)),
        ]
    )
    func accepted(_ text: String, _ limits: YAMLLimits) {
        #expect(complaint(text, limits: limits) == "")
    }

    @Test("an alias bomb is refused by its first expansion too many")
    func bomb() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...30 {
            let alias = "*a\(level - 1)"
            let items = Array(repeating: alias, count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(items)]\n"
        }
        let complaint = complaint(text)
        #expect(complaint.hasPrefix("p.yaml:5:"), "\(complaint)")
        #expect(complaint.contains("[yaml.alias-expansion]"))
    }

    @Test("a hundred thousand brackets cost neither time nor stack")
    func brackets() {
        for opening in ["[", "{a: ", "- ", "? "] {
            let complaint = complaint(String(repeating: opening, count: 100_000))
            #expect(complaint.contains("[yaml.too-deep]"), "\(complaint.prefix(300))")
        }
    }

    @Test("duplicates of a large mapping are all found, whichever search is used")
    func manyDuplicates() throws {
        let keys = (0..<40).map { "k\($0): \($0)\n" }.joined()
        let errors = #expect(throws: YAMLErrors.self) { try tree(keys + keys) }
        #expect(errors?.diagnostics.count == 40)
        #expect(errors?.diagnostics.allSatisfy { $0.code == YAMLCode.duplicateKey } == true)
        #expect(errors?.diagnostics.first?.range?.start.line == 41)
    }

    @Test("a bag keeps a thousand diagnostics and counts the rest")
    func bagLimit() throws {
        let node = try tree("a")
        var bag = DiagnosticBag()
        for _ in 0..<DiagnosticBag.limit { bag.warning("t.w", "doubtful", at: node) }
        #expect(!bag.hasErrors)
        bag.error("t.e", "wrong", at: node)
        #expect(bag.hasErrors)
        #expect(bag.diagnostics.count == DiagnosticBag.limit)
        #expect(bag.omittedCount == 1)
    }

    @Test("a large mapping is looked up by key, in the order of the file")
    func largeMapping() throws {
        let text = (0..<1_000).map { "key-\($0): \($0)\n" }.joined()
        let mapping = try #require(try tree(text).mapping)
        #expect(mapping.count == 1_000)
        #expect(mapping.keys.last == "key-999")
        #expect(mapping["key-500"]?.text == "500")
        #expect(mapping["key-1000"] == nil)
    }
}
