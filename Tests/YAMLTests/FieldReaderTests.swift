internal import Testing
internal import YAML

@Suite("Field reader")
struct FieldReaderTests {
    private enum Format: String, CaseIterable {
        case text
        case jsonl
        case csv
    }

    private struct Near: Equatable {
        var threshold: Double
        var shingle: Int
    }

    private func read<Result>(
        _ text: String,
        _ body: (inout FieldReader) -> Result,
    ) throws -> (result: Result, bag: DiagnosticBag) {
        var bag = DiagnosticBag()
        let node = try tree(text)
        let result = FieldReader.read(node, context: "stage x", into: &bag, body)
        return (result, bag)
    }

    @Test("every kind of value is read")
    func values() throws {
        let text = """
            name: no
            count: 0x10
            share: 1
            on: true
            words: 20..100000
            least: 20..
            most: ..100
            score: 0.2..0.8
            shingle: 5 words
            one: 1 word
            timeout: 2 min
            format: jsonl
            from: a.txt
            list: [a, 1]
            """
        let (_, bag) = try read(text) { reader in
            #expect(reader.string("name") == "no")
            #expect(reader.integer("count", in: 1...16) == 16)
            #expect(reader.double("share", in: 0...1) == 1)
            #expect(reader.bool("on") == true)
            #expect(reader.range("words") == 20...100_000)
            #expect(reader.range("least") == 20...Int.max)
            #expect(reader.range("most", in: 1...1_000) == 1...100)
            #expect(reader.optionalDoubleRange("score") == 0.2...0.8)
            #expect(reader.quantity("shingle", unit: "words") == 5)
            #expect(reader.quantity("one", unit: "words") == 1)
            #expect(reader.quantity("timeout", units: ["s": 1, "min": 60], default: 30) == 120)
            #expect(reader.choice("format", default: Format.text) == .jsonl)
            #expect(reader.strings("from") == ["a.txt"])
            #expect(reader.strings("list") == ["a", "1"])
        }
        #expect(bag.isEmpty)
    }

    @Test("an absent key gives the default or nothing")
    func defaults() throws {
        let (_, bag) = try read("{}") { reader in
            #expect(reader.string("a", default: "x") == "x")
            #expect(reader.integer("b", default: 3) == 3)
            #expect(reader.double("c", in: 0...1, default: 0.8) == 0.8)
            #expect(reader.bool("d", default: true) == true)
            #expect(reader.optionalString("e") == nil)
            #expect(reader.optionalRange("f") == nil)
            #expect(reader.strings("g", default: ["y"]) == ["y"])
            #expect(reader.quantity("h", unit: "words", default: 5) == 5)
            #expect(reader.choice("i", default: Format.csv) == .csv)
            #expect(reader.optionalMapping("j") { _ in 1 } == nil)
            let hasKey = reader.has("k")
            #expect(!hasKey)
        }
        #expect(bag.isEmpty)
    }

    @Test("mappings inside are read by readers of their own")
    func nested() throws {
        let text = "near: {threshold: 0.7}\nlist: [{a: 1}, {a: 2}]\nempty:\n"
        let (_, bag) = try read(text) { reader in
            let near = reader.optionalMapping("near") { near in
                Near(
                    threshold: near.double("threshold", in: 0...1, default: 0.8),
                    shingle: near.quantity("shingle", unit: "words", default: 5),
                )
            }
            #expect(near == Near(threshold: 0.7, shingle: 5))
            #expect(reader.optionalMappings("list") { $0.integer("a") } == [1, 2])
            #expect(reader.mapping("empty") { $0.integer("a", default: 9) } == 9)
        }
        #expect(bag.isEmpty)
    }

    @Test("nothing at all is an empty mapping")
    func nothing() throws {
        let root = try tree("- clean:\n")
        let options = try #require(root.sequence?.first?["clean"])
        var bag = DiagnosticBag()
        let value = FieldReader.read(options, context: "stage clean", into: &bag) {
            $0.bool("article", default: true)
        }
        #expect(value)
        #expect(bag.isEmpty)
    }

    @Test("a mapping with keys of the user's own has no unknown ones")
    func ownKeys() throws {
        let (keys, bag) = try read("leaders: 1\ntopics: 2\n") { reader in
            reader.entries().compactMap(\.key.text)
        }
        #expect(keys == ["leaders", "topics"])
        #expect(bag.isEmpty)
    }

    @Test("a rule of the caller's own is read like any other")
    func ownRule() throws {
        let even = ScalarRule<Int>.parsed(as: "an even number", placeholder: 0) { text in
            Int(text).flatMap { $0.isMultiple(of: 2) ? $0 : nil }
        }
        let (_, bag) = try read("a: 4\nb: 5\nc: [2, 3, 4]\n") { reader in
            #expect(reader.required("a", even) == 4)
            #expect(reader.optional("b", even) == nil)
            #expect(reader.optionalList("c", of: even) == [2, 4])
        }
        #expect(
            bag.diagnostics.map(\.message) == [
                "\"b\" must be an even number, not the integer 5",
                "item 2 of \"c\" must be an even number, not the integer 3",
            ]
        )
    }

    @Test("a type that is made from text needs no rule")
    func ownType() throws {
        let (_, bag) = try read("a: 2a\nb: 7f\nc: zz\n") { reader in
            #expect(reader.value("a", as: "a hex number") { Int($0, radix: 16) } == 42)
            #expect(reader.optionalValue("b", as: "a hex number") { Int($0, radix: 16) } == 127)
            #expect(reader.value("c", as: "a hex number") { Int($0, radix: 16) } == nil)
            #expect(reader.optionalValue("d", as: "a hex number") { Int($0, radix: 16) } == nil)
        }
        #expect(bag.diagnostics.map(\.found) == ["the string \"zz\""])
    }

    @Test("a caller reports at any node, in an area of its own")
    func ownDiagnostics() throws {
        var bag = DiagnosticBag()
        let root = try tree("a: 1\nb: 2\n")
        FieldReader.read(root, context: "the entry", area: "dictionary", into: &bag) { reader in
            guard let node = reader.node("a") else { return }
            reader.warning(
                "dictionary.short",
                "one letter matches too much",
                at: node,
                hint: "longer"
            )
        }
        #expect(bag.errors.map(\.code) == ["dictionary.unknown-key"])
        #expect(
            bag.warnings.map { $0.rendered() } == [
                """
                p.yaml:1:4: warning: one letter matches too much [dictionary.short]
                  1 | a: 1
                    |    ^
                  hint: longer
                """
            ]
        )
    }

    @Test("missing keys point at the mapping that lacks them")
    func missing() throws {
        let (_, bag) = try read("a: 1\nsub: {}\n") { reader in
            _ = reader.integer("a")
            _ = reader.range("words")
            reader.mapping("sub") { _ = $0.choice("format", of: ["text", "csv"]) }
        }
        #expect(
            bag.sorted().map { $0.rendered() } == [
                """
                p.yaml:1:1: error: stage x lacks "words" (a range of integers of at least 0) \
                [pipeline.missing-key]
                  1 | a: 1
                    | ^
                  hint: add "words: …"
                """,
                """
                p.yaml:2:6: error: "sub" of stage x lacks "format" ("text" or "csv") \
                [pipeline.missing-key]
                  2 | sub: {}
                    |      ^~
                  hint: add "format: …"
                """,
            ]
        )
    }

    @Test("an item with two names points at the second")
    func twoNames() throws {
        var bag = DiagnosticBag()
        let item = try #require(try tree("- clean: {}\n  export: {}\n").sequence?.first)
        let variant = bag.variant(item, noun: "stage")
        #expect(variant == nil)
        #expect(
            bag.diagnostics.first?.rendered() == """
                p.yaml:2:3: error: a stage must be one name with its options, \
                not a mapping with 2 keys [pipeline.type]
                  2 |   export: {}
                    |   ^~~~~~
                  hint: begin each stage with "- ", and indent its options under its name
                """
        )
    }

    @Test("a misspelt required key is one mistake, not two")
    func misspelt() throws {
        let (_, bag) = try read("treshold: 0.8\n") { _ = $0.double("threshold") }
        #expect(bag.diagnostics.map(\.code) == ["pipeline.unknown-key"])
        #expect(bag.diagnostics.first?.hint == "did you mean \"threshold\"?")
    }

    @Test("a reader knows what it was asked for")
    func fields() throws {
        let (fields, _) = try read("a: 1\n") { reader in
            _ = reader.integer("a", in: 0...9)
            _ = reader.optionalString("b")
            return reader.fields
        }
        #expect(fields.map(\.key) == ["a", "b"])
        #expect(fields.map(\.expected) == ["an integer from 0 to 9", "a string"])
        #expect(fields.map(\.isRequired) == [true, false])
    }

    @Test(
        "an item is a name with options, or a name alone",
        arguments: ["- x: {a: 1}", "- x:", "- x"]
    )
    func variant(_ text: String) throws {
        var bag = DiagnosticBag()
        let item = try #require(try tree(text).sequence?.first)
        let variant = bag.variant(item, noun: "stage")
        let (name, options) = try #require(variant)
        #expect(name.text == "x")
        #expect(options.isNull || options["a"]?.text == "1")
        #expect(bag.isEmpty)
    }
}
