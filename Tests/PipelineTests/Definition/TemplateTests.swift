internal import Pipeline
internal import Testing
internal import YAML

@Suite("Stage templates")
struct TemplateTests {
    private static func folder(_ templates: String, _ use: String) throws -> DefinitionFolder {
        try DefinitionFolder([
            "p.yaml": """
            pipeline: news
            templates:
            \(templates)
            stages:
              - ingest: {from: [news]}
            \(use)
              - export: {to: out/news.jsonl}

            """
        ])
    }

    private static let tidy = """
          tidy:
            parameters: {words: {default: 20}, near: {}, unicode: {default: nfc}}
            stages:
              - clean: {unicode: "${param:unicode}", require: {words: "${param:words}..900"}}
              - deduplicate: {near: "${param:near}"}
        """

    @Test("a parameter alone is a value of any kind; inside a text it is a word or a number")
    func typed() throws {
        let folder = try Self.folder(
            Self.tidy,
            "  - use: {template: tidy, with: {words: 30, near: {threshold: 0.9}}}"
        )
        let pipeline = try #require(folder.load().pipeline, "\(folder.complaint())")
        #expect(pipeline.stages.map(\.name) == ["ingest", "clean", "deduplicate", "export"])
        let values = try #require(folder.effective()).values
        func value(_ path: String) -> String? {
            values.first { $0.path.joined(separator: "/") == path }?.scalar.text
        }
        #expect(value("stages/1/clean/require/words") == "30..900")
        #expect(value("stages/2/deduplicate/near/threshold") == "0.9")
        #expect(value("stages/1/clean/unicode") == "nfc")
    }

    @Test("a template makes the same pipeline as its stages written out")
    func same() throws {
        let used = try Self.folder(Self.tidy, "  - use: {template: tidy, with: {near: false}}")
        let written = try Self.folder(
            "  other: {stages: [clean]}",
            """
              - clean: {unicode: nfc, require: {words: 20..900}}
              - deduplicate: {near: false}
            """
        )
        let left = try #require(used.load().pipeline).fingerprints
        let right = try #require(written.load().pipeline).fingerprints
        #expect(left == right)
    }

    @Test(
        "a use that does not fit is an error at its place, with a note at the template",
        arguments: [
            (
                "use: tdy", "error: there is no template \"tdy\" [template.unknown]",
                "did you mean \"tidy\"?"
            ),
            (
                "use: {template: tidy, with: {near: false, word: 1}}",
                "error: template \"tidy\" has no parameter \"word\"", "did you mean \"words\"?"
            ),
            (
                "use: tidy", "error: template \"tidy\" needs the parameter \"near\"",
                "add \"near: …\""
            ),
            (
                "use: {template: tidy, wth: {near: false}}", "error: unknown key \"wth\"",
                "did you mean \"with\"?"
            ), ("use:", "\"use\" lacks \"template\"", "add \"template: …\""),
            ("use", "\"use\" lacks \"template\"", "add \"template: …\""),
            (
                "use: {template: tidy, with: {near: false, words: [1]}}",
                "it must be a word or a number, not a list", "give it a word or a number"
            ),
            (
                "use: {template: tidy, with: {near: false, words: ~}}",
                "it must be a word or a number, not null", "give it a word or a number"
            ),
            (
                "use: {template: tidy, with: {near: false, words: many}}",
                "\"words\" must be a range of integers", "used here"
            ),
        ]
    )
    func wrong(use: String, message: String, hint: String) throws {
        let complaint = try Self.folder(Self.tidy, "  - " + use).complaint()
        #expect(complaint.contains(message), "\(complaint)")
        #expect(complaint.contains(hint), "\(complaint)")
        // What the missing stages would have been is not complained of.
        #expect(!complaint.contains("unknown-stage"), "\(complaint)")
    }

    @Test("the place of use is shown, and the template's own place beside it")
    func places() throws {
        let complaint = try Self.folder(
            Self.tidy,
            "  - use: {template: tidy, with: {near: false, word: 1}}"
        ).complaint()
        #expect(
            complaint == """
                p.yaml:10:47: error: template "tidy" has no parameter "word" \
                [template.unknown-parameter]
                  10 |   - use: {template: tidy, with: {near: false, word: 1}}
                     |                                               ^~~~
                  hint: did you mean "words"?
                p.yaml:3:3: note: the template is declared here
                  3 |   tidy:
                    |   ^~~~
                """
        )
    }

    @Test(
        "a declaration that cannot work is an error, used or not",
        arguments: [
            ("x: {parameters: {a: {}}, stages: [clean]}", "refers to the parameter \"a\""),
            (
                "x: {parameters: {words: {}}, stages: [{clean: \"${param:word}\"}]}",
                "has no parameter \"word\""
            ), ("x: {stages: ~, parameters: [a]}", "must be a mapping"),
            ("x: {}", "lacks \"stages\""),
            (
                "x: {parameters: {a: {default: 1, required: true}}, stages: [\"${param:a}\"]}",
                "a parameter with a default is not required"
            ),
            (
                "x: {parameters: {a: {default: \"${param:b}\"}}, stages: [\"${param:a}\"]}",
                "a default cannot refer to another parameter"
            ), ("x: 5", "must be a mapping"),
        ]
    )
    func declarations(template: String, message: String) throws {
        let complaint = try Self.folder("  " + template, "  - clean").complaint()
        #expect(complaint.contains(message), "\(complaint)")
    }

    @Test("templates use each other, and never themselves")
    func nesting() throws {
        let nested = try Self.folder(
            """
              inner: {parameters: {w: {}}, stages: [{clean: {require: {words: "${param:w}.."}}}]}
              outer:
                parameters: {words: {}}
                stages: [{use: {template: inner, with: {w: "${param:words}"}}}, deduplicate]
            """,
            "  - use: {template: outer, with: {words: 7}}"
        )
        let stages = try #require(nested.load().pipeline, "\(nested.complaint())").stages
        #expect(stages.map(\.name) == ["ingest", "clean", "deduplicate", "export"])
        #expect(nested.effective()?.text.contains("words: 7..") == true)
        let cycle = try Self.folder(
            "  a: {stages: [{use: b}]}\n  b: {stages: [{use: a}]}",
            "  - use: a"
        )
        #expect(cycle.complaint().contains("template \"a\" uses itself [template.cycle]"))
    }

    @Test(
        "what templates become is bounded, in stages, values, depth and bytes",
        arguments: [
            // Stages: each template uses the one before ten times.
            { (level: Int) in
                let inner = level == 0 ? "clean" : "{use: t\(level - 1)}"
                let list = [String](repeating: inner, count: 10).joined(separator: ", ")
                return "  t\(level): {stages: [\(list)]}"
            },
            // Values: each passes on ten times what it was given.
            { (level: Int) in
                let ten = [String](repeating: "\"${param:x}\"", count: 10).joined(separator: ", ")
                let next =
                    level == 0
                    ? "{clean: \"${param:x}\"}"
                    : "{use: {template: t\(level - 1), with: {x: [\(ten)]}}}"
                return "  t\(level): {parameters: {x: {default: []}}, stages: [\(next)]}"
            },
            // Bytes: each passes on ten times the text.
            { (level: Int) in
                let ten = String(repeating: "${param:x}", count: 10)
                let next =
                    level == 0
                    ? "{clean: \"${param:x}\"}"
                    : "{use: {template: t\(level - 1), with: {x: \"\(ten)\"}}}"
                return "  t\(level): {parameters: {x: {default: abcdefghij}}, stages: [\(next)]}"
            },
        ] as [@Sendable (Int) -> String]
    )
    func bombs(template: @Sendable (Int) -> String) throws {
        let templates = (0..<9).map(template).joined(separator: "\n")
        let folder = try Self.folder(templates, "  - use: t8")
        let start = ContinuousClock.now
        let complaint = folder.complaint()
        #expect(complaint.contains("[template.too-large]"), "\(complaint.prefix(2000))")
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test("a dollar at the end of a value does not begin a substitution")
    func joints() throws {
        let folder = try Self.folder(
            "  x: {parameters: {a: {}}, stages: [{clean: {unicode: \"${param:a}{env:HOME}\"}}]}",
            "  - use: {template: x, with: {a: $}}"
        )
        #expect(folder.complaint().contains("would become a substitution that nobody wrote"))
    }

    @Test("outside of a template there are no parameters")
    func outside() throws {
        let folder = try Self.folder(Self.tidy, "  - clean: {unicode: \"${param:unicode}\"}")
        #expect(folder.complaint().contains("stands outside of a template"))
    }

    @Test("a hundred thousand mistakes are told in seconds, the first thousand of them")
    func many() throws {
        let templates = (0..<5_000).map { "  t\($0): {parameters: {p: {}}, stages: [clean]}" }
        let uses = (0..<100_000).map { "  - use: x\($0)" }
        let folder = try Self.folder(
            templates.joined(separator: "\n"),
            uses.joined(separator: "\n")
        )
        let start = ContinuousClock.now
        let result = folder.load()
        #expect(result.pipeline == nil && result.diagnostics.count == DiagnosticBag.limit)
        #expect(ContinuousClock.now - start < .seconds(60))
    }
}
