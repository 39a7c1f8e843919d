import Bytes
import Events
import Foundation
import Pipeline
import Testing
import YAML

@testable import Stages

/// The sample documents with the dictionaries that are shipped, cleaned by hand as the clean stage
/// does: the headline in the title; byline, caption, `SOURCE:`, tags and "Comments" cut.
@Suite("enrich on the seeds")
struct SeedsTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private func enrich(_ document: Document) async throws -> [DocumentEnriched] {
        var context = EnrichFixture.context(folder: Self.root.appending(path: "Pipelines").path)
        let options = try EnrichFixture.node(
            """
            - leaders: {dictionary: dictionaries/leaders.yaml}
            - topics: {dictionary: dictionaries/topics.yaml}
            """
        )
        let stage = EnrichStage.kind.build(options, &context)
        #expect(context.diagnostics.errors.map { $0.rendered() } == [])
        var documents = [document]
        try await #require(stage).measure(&documents)
        return documents[0].enrichments
    }

    private func lines(of name: String) throws -> [String] {
        let seed = Self.root.appending(path: "seeds/\(name)")
        return try String(contentsOf: seed, encoding: .utf8).components(separatedBy: "\n")
    }

    private func roles(_ findings: DocumentEnriched) -> [String] {
        findings.annotations.map { "\($0.label): \($0.fields[0].value.text ?? "")" }
    }

    @Test("the dated seed names four leaders with their roles of that day")
    func datedSeed() async throws {
        let lines = try lines(of: "000_10f30bd3e028bb83.txt")
        let body = ([lines[1], ""] + lines[5...].filter { !$0.hasPrefix("SOURCE:") })
        let document = EnrichFixture.document(
            body.joined(separator: "\n"),
            title: lines[0],
            date: "2017-11-21"
        )
        let findings = try await enrich(document)
        #expect(
            roles(findings[0]) == [
                "Bashar al-Assad: President of Syria",
                "Donald Trump: President of the United States",
                "King Salman: King of Saudi Arabia",
                "Vladimir Putin: President of Russia",
            ]
        )
        #expect(findings[0].unresolved == [])
        let topics = Set(findings[1].annotations.map(\.id))
        #expect(
            topics.isSuperset(of: ["syria", "north-korea", "ukraine", "iran", "afghanistan"])
        )
    }

    @Test("the undated seed names two leaders, and two ministers stay open")
    func undatedSeed() async throws {
        let lines = try lines(of: "004_9a6bd1c016e6402e.txt")
        let body = lines[2...].prefix { !$0.hasPrefix("  Russia, Putin") }
        let document = EnrichFixture.document(body.joined(separator: "\n"), title: lines[0])
        let findings = try await enrich(document)
        #expect(
            roles(findings[0]) == [
                "Donald Trump: President of the United States",
                "Vladimir Putin: President of Russia",
            ]
        )
        #expect(
            findings[0].unresolved.map { "\($0.reason): \($0.text)" } == [
                "date-unknown: Russian Foreign Minister", "date-unknown: U.S. Secretary of State",
            ]
        )
        let topics = Set(findings[1].annotations.map(\.id))
        #expect(topics.isSuperset(of: ["syria", "north-korea"]))
        #expect(topics.isDisjoint(with: ["ukraine", "iran", "afghanistan"]))
    }
}
