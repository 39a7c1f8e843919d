/// What a whole check of a store found.
package struct VerifyReport: Hashable, Sendable {
    /// One damaged place.
    package struct Damage: Hashable, Sendable {
        /// The file's name.
        package let segment: String
        /// The first event that cannot be trusted; nil where no event is concerned.
        package let first: EventPosition?
        /// The last event that cannot be trusted.
        package let last: EventPosition?
        /// The byte where the damage was met.
        package let offset: UInt64
        /// What is wrong.
        package let reason: String
    }

    /// Events that were read and are sound.
    package internal(set) var events: UInt64 = 0
    /// Segment files looked at.
    package internal(set) var segments = 0
    /// Damaged places, in the order of the log.
    package internal(set) var damage: [Damage] = []
    /// Events that an earlier repair found lost: known, so no damage.
    package internal(set) var gaps: [Gap] = []
    /// Events whose facts and content were erased, in order: known, so no damage.
    package internal(set) var erased: [EventPosition] = []
    /// Batches that hold such events: what they were before can no longer be checked.
    package internal(set) var erasedBatches = 0
    /// Bytes after the durable end, no damage: a batch being written, or the tail of a crash.
    package internal(set) var unacknowledgedBytes: UInt64 = 0

    /// Whether every byte is as it was written, or as a repair or an erasure left it.
    package var ok: Bool { damage.isEmpty }
}

/// How far a check is.
package struct VerifyProgress: Hashable, Sendable {
    /// Bytes of segments that were checked.
    package let done: UInt64
    /// Bytes of segments when the check began.
    package let total: UInt64
}
