internal import Bytes
internal import Events
internal import Pipeline
internal import PluginHost
internal import YAML

/// Reads files whole and has a plugin make documents of them.
struct PluginIngest: SourceStage {
    private let files: IngestStage
    private let reader: PluginReader

    init(files: IngestStage, reader: PluginReader) {
        self.files = files
        self.reader = reader
    }

    var name: String { files.name }
    var sources: [String] { files.sources }
    var forgetsGone: Bool { files.forgetsGone }
    var memories: [any StageMemory] { reader.memories }

    func measure(_ documents: inout [Document]) {}

    func reads(_ path: String) -> Bool { files.reads(path) }

    func survey() -> SourceSurvey { files.survey() }

    func reading(_ sources: [String]) -> any SourceStage {
        PluginIngest(files: files.over(sources), reader: reader)
    }

    func makeReader() throws(SourceError) -> any RecordReader { try files.makeReader() }

    func check() async -> [Diagnostic] { reader.check() }

    func close() async { await reader.close() }

    func parse(_ records: [RawRecord]) async throws -> [Document] {
        let outcomes = try await reader.read(records.filter { $0.fault == nil })
        var left = outcomes[...]
        return records.flatMap { record in
            if let fault = record.fault { return [files.failed(record, fault)] }
            guard let outcome = left.popFirst() else { return [] }
            return documents(of: record, outcome)
        }
    }

    private func documents(of record: RawRecord, _ outcome: PluginReader.Outcome) -> [Document] {
        switch outcome.findings {
        case .failure(let fault): return [files.failed(record, fault)]
        case .success(let findings):
            return findings.enumerated().map { index, finding in
                let origin = Document.Origin(
                    source: record.origin.source,
                    offset: 0,
                    record: finding.key == nil ? nil : index + 1
                )
                let id = record.origin.id.rawValue + (finding.key.map { "#" + $0 } ?? "")
                var document = files.document(
                    ParsedRecord(
                        id: DocumentID(rawValue: id),
                        text: finding.text,
                        charset: .utf8,
                        media: "text/plain",
                        fields: finding.fields,
                        metadata: finding.metadata
                    ),
                    of: RawRecord(origin: origin, bytes: [])
                )
                document.sourceAnswer = outcome.answered
                return document
            }
        }
    }
}
