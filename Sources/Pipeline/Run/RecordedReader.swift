internal import Bytes
internal import EventLog
package import Events

/// Reads documents back from the log with what it says of each, in the order in which it first saw
/// them.
///
/// Statements made by different runs lie apart, each batch with some documents of this order and
/// some of that. So a stretch of documents is read in the log's order, each batch once, and handed
/// out in theirs.
struct RecordedReader: ~Copyable {
    private let log: EventLogReader
    private let state: StoreState
    private let stages: [PipelineDefined.StageFingerprint]
    private let statements: [EventPosition]
    private let retries: Retries
    private let content: Bool
    private var next = 0
    /// Documents that were read and not handed out yet, the next one first.
    private var read: ArraySlice<Document> = []
    /// How many statements are read in the log's order at a time.
    private var stretch = Self.stretchLimit
    private var cursor: BatchCursor
    /// The positions that the cursor's batch shows.
    private var shown: Range<EventPosition> = .first ..< .first
    /// What of each generation's results holds, found when it is first met.
    private var reuse: [Int: StageReuse] = [:]

    /// - Parameters:
    ///   - log: where the documents are read.
    ///   - statements: where their last statements begin.
    ///   - state: what the log said when it was read.
    ///   - stages: the stages that the documents are to go through.
    ///   - retries: the failed documents to try again.
    ///   - content: whether bodies are wanted.
    init(
        _ log: EventLogReader,
        _ statements: [EventPosition],
        state: StoreState,
        stages: [PipelineDefined.StageFingerprint],
        retries: Retries = .none,
        content: Bool = true
    ) {
        self.log = log
        self.state = state
        self.stages = stages
        self.statements = statements
        self.retries = retries
        self.content = content
        cursor = log.cursor(from: statements.min() ?? .first, content: content)
    }

    /// How many documents there are.
    var count: Int { statements.count }

    /// The next documents, at most 256 of them or about 1 MiB; nil at the end.
    mutating func nextDocuments() throws -> [Document]? {
        if read.isEmpty { read = try nextStretch() }
        guard !read.isEmpty else { return nil }
        var count = 0
        var bytes = 0
        for document in read where count < 256 && bytes < 1 << 20 {
            bytes += document.body.count
            count += 1
        }
        defer { read.removeFirst(count) }
        return Array(read.prefix(count))
    }

    private static let stretchLimit = 4096
    private static let stretchByteLimit = 16 << 20

    /// Reads the next stretch of documents: fewer of them, the larger they are.
    private mutating func nextStretch() throws -> ArraySlice<Document> {
        var end = min(next + stretch, statements.count)
        var documents = [Document?](repeating: nil, count: end - next)
        var bytes = 0
        let order = (next..<end).sorted { statements[$0] < statements[$1] }
        for number in order where number < end {
            let document = try document(at: statements[number])
            bytes += document.recordedByteCount
            documents[number - next] = document
            while bytes > Self.stretchByteLimit, end - next > 1 {
                end -= (end - next) / 2
                documents.removeLast(documents.count - (end - next))
                bytes = documents.reduce(0) { $0 + ($1?.recordedByteCount ?? 0) }
            }
        }
        stretch = min(2 * max(end - next, 1), Self.stretchLimit)
        next = end
        return documents.compactMap(\.self)[...]
    }

    private mutating func document(at position: EventPosition) throws -> Document {
        try seek(position)
        return try Self.document(
            at: position,
            in: cursor.batch,
            reuse: reuse(ofStatementAt: position),
            state: state,
            retries: retries
        )
    }

    private mutating func seek(_ position: EventPosition) throws {
        guard !shown.contains(position) else { return }
        if position >= shown.upperBound {
            cursor.skip(to: position)
        } else {
            cursor = log.cursor(from: position, content: content)
        }
        guard try cursor.next() else { throw Self.missing(position) }
        let (first, indices) = (cursor.batch.firstPosition, cursor.batch.indices)
        shown = first.advanced(by: indices.lowerBound)..<first.advanced(by: indices.upperBound)
        guard shown.contains(position) else { throw Self.missing(position) }
    }

    private static func missing(_ position: EventPosition) -> RunError {
        .unreadableLog("the event at position \(position) is gone")
    }

    private mutating func reuse(ofStatementAt position: EventPosition) -> StageReuse {
        let generation = state.generation(ofStatementAt: position)
        if let known = reuse[generation] { return known }
        let earlier = generation < state.generations.count ? state.generations[generation] : nil
        let found = StageReuse(from: earlier?.stages ?? [], to: stages)
        reuse[generation] = found
        return found
    }

    /// Puts a document together as it was read, with what the log says of its way.
    private static func document(
        at position: EventPosition,
        in batch: borrowing EventBatch,
        reuse: StageReuse,
        state: StoreState,
        retries: Retries
    ) throws -> Document {
        let first = Int(position.rawValue - batch.firstPosition.rawValue)
        let stream = batch[first].streamIndex
        var way = RecordedWay(
            events: Array(repeating: [], count: reuse.stages.count),
            reuse: reuse,
            settled: position
        )
        var streamVersion: UInt32 = 0
        var index = first
        while index < batch.count, batch[index].streamIndex == stream {
            let record = batch[index]
            streamVersion = record.streamVersion + 1
            // An answer about the source that told of a withdrawn document, too.
            if record.isErased {
                index += 1
                continue
            }
            var body: [UInt8]?
            if let content = batch.content(index) { body = Array(copying: content) }
            let event = PendingEvent(
                type: EventType(rawValue: batch.type(index)),
                schemaVersion: record.schemaVersion,
                stage: index == first ? 0 : reuse.numbers[batch.stage(index)] ?? -1,
                facts: Array(copying: batch.facts(index)),
                content: body
            )
            way.note(event, at: record.position, state.sinks)
            index += 1
        }
        let id = DocumentID(rawValue: batch.streamName(first))
        way.retries = retries.includes(id)
        return try Document(id: id, way: way, streamVersion: streamVersion)
    }
}

/// The failed documents to try again.
package enum Retries: Sendable, Equatable {
    /// None: what failed stays as it is.
    case none
    /// All whose failure says that trying again can help.
    case all
    /// These, if trying again can help.
    case some(Set<DocumentID>)

    func includes(_ id: DocumentID) -> Bool {
        switch self {
        case .none: false
        case .all: true
        case .some(let documents): documents.contains(id)
        }
    }
}

extension RecordedWay {
    /// Notes an event of the document's last statement.
    fileprivate mutating func note(
        _ event: PendingEvent,
        at position: EventPosition,
        _ sinks: [SinkState]
    ) {
        if event.type == .documentExported {
            if let sink = sinks.first(where: { $0.stage == event.stage }),
                position >= sink.generationStart
            {
                exports.insert(event.stage)
            } else {
                holdsMore = holdsMore || event.stage < 0
            }
        } else if event.isOutcome {
            if event.stage < 0 { holdsMore = true } else { events[event.stage].append(event) }
        }
    }
}

extension Document {
    /// About how much memory it takes, with what the log says of it.
    fileprivate var recordedByteCount: Int {
        let events = way?.events.reduce(0) { $0 + $1.reduce(0) { $0 + $1.facts.count } } ?? 0
        return body.count + events + 1024
    }

    /// A document as it was read, and as the log says that it failed to be read.
    fileprivate init(id: DocumentID, way: RecordedWay, streamVersion: UInt32) throws {
        guard let event = way.events.first?.first else {
            throw RunError.unreadableLog("the document '\(id.rawValue)' has no beginning")
        }
        if event.type == .documentIngested {
            let ingested = try DocumentIngested(cbor: event.facts.span)
            self.init(
                id: id,
                fields: ingested.fields,
                metadata: ingested.metadata,
                body: [],
                revision: ingested.sha256,
                origin: Origin(
                    source: ingested.source,
                    offset: ingested.offset,
                    record: ingested.record
                )
            )
        } else {
            let failed = try DocumentFailed(cbor: event.facts.span)
            self.init(
                id: id,
                fields: DocumentFields(),
                metadata: .map([]),
                body: [],
                revision: failed.sha256,
                origin: Origin(source: failed.file, offset: failed.offset, record: nil)
            )
        }
        self.way = way
        self.streamVersion = streamVersion
        try recall(way.events[0])
    }
}
