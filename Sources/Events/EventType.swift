/// What can happen, as the name that stands in the log.
package struct EventType: RawRepresentable, Hashable, Sendable {
    /// The name in the log, such as `document.ingested`.
    package let rawValue: String

    /// Takes a name.
    package init(rawValue: String) { self.rawValue = rawValue }

    /// A pipeline's definition and the fingerprint of each stage.
    package static let pipelineDefined = EventType(rawValue: "pipeline.defined")
    /// A run began.
    package static let runStarted = EventType(rawValue: "run.started")
    /// A run ended, with its balance sheet.
    package static let runFinished = EventType(rawValue: "run.finished")
    /// A torn tail was cut when the store was opened.
    package static let logRecovered = EventType(rawValue: "log.recovered")
    /// Damage in the log was repaired.
    package static let logRepaired = EventType(rawValue: "log.repaired")
    /// A document was read.
    package static let documentIngested = EventType(rawValue: "document.ingested")
    /// A document's body was cleaned and its fields were split off.
    package static let documentCleaned = EventType(rawValue: "document.cleaned")
    /// A filter dropped a document.
    package static let documentDropped = EventType(rawValue: "document.dropped")
    /// A document is no duplicate of an earlier one.
    package static let documentUnique = EventType(rawValue: "document.unique")
    /// A document is a duplicate of an earlier one.
    package static let documentDuplicate = EventType(rawValue: "document.duplicate")
    /// An annotator found something in a document, or found nothing.
    package static let documentEnriched = EventType(rawValue: "document.enriched")
    /// A document's record was placed in an export.
    package static let documentExported = EventType(rawValue: "document.exported")
    /// A document could not be processed.
    package static let documentFailed = EventType(rawValue: "document.failed")
    /// A document's source no longer holds it.
    package static let documentRemoved = EventType(rawValue: "document.removed")
    /// Withdrawn by a person: projections and exports drop the document, its history stays.
    package static let documentRetracted = EventType(rawValue: "document.retracted")
    /// An export was written anew without the records that no longer hold.
    package static let exportRewritten = EventType(rawValue: "export.rewritten")
    /// A plugin gave an answer that is recorded.
    package static let pluginAnswered = EventType(rawValue: "plugin.answered")

    /// The type of an event that a plugin appends: `plugin:NAME/TYPE`.
    package static func ofPlugin(_ name: String, _ type: String) -> EventType {
        EventType(rawValue: "plugin:\(name)/\(type)")
    }
}
