internal import Bytes
internal import EventLog
internal import Events

/// What the log holds of documents that are to be withdrawn: two looks at it, one without contents.
struct TakedownSurvey {
    /// What is known of one of them.
    struct Found {
        var source = ""
        /// How many events its stream holds.
        var version: UInt32 = 0
        var revisions: [String] = []
        var words: [String] = []
        /// Where texts as read lie, whose words are still to be hashed.
        var texts: [EventPosition] = []
        /// What is to be erased.
        var erases: Set<EventPosition> = []
        /// Exports that hold a record of it.
        var exports: Set<String> = []
        /// Where those lay.
        var paths: Set<String> = []
        /// Whether it is withdrawn, and nothing came after.
        var isRetracted = false
        /// Paths that it was read at.
        var sources: Set<String> = []
        var copies: [String] = []
    }

    private(set) var found: [String: Found] = [:]
    /// What each document is a copy of, where that is one of those looked for.
    private var originals: [String: String] = [:]
    /// Answers that are about a whole source, which one of its documents carries.
    private var sourceAnswers: [(position: EventPosition, source: String)] = []

    init(of documents: [DocumentID], in reader: EventLogReader) throws {
        for document in documents { found[document.rawValue] = Found() }
        try reader.scan { (batch) throws in
            try look(at: batch)
            return .continue
        }
        for (copy, original) in originals.sorted(by: { $0.key < $1.key }) where found[copy] == nil {
            found[original]?.copies.append(copy)
        }
        for (id, document) in found {
            var document = document
            for position in document.texts {
                let text = try reader.record(at: position).content ?? []
                document.words.append(Hash128(wordsOf: text.span).digits)
            }
            for answer in sourceAnswers where document.sources.contains(answer.source) {
                document.erases.insert(answer.position)
            }
            document.words = Self.unique(document.words)
            document.revisions = Self.unique(document.revisions)
            found[id] = document
        }
    }

    private static func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }

    private mutating func look(at batch: borrowing EventBatch) throws {
        let answered = batch.typeIndex(of: EventType.pluginAnswered.rawValue)
        let ingested = batch.typeIndex(of: EventType.documentIngested.rawValue)
        let duplicate = batch.typeIndex(of: EventType.documentDuplicate.rawValue)
        let removed = batch.typeIndex(of: EventType.documentRemoved.rawValue)
        // Of the document at hand, in a batch with answers: its source and the reading stage.
        var current: (stream: Int, stage: Int, source: String)?
        var (stream, id) = (-1, "")
        for index in batch.indices {
            let record = batch[index]
            let isErased = record.isErased
            if record.streamIndex != stream {
                (stream, id) = (record.streamIndex, batch.streamName(index))
            }
            if record.typeIndex == removed { originals[id] = nil }
            if record.typeIndex == ingested {
                originals[id] = nil
                if answered != nil, !isErased {
                    let source = try DocumentIngested(cbor: batch.facts(index)).source
                    current = (record.streamIndex, record.stageIndex, source)
                }
            } else if record.typeIndex == duplicate, !isErased {
                let event = try DocumentDuplicate(cbor: batch.facts(index))
                if found[event.original.rawValue] != nil {
                    originals[id] = event.original.rawValue
                }
            } else if record.typeIndex == answered, !isErased, let current,
                current.stream == record.streamIndex, current.stage == record.stageIndex
            {
                sourceAnswers.append((record.position, current.source))
            }
            guard var document = found[id] else { continue }
            document.version = record.streamVersion + 1
            try Self.note(batch, index, in: &document)
            found[id] = document
        }
    }

    /// Takes in an event of a document that is looked for.
    private static func note(
        _ batch: borrowing EventBatch,
        _ index: Int,
        in document: inout Found
    ) throws(CBORError) {
        let type = EventType(rawValue: batch.type(index))
        let facts = batch.facts(index)
        guard !batch.isErased(index) else { return }
        // That its source no longer holds it makes no difference to that.
        if type != .documentRemoved { document.isRetracted = type == .documentRetracted }
        switch type {
        case .documentExported:
            // Where a record lay is needed to know how long the file is; it says nothing of it.
            let event = try DocumentExported(cbor: facts)
            document.exports.insert(event.sink)
            document.paths.insert(event.path)
            return
        case .documentDropped, .documentRemoved: return
        case .documentRetracted:
            let event = try DocumentRetracted(cbor: facts)
            document.source = event.source
            document.revisions += event.revisions
            document.words += event.words
            return
        case .documentIngested:
            let event = try DocumentIngested(cbor: facts)
            document.source = event.source
            document.sources.insert(event.source)
            document.revisions.append(event.sha256)
            document.texts.append(batch[index].position)
        case .documentFailed:
            let event = try DocumentFailed(cbor: facts)
            if document.source.isEmpty { document.source = event.file }
            document.revisions.append(event.sha256)
        case .documentUnique:
            document.words.append(try DocumentUnique(cbor: facts).fingerprint.exact.digits)
        case .documentDuplicate:
            document.words.append(try DocumentDuplicate(cbor: facts).fingerprint.exact.digits)
        default: break
        }
        document.erases.insert(batch[index].position)
    }
}
