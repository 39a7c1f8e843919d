package import Bytes
package import Events

/// A document on its way through the stages.
package struct Document: Sendable {
    /// Its identity.
    package var id: DocumentID
    /// What is known of it around the body; a stage may fill what is missing.
    package var fields: DocumentFields
    /// What else its source says of it, a map.
    package var metadata: CBORValue
    /// The body, UTF-8.
    package var body: [UInt8]
    /// SHA-256, in hexadecimal, of its text and of what its source says of it.
    package let revision: String
    /// Where it was read.
    package let origin: Origin
    /// The words of the body; the stage that changes the body calls ``tokenize()`` afterwards.
    package private(set) var words: [WordToken] = []
    /// What has become of it; stages leave a document alone that is not live.
    package var fate = Fate.live
    /// What the stages found, in order: the events to append.
    package var events: [PendingEvent] = []
    /// A recorded answer that is about its whole source: appended with the first of its documents
    /// that the log does not know.
    package var sourceAnswer: PendingEvent?
    /// What the annotators found so far, in the stages' order, for exporters.
    package var enrichments: [DocumentEnriched] = []
    /// What deduplicate measured, on its way to the ordered decision.
    package var fingerprint: DocumentFingerprint?
    /// How many events its stream holds already.
    package var streamVersion: UInt32 = 0
    /// What the log says of its way; nil for one that was read from its source.
    var way: RecordedWay?
    /// The records that exporters rendered, on their way to their places in the files.
    package var exports: [RenderedRecord] = []

    /// A place in a source.
    package struct Origin: Sendable, Equatable {
        /// The file's path relative to the working folder, or `-`.
        package let source: String
        /// Where the record begins, in bytes of the decompressed file.
        package let offset: Int
        /// The record's number in the file, from 1; nil where the file is the document.
        package let record: Int?

        /// States a place.
        package init(source: String, offset: Int, record: Int?) {
            self.source = source
            self.offset = offset
            self.record = record
        }

        /// The identity of what has no key of its own: the path, with `#` and the record's number.
        package var id: DocumentID {
            DocumentID(rawValue: record.map { "\(source)#\($0)" } ?? source)
        }
    }

    /// What has become of a document.
    package enum Fate: Sendable, Equatable {
        /// On its way.
        case live
        /// Known from an earlier run, with the same content and pipeline: no stage takes it in.
        case unchanged
        /// Dropped, duplicate or failed at the stage with this number.
        case settled(stage: Int, outcome: Outcome)
    }

    /// How a stage takes a document out of the stream.
    package enum Outcome: Sendable, Equatable {
        case dropped, duplicate, failed
    }

    /// Begins a document's way.
    package init(
        id: DocumentID,
        fields: DocumentFields,
        metadata: CBORValue,
        body: [UInt8],
        revision: String,
        origin: Origin
    ) {
        self.id = id
        self.fields = fields
        self.metadata = metadata
        self.body = body
        self.revision = revision
        self.origin = origin
    }

    /// A record that failed where it was read: it has a place and a reason, and no text.
    ///
    /// Without an id of its own it is known by its place.
    package init(
        failed failure: DocumentFailed,
        id: DocumentID? = nil,
        at origin: Origin,
        stage: Int
    ) {
        self.init(
            id: id ?? origin.id,
            fields: DocumentFields(),
            metadata: .map([]),
            body: [],
            revision: failure.sha256,
            origin: origin
        )
        fail(failure, stage: stage)
    }

    /// Whether stages still take it in.
    package var isLive: Bool { fate == .live }

    /// Splits the body into words anew.
    package mutating func tokenize() {
        var tokens: [WordToken] = []
        tokens.reserveCapacity(body.count / 5)
        WordTokenizer.tokenize(body.span, into: &tokens)
        words = tokens
        way?.awaitsWords = false
    }

    /// Adds an event.
    ///
    /// - Parameters:
    ///   - event: the facts.
    ///   - stage: the number of the stage in the pipeline.
    ///   - content: the body that goes with it, if the event carries one.
    package mutating func record(
        _ event: some EventPayload,
        stage: Int,
        content: [UInt8]? = nil
    ) {
        events.append(PendingEvent(event, stage: stage, content: content))
    }

    /// Takes the document out of the stream as failed.
    package mutating func fail(_ failure: DocumentFailed, stage: Int) {
        record(failure, stage: stage)
        fate = .settled(stage: stage, outcome: .failed)
    }

    /// Drops the document by a rule.
    package mutating func drop(_ decision: DocumentDropped, stage: Int) {
        record(decision, stage: stage)
        fate = .settled(stage: stage, outcome: .dropped)
    }
}

/// An event on its way to the log.
package struct PendingEvent: Sendable, Equatable {
    /// Its type.
    package let type: EventType
    /// Its payload's schema version.
    package let schemaVersion: UInt8
    /// The number of the stage that appends it.
    package let stage: Int
    /// Its payload, CBOR.
    package let facts: [UInt8]
    /// The body that goes with it.
    package let content: [UInt8]?

    /// Encodes an event's payload.
    package init<Payload: EventPayload>(_ event: Payload, stage: Int, content: [UInt8]? = nil) {
        type = Payload.type
        schemaVersion = Payload.schemaVersion
        self.stage = stage
        facts = event.encoded
        self.content = content
    }

    /// Takes an event as the log has it.
    init(
        type: EventType,
        schemaVersion: UInt8,
        stage: Int,
        facts: [UInt8],
        content: [UInt8]?
    ) {
        self.type = type
        self.schemaVersion = schemaVersion
        self.stage = stage
        self.facts = facts
        self.content = content
    }

    /// Takes an event whose type is not one of the house.
    package init(type: EventType, facts: CBORValue, stage: Int) {
        self.type = type
        schemaVersion = 1
        self.stage = stage
        self.facts = facts.encoded
        content = nil
    }
}

/// A document's record in an export, complete but for its position.
package struct RenderedRecord: Sendable {
    /// The number of the export stage.
    package let stage: Int
    /// The bytes before the position.
    package let head: [UInt8]
    /// The bytes after it.
    package let tail: [UInt8]

    /// Takes the two parts.
    package init(stage: Int, head: [UInt8], tail: [UInt8]) {
        self.stage = stage
        self.head = head
        self.tail = tail
    }
}
