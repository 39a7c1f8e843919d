internal import ArgumentParser
internal import Bytes
internal import EventLog
internal import Events
internal import Pipeline
internal import Projections
internal import YAML

/// `annals test record`: a document of the store becomes a test.
struct TestRecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Make a test of a document of the store.",
        discussion: """
            The document's text as it was ingested goes into the pipeline file, with what comes of \
            it now as what is expected; a duplicate brings along the document that it repeats. The \
            test is run before the file is written.
            """
    )

    @Argument(help: "The document's id, source path or a part of its title.")
    var document: String

    @Option(help: ArgumentHelp("The pipeline file, which gets the test.", valueName: "file"))
    var pipeline: String

    @Option(help: ArgumentHelp("The store's folder.", valueName: "folder"))
    var store: String?

    @Option(
        help: ArgumentHelp("What the test is called; the title if left out.", valueName: "text")
    )
    var name: String?

    @Option(help: ArgumentHelp("The first stage that runs.", valueName: "stage"))
    var from: String?

    @Option(help: ArgumentHelp("The last stage that runs.", valueName: "stage"))
    var to: String?

    func run() async throws {
        let definition = try await PipelineFile.loadToRun(pipeline)
        let projections = try StoreProjections(
            store: store ?? definition.store,
            pipeline: definition
        )
        let view = try projections.documents()
        let row = try Self.row(document, in: view)
        let reader = try StoreArgument.reader(of: store ?? definition.store)
        let content = RecordedContent(
            projections: projections,
            view: view,
            reader: reader,
            stages: definition.stages.map(\.name),
            from: from
        )
        var documents: [(id: String, document: InlineDocument)] = []
        if let original = try content.original(of: row.document) {
            documents.append(
                (TestRecording.id(original, or: "original"), try content.inline(of: original))
            )
        }
        documents.append(
            (TestRecording.id(row.document, or: "document"), try content.inline(of: row.document))
        )
        let recording = TestRecording(
            name: name ?? row.title ?? row.document,
            documents: documents,
            from: from,
            to: to
        )
        try await write(recording, definition)
    }

    private static func row(_ text: String, in view: ProjectionView) throws -> DocumentRow {
        switch try view.find(text) {
        case .one(let row): return row
        case .several(let rows):
            let list = rows.map { "  \($0.document)  \($0.title ?? "")" }.joined(separator: "\n")
            throw Failure(.usage, "'\(text)' may be several documents; name one by id:\n\(list)")
        case .none:
            throw Failure(
                .noInput,
                "no document has '\(text)' as its id or source, or in its title"
                    + " (annals show documents lists them)"
            )
        }
    }

    /// Writes the test into the pipeline file, if it holds there.
    private func write(_ recording: TestRecording, _ definition: PipelineDefinition) async throws {
        let session = try TestSession(filter: nil)
        defer { session.end() }
        let source = try YAMLSource.read(pipeline)
        do {
            let (bytes, added, line) = try await session.tester(definition).record(
                recording,
                into: source
            )
            let replacement = try FileReplacement(of: pipeline, with: bytes)
            guard await session.holds(replacement.path, moreThan: definition.tests.count) else {
                replacement.discard()
                throw Failure(
                    .badData,
                    "\(pipeline) is left as it is: the test would not hold when it is read again"
                )
            }
            try replacement.commit()
            Console.out(TerminalText.escaped(added, keepingLines: true))
            Console.error(TerminalText.escaped("annals: added at \(pipeline):\(line)") + "\n")
        } catch let refusal as TestRecording.Refusal {
            throw Failure(.badData, refusal.description)
        } catch let failure as FileReplacement.Failure {
            throw Failure(.inputOutput, failure.description)
        }
    }
}

/// What the log holds of documents, as a stage gets them.
private struct RecordedContent {
    let projections: StoreProjections
    let view: ProjectionView
    let reader: EventLogReader
    let stages: [String]
    let from: String?

    /// The events of a document since it was last ingested.
    private func events(of document: String) throws -> ArraySlice<DocumentStory.Event> {
        let events = try projections.story(of: document, in: view).events
        let ingested = EventType.documentIngested.rawValue
        guard let first = events.lastIndex(where: { $0.type == ingested }) else { return [] }
        return events[first...]
    }

    /// The document that one repeats.
    func original(of document: String) throws -> String? {
        let duplicate = EventType.documentDuplicate.rawValue
        return try events(of: document).last { $0.type == duplicate }?.payload["of"]?.text
    }

    /// The document as the first stage of the test gets it.
    func inline(of document: String) throws -> InlineDocument {
        let events = try events(of: document)
        guard let ingested = events.first else {
            throw Failure(
                .badData,
                "'\(document)' failed where it was read: there is no text to make a test of;"
                    + " write one with \"file:\""
            )
        }
        let before = from.flatMap { stages.firstIndex(of: $0) } ?? 1
        let contents = [EventType.documentIngested.rawValue, EventType.documentCleaned.rawValue]
        let given = events.last { event in
            contents.contains(event.type)
                && (stages.firstIndex(of: event.stage) ?? 0) < max(1, before)
        }
        let event = given ?? ingested
        guard let content = try reader.record(at: event.position).content else {
            throw Failure(.badData, "the log holds no text of '\(document)' any more")
        }
        let fields = (event.payload["fields"] ?? .map([])).encoded
        var cursor = CBORReader(fields.span)
        return InlineDocument(
            text: String(lossyUTF8: content.span),
            fields: try DocumentFields(&cursor),
            metadata: ingested.payload["metadata"] ?? .map([])
        )
    }
}
