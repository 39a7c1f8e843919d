package import EventLog
package import Events

/// What a run would do, and why; nothing is changed by finding out.
package struct RunPlan: Sendable {
    /// What a stage would do about documents.
    package struct StageWork: Sendable, Equatable {
        /// The stage's name.
        package let stage: String
        /// Documents that it would measure: at most so many, where an earlier stage may yet settle
        /// some of them.
        package var run = 0
        /// Documents of which it would decide anew on what it measured.
        package var decide = 0
        /// Documents of which it would say what the log says.
        package var reuse = 0
        /// Failed documents that it would try again.
        package var retry = 0
        /// Documents that are gone from where it read them.
        package var remove = 0
        /// Why it would do anything about documents that the log knows.
        package var reasons: [String] = []
    }

    /// What would become of a document that is concerned.
    package struct Item: Sendable, Equatable {
        /// Why a document is concerned.
        package enum Action: String, Sendable, CaseIterable {
            /// The log does not know it.
            case add
            /// Its source holds another text, or says something else of it.
            case change
            /// Its source no longer holds it.
            case remove
            /// A stage that it came to is another, or comes after another.
            case run
            /// What was decided of it changes.
            case decide
            /// It failed, and is tried again.
            case retry
        }

        /// The document.
        package let document: DocumentID
        /// Why it is concerned.
        package let action: Action
        /// The first stage that has something to do about it.
        package let stage: String
        /// SHA-256 of its revision, in hexadecimal.
        package let revision: String
    }

    /// The pipeline's name.
    package let pipeline: String
    /// The store; nil where there is none yet.
    package let store: StoreID?
    /// The log's end when the plan was made.
    package let position: EventPosition
    /// The stages that would run.
    package let fingerprints: [PipelineDefined.StageFingerprint]
    /// The work of each stage.
    package var stages: [StageWork]
    /// The documents that are concerned, those of the log in its order, then those of the sources,
    /// then copies of those that change or go.
    package var items: [Item] = []
    /// Documents that are left as they are.
    package var unchanged = 0
    /// Documents, of those that are left, that come after changed ones: each may turn out to be a
    /// copy of one of those, which only measuring tells.
    package var dependents = 0
    /// Why there is work that no stage is the reason for.
    package var reasons: [String] = []
    /// Sources and records that cannot be read, with the reason.
    package var unreadable: [String] = []
    /// Whether a run that was interrupted would be taken up.
    package var takesUp = false
    /// Whether a takedown that was interrupted would be completed.
    package var completesTakedown = false
    /// Whether there is another definition to record.
    package var isRedefined = false
    /// How long it would take, in seconds, by the last runs that did something; nil without one.
    package var seconds: Double?

    /// Whether a run would do anything but begin and end.
    package var hasWork: Bool { !items.isEmpty || takesUp || completesTakedown }

    /// How many documents there are for each reason.
    package var counts: [(action: Item.Action, documents: Int)] {
        Item.Action.allCases.map { action in (action, items.count { $0.action == action }) }
    }
}
