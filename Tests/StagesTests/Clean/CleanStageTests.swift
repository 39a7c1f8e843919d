import Bytes
import Events
import Pipeline
import Testing
import YAML

@testable import Stages

@Suite("The clean stage")
struct CleanStageTests {
    @Test("a document gets its event with the clean body, and its words")
    func event() throws {
        let cleaned = try clean("Some words  here.\r\n")
        #expect(cleaned.document.events.map(\.type) == [.documentCleaned])
        #expect(cleaned.document.events[0].stage == 1)
        #expect(cleaned.document.events[0].content == Array("Some words here.".utf8))
        #expect(cleaned.document.words.count == 3)
        #expect(cleaned.measured("words") == 3)
        #expect(cleaned.measured("bytes") == 16)
        #expect(cleaned.measured("repeated_lines") == 0)
        #expect(cleaned.event.fields == cleaned.document.fields)
    }

    @Test("a document that is settled already is left alone")
    func settled() {
        var documents = [
            Document(
                id: DocumentID(rawValue: "a"),
                fields: DocumentFields(),
                metadata: .map([]),
                body: Array("a  b".utf8),
                revision: "",
                origin: Document.Origin(source: "a", offset: 0, record: nil)
            )
        ]
        documents[0].fate = .unchanged
        CleanStage(name: "clean", number: 1, options: CleanOptions()).measure(&documents)
        #expect(documents[0].events.isEmpty)
        #expect(documents[0].body == Array("a  b".utf8))
    }

    @Test(
        "a document outside of a bound is dropped by its rule, after it was cleaned",
        arguments: [
            ("words", 3.0, nil, 2.0), ("words", nil, 1.0, 2.0), ("letters", 0.95, nil, 0.8),
            ("repeated_lines", nil, 0.3, 0.5),
        ] as [(String, Double?, Double?, Double)]
    )
    func dropped(rule: String, minimum: Double?, maximum: Double?, value: Double) throws {
        var options = CleanOptions()
        options.requirements.bounds = [
            QualityRequirements.Bound(measurement: rule, minimum: minimum, maximum: maximum)
        ]
        let cleaned = try clean("abcd.\nabcd.", options: options)
        let events = cleaned.document.events
        try #require(events.map(\.type) == [.documentCleaned, .documentDropped])
        let facts = events[1].facts
        let decision = try DocumentDropped(cbor: facts.span)
        #expect(decision.rule == rule)
        #expect(decision.minimum == minimum)
        #expect(decision.maximum == maximum)
        #expect(cleaned.document.fate == .settled(stage: 1, outcome: .dropped))
        #expect(decision.value == value)
    }

    @Test("a moved bound decides anew from what was recorded (invariant 6)")
    func decidedAnew() throws {
        let measurements = try clean("One two three.").event.measurements
        var requirements = QualityRequirements()
        #expect(requirements.decision(on: measurements) == nil)
        requirements.bounds = [.init(measurement: "words", minimum: 3, maximum: 3)]
        #expect(requirements.decision(on: measurements) == nil)
        requirements.bounds = [.init(measurement: "words", minimum: 4, maximum: nil)]
        let decision = DocumentDropped(rule: "words", value: 3, minimum: 4, maximum: nil)
        #expect(requirements.decision(on: measurements) == decision)
    }
}

@Suite("Options of the clean stage")
struct CleanOptionsTests {
    private func read(_ yaml: String) throws -> (options: CleanOptions?, codes: [String]) {
        let source = YAMLSource(name: "p.yaml", bytes: Array(yaml.utf8))
        let node = try YAMLParser.parse(source)
        var context = StageContext(
            name: "clean",
            number: 1,
            folder: "",
            diagnostics: DiagnosticBag()
        )
        let stage = CleanStage.kind.build(node, &context) as? CleanStage
        return (stage?.options, context.diagnostics.errors.map(\.code))
    }

    @Test("nothing said means NFC, article structure, no requirement")
    func defaults() throws {
        #expect(try read("{}").options == CleanOptions())
    }

    @Test("every option is read")
    func all() throws {
        let yaml = """
            unicode: none
            article: false
            require: {words: 20..100000, letters: 0.6.., repeated_lines: ..0.3}
            """
        var expected = CleanOptions()
        expected.unicode = .none
        expected.article = false
        expected.requirements.bounds = [
            .init(measurement: "words", minimum: 20, maximum: 100_000),
            .init(measurement: "letters", minimum: 0.6, maximum: nil),
            .init(measurement: "repeated_lines", minimum: nil, maximum: 0.3),
        ]
        #expect(try read(yaml).options == expected)
    }

    @Test("all that is wrong is reported at once, and there is no stage")
    func wrong() throws {
        let yaml = """
            unicode: nfd
            artcle: true
            require: {words: many, letters: 2.., wrods: 1..}
            """
        let result = try read(yaml)
        #expect(result.options == nil)
        #expect(result.codes.count == 5)
    }
}
