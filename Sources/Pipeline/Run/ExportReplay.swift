internal import Bytes
internal import EventLog
internal import Events

/// Renders the records of an export again from the log, byte for byte.
struct ExportReplay {
    private let reader: EventLogReader
    private let sink: SinkState
    private let export: any ExportStage
    private let stageNames: [String]

    init(
        reader: EventLogReader,
        sink: SinkState,
        export: any ExportStage,
        stageNames: [String]
    ) {
        self.reader = reader
        self.sink = sink
        self.export = export
        self.stageNames = stageNames
    }

    /// Writes the records that stand at `offset` and after into the file again.
    ///
    /// They are looked for from `since` on, if it is known where they begin.
    func restore(
        from offset: Int,
        since: EventPosition? = nil,
        into file: ExportFile
    ) throws {
        try eachRecord(from: since ?? sink.rewrittenAt ?? sink.generationStart, until: nil) {
            event,
            position,
            document in
            guard event.offset >= offset else { return }
            try file.write(render(document, at: position), at: event.offset)
        }
    }

    /// Writes the whole file again as the log describes it.
    func rebuild(into file: ExportFile) throws {
        if let rewritten = sink.rewrittenAt {
            _ = try writeLive(until: rewritten, into: file)
        } else {
            try file.write(sink.preamble, at: 0)
        }
        try restore(from: 0, into: file)
    }

    /// Writes the records of all documents whose last word stands into a file, in order.
    ///
    /// - Returns: the file's length and the number of records.
    func writeLive(
        until: EventPosition?,
        into file: ExportFile
    ) throws -> (length: Int, records: Int) {
        let live = try liveRecords(until: until)
        var end = sink.preamble.count
        var records = 0
        try file.write(sink.preamble, at: 0)
        try eachRecord(from: sink.generationStart, until: until) { _, position, document in
            guard live.contains(position) else { return }
            let bytes = render(document, at: position)
            try file.write(bytes, at: end)
            end += bytes.count
            records += 1
        }
        return (end, records)
    }

    private func render(_ document: Document, at position: EventPosition) -> [UInt8] {
        let record = export.render(document)
        return record.bytes(at: position)
    }

    /// The positions of the records that nothing later has superseded.
    func liveRecords(until: EventPosition?) throws -> Set<EventPosition> {
        let wanted: Set<String> = [
            EventType.documentIngested.rawValue, EventType.documentFailed.rawValue,
            EventType.documentExported.rawValue, EventType.documentRemoved.rawValue,
            EventType.documentRetracted.rawValue,
        ]
        var last: [Hash128: EventPosition] = [:]
        try reader.scan(from: sink.generationStart, until: until, types: wanted) { (batch) throws in
            let exported = batch.typeIndex(of: EventType.documentExported.rawValue)
            let ingested = batch.typeIndex(of: EventType.documentIngested.rawValue)
            let failed = batch.typeIndex(of: EventType.documentFailed.rawValue)
            let removed = batch.typeIndex(of: EventType.documentRemoved.rawValue)
            let retracted = batch.typeIndex(of: EventType.documentRetracted.rawValue)
            for index in batch.indices {
                let type = batch[index].typeIndex
                let key = Hash128(hashing: batch.stream(index))
                if type == ingested || type == failed || type == removed || type == retracted {
                    last[key] = nil
                } else if type == exported,
                    try DocumentExported(cbor: batch.facts(index)).sink == sink.name
                {
                    last[key] = batch[index].position
                }
            }
            return .continue
        }
        return Set(last.values)
    }

    /// Shows every record of this export with the document as it was when it was written.
    private func eachRecord(
        from: EventPosition,
        until: EventPosition?,
        _ body: (DocumentExported, EventPosition, Document) throws -> Void
    ) throws {
        try reader.scan(from: from, until: until, content: true) { (batch) throws in
            try Self.eachRecord(in: batch, of: sink, stageNames, body)
            return .continue
        }
    }

    /// Shows every record of an export in a batch with the document as it was.
    static func eachRecord(
        in batch: borrowing EventBatch,
        of sink: SinkState,
        _ stageNames: [String],
        _ body: (DocumentExported, EventPosition, Document) throws -> Void
    ) throws {
        var replay = DocumentReplay()
        for index in batch.indices {
            // What later stages found was not known to this export.
            if let stage = stageNames.firstIndex(of: batch.stage(index)), stage > sink.stage {
                continue
            }
            guard let event = try replay.apply(batch, index), event.sink == sink.name,
                let document = replay.document
            else { continue }
            try body(event, batch[index].position, document)
        }
    }
}

/// Puts a document together again from its events, which stand in one batch.
struct DocumentReplay {
    private(set) var document: Document?

    /// Takes in an event; answers a `document.exported`.
    mutating func apply(
        _ batch: borrowing EventBatch,
        _ index: Int
    ) throws(CBORError) -> DocumentExported? {
        if batch.isErased(index) {
            // What is left of its stream is no document; an answer about its source may be gone
            // from one that is.
            if batch.type(index) == EventType.documentIngested.rawValue { document = nil }
            return nil
        }
        let facts = batch.facts(index)
        switch batch.type(index) {
        case EventType.documentIngested.rawValue:
            begin(try DocumentIngested(cbor: facts), id: batch.streamName(index))
            if let content = batch.content(index) { document?.body = Array(copying: content) }
        case EventType.documentCleaned.rawValue:
            document?.fields = try DocumentCleaned(cbor: facts).fields
            if let content = batch.content(index) { document?.body = Array(copying: content) }
        case EventType.documentEnriched.rawValue:
            document?.enrichments.append(try DocumentEnriched(cbor: facts))
        case EventType.documentExported.rawValue:
            return try DocumentExported(cbor: facts)
        default: break
        }
        return nil
    }

    private mutating func begin(_ event: DocumentIngested, id: String) {
        document = Document(
            id: DocumentID(rawValue: id),
            fields: event.fields,
            metadata: event.metadata,
            body: [],
            revision: event.sha256,
            origin: Document.Origin(
                source: event.source,
                offset: event.offset,
                record: event.record
            )
        )
    }
}

extension RenderedRecord {
    /// The whole record, once its position is known.
    func bytes(at position: EventPosition) -> [UInt8] {
        var bytes = head
        bytes.reserveCapacity(head.count + tail.count + 20)
        bytes.append(contentsOf: position.description.utf8)
        bytes.append(contentsOf: tail)
        return bytes
    }
}
