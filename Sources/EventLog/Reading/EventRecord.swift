/// The fixed-size part of an event; names are indices into its batch's tables.
package struct EventRecord: Hashable, Sendable {
    /// The event's place in the log.
    package let position: EventPosition
    /// The event's number in its stream.
    package let streamVersion: UInt32
    /// Which of the batch's streams.
    package let streamIndex: Int
    /// Which of the batch's types.
    package let typeIndex: Int
    /// Which of the batch's stages.
    package let stageIndex: Int
    /// The version of the type's payload.
    package let schemaVersion: UInt8
    /// The event that led to this one.
    package let cause: EventPosition?
    /// Whether it carries content beside its facts.
    package let hasContent: Bool
    /// Whether its facts and content were erased: what is left of the facts says nothing.
    package let isErased: Bool

    @usableFromInline
    init(
        position: EventPosition,
        streamVersion: UInt32,
        streamIndex: Int,
        typeIndex: Int,
        stageIndex: Int,
        schemaVersion: UInt8,
        cause: EventPosition?,
        hasContent: Bool,
        isErased: Bool
    ) {
        self.position = position
        self.streamVersion = streamVersion
        self.streamIndex = streamIndex
        self.typeIndex = typeIndex
        self.stageIndex = stageIndex
        self.schemaVersion = schemaVersion
        self.cause = cause
        self.hasContent = hasContent
        self.isErased = isErased
    }
}

/// One event with all it carries, copied out of its batch.
package struct StoredEvent: Hashable, Sendable {
    /// The fixed-size part.
    package let record: EventRecord
    /// When its batch was committed, in microseconds since 1970.
    package let time: UInt64
    /// The run that appended it.
    package let run: String
    /// The stream's name.
    package let stream: String
    /// The type's name.
    package let type: String
    /// The stage's name, empty for the runner.
    package let stage: String
    /// The facts.
    package let facts: [UInt8]
    /// The content, if it carries one and it was asked for.
    package let content: [UInt8]?
}
