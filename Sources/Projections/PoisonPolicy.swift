package import EventLog

/// What is done with an event that a projection cannot read: its schema is newer than the program,
/// or its facts are not what its schema says.
package struct PoisonPolicy: Sendable, Hashable {
    /// What is done.
    package enum Action: String, Sendable, Hashable, CaseIterable {
        /// The projection is complete up to the event and goes no further.
        case stop
        /// The event is left out, and that is recorded.
        case skip
        /// The event and all later ones of its stream are left out, and that is recorded, until a
        /// program can read it: that one folds them in their places.
        case park
    }

    /// What is done.
    package var action: Action
    /// How many events may be skipped or parked; the next one stops the projection.
    package var limit: Int

    package init(_ action: Action, limit: Int = 1000) {
        self.action = action
        self.limit = limit
    }

    /// The projection stops: nothing is left out unless somebody says so.
    package static let stop = PoisonPolicy(.stop)
}

/// An event that a projection left out.
package struct SetAsideEvent: Sendable, Hashable {
    /// Whether it is parked, not skipped.
    package let isParked: Bool
    /// Its position.
    package let position: EventPosition
    /// Its type.
    package let type: String
    /// The version of its schema.
    package let schemaVersion: UInt8
    /// Its stream: for most events a document's identity.
    package let document: String
    /// `newer-event`, `undecodable-event`, or `behind-parked` for one that is parked only because
    /// an earlier one of its stream is.
    package let code: String
    /// What is wrong with it, in words.
    package let reason: String
}
