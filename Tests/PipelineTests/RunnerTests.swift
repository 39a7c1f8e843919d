internal import EventLog
internal import Events
internal import Foundation
internal import Pipeline
internal import Stages
internal import Testing
internal import YAML

/// Whole runs inside the test's process, where a sanitizer sees every task.
@Suite("A run")
struct RunnerTests {
    @Test("says the same of every document, in the same order, with one job or many")
    func jobs() async throws {
        let folder = try RunFolder()
        let single = try await folder.history(jobs: 1)
        let many = try await folder.history(jobs: 6)
        #expect(single.events.count { $0.type == "document.duplicate" } > 100)
        #expect(single.events.count { $0.type == "document.exported" } > 200)
        #expect(single.events == many.events)
        #expect(single.export == many.export)
        #expect(single.balances == many.balances)
    }
}

/// A folder with a pipeline: what is run there twice has the same paths in its events.
private struct RunFolder: ~Copyable {
    /// What two runs left.
    struct History {
        var events: [Event]
        var export: String
        var balances: [[StageBalance]]
    }

    /// What the log says of a document; a run's own events name the run.
    struct Event: Equatable {
        var stream: String
        var version: UInt32
        var type: String
        var stage: String
        var facts: [UInt8]
        var content: [UInt8]?
    }

    private let path: String

    init() throws {
        path = NSTemporaryDirectory() + "annals-runner-" + UUID().uuidString
        let manager = FileManager.default
        try manager.createDirectory(atPath: path + "/in", withIntermediateDirectories: true)
        let pipeline = """
            pipeline: news
            stages:
              - ingest: {from: [\(path)/in], format: jsonl}
              - clean: {require: {words: 3..1000}}
              - deduplicate: {near: {threshold: 0.8, shingle: 3 words}}
              - export: {to: \(path)/out.jsonl}
            """
        try pipeline.write(toFile: path + "/p.yaml", atomically: true, encoding: .utf8)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Runs over documents with an empty store, and again when some are not what they were: what
    /// was a duplicate of those is decided anew.
    func history(jobs: Int) async throws -> History {
        for name in ["/store", "/out.jsonl"] {
            try? FileManager.default.removeItem(atPath: path + name)
        }
        var balances: [[StageBalance]] = []
        for revised in [0..<0, 0..<40] {
            try writeDocuments(revised: revised)
            let loader = PipelineLoader(kinds: BuiltInStages.kinds, environment: [:])
            let loaded = loader.load(path + "/p.yaml")
            let pipeline = try #require(
                loaded.pipeline,
                "\(loaded.diagnostics.map { $0.rendered() })"
            )
            let options = RunOptions(jobs: jobs, limit: nil, store: path + "/store")
            let runner = Runner(pipeline: pipeline, options: options, now: { 1 })
            balances.append(try await runner.run { _ in }.stages)
        }
        return History(
            events: try events(),
            export: try String(contentsOfFile: path + "/out.jsonl", encoding: .utf8),
            balances: balances
        )
    }

    private func writeDocuments(revised: Range<Int>) throws {
        for file in 0..<4 {
            let lines = (0..<500).map { number in
                let document = file * 500 + number
                let words = Self.words(document / 3 + (revised.contains(document) ? 10_000 : 0))
                return "{\"id\":\"d\(document)\",\"text\":\"\(words) \(document % 3)\"}\n"
            }
            let name = path + "/in/\(file).jsonl"
            try lines.joined().write(toFile: name, atomically: true, encoding: .utf8)
        }
    }

    /// Words that hardly two numbers share.
    private static func words(_ number: Int) -> String {
        (0..<24).map { "w\((number &* 31 &+ $0 &* 17 &+ number / 7) % 5000)x" }
            .joined(separator: " ")
    }

    private func events() throws -> [Event] {
        var events: [Event] = []
        try EventLogReader.open(path + "/store").scan(content: true) { batch throws(LogError) in
            for index in 0..<batch.count {
                let event = batch.stored(index)
                guard !event.stream.hasPrefix("run:") else { continue }
                events.append(
                    Event(
                        stream: event.stream,
                        version: event.record.streamVersion,
                        type: event.type,
                        stage: event.stage,
                        facts: event.facts,
                        content: event.content
                    )
                )
            }
            return .continue
        }
        return events
    }
}
