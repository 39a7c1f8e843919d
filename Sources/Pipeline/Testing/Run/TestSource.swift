internal import Bytes
internal import Events
internal import YAML

/// Hands out a test's documents in the place of those that ingest would find.
///
/// Files are read and parsed by the pipeline's own ingest; inline documents are what it would have
/// made of a text.
struct TestSource: SourceStage {
    private let source: any SourceStage
    private let entries: [Entry]
    /// Whether stages are left out that would have split the text into words.
    private let isTokenizing: Bool

    private enum Entry: Sendable {
        case inline(id: String, InlineDocument)
        case record(RawRecord, of: TestDocument, isAlone: Bool)
    }

    init(
        _ test: PipelineTest,
        source: any SourceStage,
        folder: String
    ) throws(SourceError) {
        self.source = source
        isTokenizing = test.firstStage > 1
        var entries: [Entry] = []
        for document in test.documents {
            switch document.content {
            case .inline(let inline): entries.append(.inline(id: document.id ?? "", inline))
            case .file(let path):
                entries += try Self.records(of: document, path, source, folder)
            }
        }
        self.entries = entries
    }

    private static func records(
        of document: TestDocument,
        _ path: String,
        _ source: any SourceStage,
        _ folder: String
    ) throws(SourceError) -> [Entry] {
        let full = path.hasPrefix("/") || folder.isEmpty ? path : folder + "/" + path
        var reader = try source.reading([literal(full)]).makeReader()
        var records: [RawRecord] = []
        while let batch = reader.next() { records += batch }
        return records.map { .record($0, of: document, isAlone: records.count == 1) }
    }

    /// A path in which no character stands for others.
    private static func literal(_ path: String) -> String {
        var text = ""
        for character in path {
            text += "*?[".contains(character) ? "[\(character)]" : String(character)
        }
        return text
    }

    var name: String { source.name }
    var sources: [String] { source.sources }
    var forgetsGone: Bool { false }

    func reads(_ path: String) -> Bool { false }
    func survey() -> SourceSurvey { SourceSurvey(paths: [], folders: []) }
    func reading(_ paths: [String]) -> any SourceStage { source.reading(paths) }
    func measure(_ documents: inout [Document]) {}

    func makeReader() -> any RecordReader { TestReader(count: entries.count) }

    func parse(_ records: [RawRecord]) async throws -> [Document] {
        var documents: [Document] = []
        for record in records where entries.indices.contains(record.origin.offset) {
            switch entries[record.origin.offset] {
            case .inline(let id, let inline): documents.append(Self.document(id, inline))
            case .record(let record, let test, let isAlone):
                var parsed = try await source.parse([record])
                let isOnly = isAlone && parsed.count == 1
                for index in parsed.indices {
                    Self.rename(&parsed[index], of: record.origin.source, test, isOnly: isOnly)
                }
                documents += parsed
            }
        }
        if isTokenizing {
            for index in documents.indices where documents[index].isLive {
                documents[index].tokenize()
            }
        }
        return documents
    }

    /// Calls a document by the test's word for its file: the path differs from place to place.
    private static func rename(
        _ document: inout Document,
        of path: String,
        _ test: TestDocument,
        isOnly: Bool
    ) {
        guard case .file(let written) = test.content else { return }
        if isOnly, let id = test.id {
            document.id = DocumentID(rawValue: id)
        } else if document.id.rawValue.hasPrefix(path) {
            let rest = document.id.rawValue.dropFirst(path.count)
            document.id = DocumentID(rawValue: (test.id ?? written) + rest)
        }
    }

    /// An inline document, with the event that says it was ingested.
    private static func document(_ id: String, _ inline: InlineDocument) -> Document {
        let text = Array(inline.text.utf8)
        var writer = CBORWriter()
        inline.fields.encode(into: &writer)
        inline.metadata.encode(into: &writer)
        var digest = SHA256()
        digest.update(UInt64(writer.bytes.count))
        digest.update(writer.bytes.span)
        digest.update(text.span)
        let event = DocumentIngested(
            source: id,
            offset: 0,
            record: 1,
            media: "text/plain",
            charset: "utf-8",
            sha256: digest.finalize().description,
            fields: inline.fields,
            metadata: inline.metadata
        )
        var document = Document(
            id: DocumentID(rawValue: id),
            fields: inline.fields,
            metadata: inline.metadata,
            body: text,
            revision: event.sha256,
            origin: Document.Origin(source: id, offset: 0, record: nil)
        )
        document.record(event, stage: 0, content: text)
        return document
    }
}

/// Hands out the places of a test's entries, a batch at a time.
private struct TestReader: RecordReader {
    let count: Int
    private var done = 0
    private static let batchRecords = 256

    init(count: Int) { self.count = count }

    var progress: ReadProgress { ReadProgress(bytesRead: 0, bytesTotal: nil) }

    mutating func next() -> [RawRecord]? {
        guard done < count else { return nil }
        let end = min(count, done + Self.batchRecords)
        defer { done = end }
        return (done..<end).map {
            RawRecord(origin: Document.Origin(source: "", offset: $0, record: nil), bytes: [])
        }
    }
}
