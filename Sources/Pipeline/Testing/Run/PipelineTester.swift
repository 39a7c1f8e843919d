package import Bytes
internal import EventLog
internal import Events
package import YAML

/// Runs a pipeline's own tests: the real stages, the real runner, a store of their own.
package struct PipelineTester: Sendable {
    /// Answers what projections of a store show, by name: each a list of rows.
    package typealias Projections =
        @Sendable (_ store: String, PipelineDefinition, _ names: [String]) async throws
        -> [String: CBORValue]

    let pipeline: PipelineDefinition
    private let scratch: TestScratch
    private let projections: Projections

    /// Prepares to test a pipeline.
    ///
    /// - Parameters:
    ///   - pipeline: the pipeline, checked as before a run.
    ///   - scratch: where the tests' stores lie.
    ///   - projections: folds and shows projections of a test's store.
    package init(
        _ pipeline: PipelineDefinition,
        scratch: TestScratch,
        projections: @escaping Projections
    ) {
        self.pipeline = pipeline
        self.scratch = scratch
        self.projections = projections
    }

    /// Runs tests, several at a time, and tells what came of each, in their order.
    ///
    /// Tests share the stages, so that a dictionary is read once, and nothing else. The stages are
    /// closed at the end.
    package func run(_ tests: [PipelineTest]) async -> [PipelineTestResult] {
        let results = await withTaskGroup(
            of: (Int, PipelineTestResult).self,
            returning: [PipelineTestResult?].self
        ) { group in
            var results = [PipelineTestResult?](repeating: nil, count: tests.count)
            for (number, test) in tests.enumerated() {
                if number >= ProcessorCount.available, let (done, result) = await group.next() {
                    results[done] = result
                }
                group.addTask { (number, await run(test)) }
            }
            for await (done, result) in group { results[done] = result }
            return results
        }
        for stage in pipeline.stages { await stage.close() }
        return results.compactMap(\.self)
    }

    private func run(_ test: PipelineTest) async -> PipelineTestResult {
        let start = ContinuousClock.now
        var result = PipelineTestResult(test: test)
        do {
            let (facts, rows) = try await outcome(of: test)
            result.mismatches = Self.mismatches(test, facts, rows)
        } catch {
            result.problem = "\(error)"
        }
        result.seconds = (ContinuousClock.now - start) / .seconds(1)
        return result
    }

    /// What comes of a test's documents, and what its projections show.
    func outcome(
        of test: PipelineTest
    ) async throws -> (facts: TestFacts, rows: [String: CBORValue]) {
        let folder = try scratch.folder()
        defer { folder.remove() }
        let store = folder.path + "/store"
        let runner = Runner(
            pipeline: try pipeline.forTest(test, in: folder.path),
            options: RunOptions(jobs: 1, limit: nil, store: store),
            // No test may depend on when it runs.
            now: { 0 }
        )
        _ = try await runner.run(notice: { _ in })
        let facts = try TestFacts(store: store)
        let names = test.projections.map(\.subject)
        let rows = names.isEmpty ? [:] : try await projections(store, pipeline, names)
        return (facts, rows)
    }

    private static func mismatches(
        _ test: PipelineTest,
        _ facts: TestFacts,
        _ rows: [String: CBORValue]
    ) -> [Mismatch] {
        var found: [Mismatch] = []
        for expectation in test.expectations {
            var check = ExpectationCheck(subject: expectation.subject)
            guard let facts = facts.facts(of: expectation.subject) else {
                let ids = facts.documents.map(\.id)
                found.append(
                    Mismatch(
                        subject: expectation.subject,
                        path: "",
                        place: expectation.key.range,
                        expected: "a document of this id",
                        found: ids.isEmpty
                            ? "no document" : "the documents are " + ids.joined(separator: ", ")
                    )
                )
                continue
            }
            check.document(expectation, facts)
            found += check.mismatches
        }
        for expectation in test.projections {
            var check = ExpectationCheck(subject: "projection " + expectation.subject)
            check.rows(expectation, rows[expectation.subject] ?? .array([]))
            found += check.mismatches
        }
        return found
    }
}

/// What came of a test.
package struct PipelineTestResult: Sendable {
    /// The test.
    package let test: PipelineTest
    /// What is not as expected, in the order of the file.
    package internal(set) var mismatches: [Mismatch] = []
    /// Why it could not be run to its end.
    package internal(set) var problem: String?
    /// How long it took.
    package internal(set) var seconds: Double = 0

    init(test: PipelineTest) { self.test = test }

    /// Whether all is as expected.
    package var passed: Bool { mismatches.isEmpty && problem == nil }

    /// Whether something is wrong that no other expectation would mend.
    package var isBeyondBlessing: Bool {
        problem != nil || mismatches.contains { $0.edits == nil }
    }
}

/// Something that is not as expected.
package struct Mismatch: Sendable {
    /// The document's id, or the projection.
    package let subject: String
    /// What of it, such as `fields.title`; empty for it as a whole.
    package let path: String
    /// Where the expectation stands.
    package let place: SourceRange
    /// What was expected.
    package let expected: String
    /// What came instead.
    package let found: String
    /// Whether both are texts, to be compared word by word.
    package var areTexts = false
    /// What would have to be written for it to hold; nil where nothing would help.
    var edits: [SourceEdit]?
}
