import Bytes
import Events
import Foundation
import Pipeline
import Testing

@testable import Stages

@Suite("topics")
struct TopicsTests {
    struct Case: CustomTestStringConvertible {
        var text: String
        var title: String?
        /// `id score` for each topic found.
        var found: [String]
        var testDescription: String { "\(title.map { "[\($0)] " } ?? "")\(text)" }
    }

    @Test(
        "a topic's score is weight times one plus the logarithm of its terms' occurrences",
        arguments: [
            Case(text: "Syria", found: []),
            Case(text: "Syria and Syria", found: ["syria 4.0"]),
            Case(text: "Syria, Syria, Syria", found: ["syria 5.17"]),
            Case(text: "Syria", title: "Syria", found: ["syria 5.17"]),
            Case(text: "", title: "Syria", found: ["syria 4.0"]),
            Case(text: "Syria and Damascus", found: ["syria 3.0"]),
            Case(text: "us, Us and US", found: ["us 3.0"]),
            Case(text: "Syria in the Middle East, Syria", found: ["middle-east 3.0", "syria 4.0"]),
        ]
    )
    func scores(_ example: Case) throws { try check(example) }

    @Test(
        "a term under several topics counts for each, one with several spellings once",
        arguments: [
            Case(text: "the oil price", found: ["energy 3.0"]),
            Case(text: "oil price, oil price", found: ["economy 3.0", "energy 6.0"]),
            Case(text: "Eurozone, Eurozone", found: ["economy 4.0"]),
            Case(text: "eurozone eurozone eurozone eurozone", found: ["economy 3.0"]),
            Case(text: "South Sudan", found: []),
            Case(text: "Sudan and South Sudan", found: ["sudan 3.0"]),
        ]
    )
    func terms(_ example: Case) throws { try check(example) }

    @Test(
        "a text longer than the dictionary's long_text needs a higher score",
        arguments: [(3, true), (4, true), (8, false), (64, false)]
    )
    func length(words: Int, isFound: Bool) throws {
        let dictionary = EnrichFixture.topics.replacingOccurrences(
            of: "threshold: 3",
            with: "long_text: 4 words\nthreshold: 3"
        )
        let text = "Syria and Syria" + String(repeating: " filler", count: words - 3)
        let annotator = try EnrichFixture.annotator(topics: dictionary)
        let findings = try EnrichFixture.findings(annotator, EnrichFixture.document(text))
        #expect(findings.annotations.map(\.id) == (isFound ? ["syria"] : []))
    }

    private func check(_ example: Case) throws {
        let document = EnrichFixture.document(example.text, title: example.title)
        let annotator = try EnrichFixture.annotator(topics: EnrichFixture.topics)
        let findings = try EnrichFixture.findings(annotator, document)
        let found = findings.annotations.map { annotation in
            "\(annotation.id) \(annotation.fields[0].value.number ?? 0)"
        }
        #expect(found == example.found)
    }

    @Test(
        "an annotation holds the places of its terms in body and title, its score and broader topic"
    )
    func annotation() throws {
        let document = EnrichFixture.document("In Damascus, Syria.", title: "Syrian talks")
        let annotator = try EnrichFixture.annotator(topics: EnrichFixture.topics)
        let findings = try EnrichFixture.findings(annotator, document)
        let syria = Annotation(
            id: "syria",
            label: "Syria",
            spans: [ByteSpan(start: 3, end: 11), ByteSpan(start: 13, end: 18)],
            titleSpans: [ByteSpan(start: 0, end: 6)],
            fields: [
                CBORValue.Pair("score", .double(6)),
                CBORValue.Pair("broader", .text("middle-east")),
            ]
        )
        #expect(findings.annotations == [syria])
    }

    @Test("a batch's documents do not see each other's counts")
    func batches() throws {
        var documents = ["Syria", "Syria", "Syria Syria"].map { EnrichFixture.document($0) }
        try EnrichFixture.annotator(topics: EnrichFixture.topics).annotate(&documents, stage: 2)
        #expect(documents.map { $0.enrichments[0].annotations.count } == [0, 0, 1])
    }

    @Test(
        "the logarithm is that of the C library to six places",
        arguments: [1, 2, 3, 7, 64, 255, 256, 1_000_003]
    )
    func logarithm(_ count: Int) {
        var rest = Double(count)
        var whole = 0.0
        while rest >= 2 {
            rest /= 2
            whole += 1
        }
        // The area under 1/x from 1 to the rest, by Simpson's rule.
        let steps = 200
        let width = (rest - 1) / Double(steps)
        let area = (0...steps).reduce(0.0) { sum, step in
            let weight = step == 0 || step == steps ? 1.0 : step.isMultiple(of: 2) ? 2 : 4
            return sum + weight / (1 + Double(step) * width)
        }
        let expected = 1 + whole + area * width / 3 / 0.693_147_180_559_945_3
        #expect(abs(TopicScore.factor(count) - expected) < 1e-6)
    }
}
