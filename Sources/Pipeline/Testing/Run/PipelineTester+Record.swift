internal import Bytes
package import YAML

extension PipelineTester {
    /// What comes of documents now, written as a test of the pipeline's file.
    ///
    /// - Parameters:
    ///   - recording: the documents.
    ///   - source: the pipeline's file as it is.
    /// - Returns: the file's new text, and the test as it stands there.
    /// - Throws: ``TestRecording/Refusal``, and what ends a run.
    package func record(
        _ recording: TestRecording,
        into source: YAMLSource
    ) async throws -> (bytes: [UInt8], added: String, line: Int) {
        for (id, document) in recording.documents {
            if document.text.utf8.contains(0) {
                throw TestRecording.Refusal(
                    "the text of \(id) holds a NUL character, which YAML cannot"
                )
            }
            if document.text.utf8.count >= YAMLLimits.default.scalarBytes / 2 {
                throw TestRecording.Refusal(
                    "the text of \(id) is too long for a pipeline file; save it beside, and write"
                        + " the test with \"file:\""
                )
            }
        }
        let root = try YAMLParser.parse(source)
        let place = try TestPlace(in: root)
        let test = try test(of: recording, at: root)
        let facts = try await outcome(of: test).facts
        for stage in pipeline.stages { await stage.close() }
        var recording = recording
        recording.name = Self.unused(recording.name, in: root)
        let added = recording.text(facts, indent: place.indent)
        let (bytes, line) = place.inserting(added, into: source)
        return (bytes, added, line)
    }

    private func test(of recording: TestRecording, at root: Node) throws -> PipelineTest {
        let names = pipeline.stages.map(\.name)
        func number(_ name: String?) throws(TestRecording.Refusal) -> Int? {
            guard let name else { return nil }
            if let number = names.firstIndex(of: name) { return number }
            let hint = Suggestion.hint(for: name, among: names).map { "; " + $0 } ?? ""
            throw TestRecording.Refusal(
                "there is no stage '\(name)'\(hint)\nthe stages are "
                    + names.joined(separator: ", ")
            )
        }
        let first = try number(recording.from) ?? 1
        let last = try number(recording.to) ?? names.count - 1
        guard first >= 1, last >= first else {
            throw TestRecording.Refusal("--from must name a stage after ingest and not after --to")
        }
        return PipelineTest(
            name: recording.name,
            place: root,
            documents: recording.documents.map {
                TestDocument(id: $0.id, content: .inline($0.document), place: root)
            },
            firstStage: first,
            lastStage: last,
            expectations: [],
            projections: []
        )
    }

    private static func unused(_ name: String, in root: Node) -> String {
        let names = Set((root["tests"]?.sequence ?? []).compactMap { $0["name"]?.text })
        guard names.contains(name) else { return name }
        var number = 2
        while names.contains("\(name) (\(number))") { number += 1 }
        return "\(name) (\(number))"
    }
}
