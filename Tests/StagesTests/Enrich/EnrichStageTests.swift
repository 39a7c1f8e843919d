import Bytes
import Events
import Foundation
import Pipeline
import Testing
import YAML

@testable import Stages

@Suite("enrich stage")
struct EnrichStageTests {
    /// The codes of what is reported on options or dictionaries, with their lines.
    private func report(_ context: StageContext) -> [String] {
        context.diagnostics.sorted().map { "\($0.code) at \($0.range?.start.line ?? 0)" }
    }

    struct Options: CustomTestStringConvertible {
        var yaml: String
        var report: [String]
        var testDescription: String { yaml }
    }

    @Test(
        "every mistake in the list of annotators is reported with its place",
        arguments: [
            Options(yaml: "leaders: {dictionary: x}", report: ["pipeline.type at 1"]),
            Options(yaml: "[]", report: ["pipeline.type at 1"]),
            Options(yaml: "- leaders", report: ["pipeline.type at 1"]),
            Options(yaml: "- leader: {dictionary: x}", report: ["pipeline.unknown-annotator at 1"]),
            Options(yaml: "- leaders: {}", report: ["pipeline.missing-key at 1"]),
            Options(yaml: "- leaders: {dictionary: [x]}", report: ["pipeline.type at 1"]),
            Options(
                yaml: "- leaders: {dictionary: x.yaml, limit: 3}\n- topics: {dictionary: }",
                report: ["pipeline.unknown-key at 1", "pipeline.type at 2"]
            ),
            Options(
                yaml: "- topics: {dictionary: /nowhere/x.yaml}",
                report: ["yaml.unreadable at 0", "stage.resource at 1"]
            ),
            Options(
                yaml: "- topics: {dictionary: /nowhere/x.yaml, threshold: -1}",
                report: ["pipeline.out-of-range at 1"]
            ),
        ]
    )
    func options(_ example: Options) throws {
        var context = EnrichFixture.context()
        let stage = EnrichStage.kind.build(try EnrichFixture.node(example.yaml), &context)
        #expect(stage == nil)
        #expect(report(context) == example.report)
    }

    @Test("an unknown annotator is told what was probably meant")
    func suggestion() throws {
        var context = EnrichFixture.context()
        _ = EnrichStage.kind.build(try EnrichFixture.node("- leader: {}"), &context)
        #expect(context.diagnostics.errors.first?.hint == "did you mean \"leaders\"?")
    }

    @Test("each annotator appends one event a live document, also when it finds nothing")
    func events() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "enrich-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(EnrichFixture.leaders.utf8).write(to: folder.appending(path: "leaders.yaml"))
        try Data(EnrichFixture.topics.utf8).write(to: folder.appending(path: "topics.yaml"))
        var context = EnrichFixture.context(folder: folder.path)
        let options = try EnrichFixture.node(
            """
            - leaders: {dictionary: leaders.yaml}
            - topics: {dictionary: topics.yaml, threshold: 9}
            """
        )
        let stage = try #require(EnrichStage.kind.build(options, &context))
        #expect(context.resourceDigests.count == 2)
        var documents = [
            EnrichFixture.document("Putin", date: "2017-11-21"),
            EnrichFixture.document("Syria Syria"),
            EnrichFixture.document("Trump"),
        ]
        documents[2].fate = .unchanged
        try await stage.measure(&documents)
        #expect(documents.map { $0.events.map(\.stage) } == [[2, 2], [2, 2], []])
        #expect(
            documents.map { $0.enrichments.map(\.annotator) } == [
                ["leaders", "topics"], ["leaders", "topics"], [],
            ]
        )
        #expect(
            documents.map { $0.enrichments.map(\.annotations.count) } == [[1, 0], [0, 0], []]
        )
        let facts = documents[0].events[0].facts
        let event = try DocumentEnriched(cbor: facts.span)
        #expect(event == documents[0].enrichments[0])
    }

    struct Dictionary: CustomTestStringConvertible {
        var yaml: String
        var report: [String]
        var testDescription: String { yaml }
    }

    @Test(
        "every mistake in a topics dictionary is reported with its place",
        arguments: [
            Dictionary(
                yaml: """
                    version: 2
                    threshold: 1
                    topics: []
                    """,
                report: ["dictionary.out-of-range at 1"]
            ),
            Dictionary(
                yaml: """
                    version: 1
                    threshold: 1
                    topics:
                      - {id: a, label: A, kind: place, broader: bb, terms: {x: -1}}
                      - {id: b, label: B, kind: thing, terms: {"…": 1}}
                      - {id: a, label: A, kind: place, terms: {}}
                    """,
                report: [
                    "dictionary.unknown-topic at 4", "dictionary.out-of-range at 4",
                    "dictionary.choice at 5", "dictionary.empty-term at 5",
                    "dictionary.duplicate-id at 6", "dictionary.empty at 6",
                ]
            ),
        ]
    )
    func topicMistakes(_ example: Dictionary) throws {
        var context = EnrichFixture.context()
        let root = try EnrichFixture.node(example.yaml)
        #expect(TopicDictionaryReader.read(root: root, &context) == nil)
        #expect(report(context) == example.report)
    }

    @Test("every mistake in a leaders dictionary is reported with its place")
    func leaderMistakes() throws {
        var context = EnrichFixture.context()
        let root = try EnrichFixture.node(
            """
            version: 1
            countries:
              - {id: russia, name: Russia, names: [], adjectives: [Russian]}
              - {id: russia, name: Rus, names: [], adjectives: []}
            offices:
              - {id: president, title: President, terms: [president], titles: [], of: planet}
            exclusions: ["!"]
            leaders:
              - id: a
                name: A B
                surnames: [B]
                country: rusia
                roles: [{office: presidnt, country: russia, from: 2017-02-30}]
              - id: b
                name: C D
                country: russia
                roles: [{office: president, country: russia, from: 2018, to: 2017-12}]
              - {id: a, name: E F, country: russia, rolls: []}
            """
        )
        #expect(LeaderDictionaryReader.read(root: root, &context) == nil)
        #expect(
            report(context) == [
                "dictionary.duplicate-id at 4", "dictionary.choice at 6",
                "dictionary.empty-term at 7", "dictionary.unknown-country at 12",
                "dictionary.unknown-office at 13", "dictionary.type at 13",
                "dictionary.dates at 17", "dictionary.duplicate-id at 18",
                "dictionary.unknown-key at 18",
            ]
        )
        let duplicate = context.diagnostics.errors.first { $0.code == "dictionary.duplicate-id" }
        #expect(duplicate?.notes.first?.range.start.line == 3)
        let country = context.diagnostics.errors.first { $0.code == "dictionary.unknown-country" }
        #expect(country?.hint == "did you mean \"russia\"?")
    }

    @Test("a full form of two people is a warning, and resolves by office, country or date only")
    func sharedNames() throws {
        var context = EnrichFixture.context()
        let root = try EnrichFixture.node(
            """
            version: 1
            countries: [{id: x, name: Xland, names: [], adjectives: []}]
            offices: [{id: king, title: King, terms: [king], titles: [King], of: country}]
            exclusions: []
            leaders:
              - {id: first, name: Abdullah Ali, country: x, roles: [{office: king, country: x, from: 2000, to: 2005}]}
              - {id: second, name: Abdullah Ali, country: x, roles: [{office: king, country: x, from: 2006}]}
            """
        )
        let dictionary = try #require(LeaderDictionaryReader.read(root: root, &context))
        #expect(report(context) == ["dictionary.shared-name at 7"])
        let annotator = LeadersAnnotator(dictionary)
        for (date, id) in [("2003-01-01", "first"), ("2010-01-01", "second")] {
            let document = EnrichFixture.document("Abdullah Ali", date: date)
            let findings = try EnrichFixture.findings(annotator, document)
            #expect(findings.annotations.map(\.id) == [id])
        }
        let undated = try EnrichFixture.findings(annotator, EnrichFixture.document("Abdullah Ali"))
        #expect(undated.unresolved.map(\.candidates) == [["first", "second"]])
    }
}
