internal import Events

/// The types of events that projections tell apart, as a small number that is found once a batch.
enum FactKind: UInt8 {
    case other, ingested, cleaned, dropped, unique, duplicate, enriched, exported, failed, retracted
    case runStarted, runFinished

    /// Withdrawn by a person: projections drop the document, its history stays.
    static let documentRetracted = EventType(rawValue: "document.retracted")

    private static let known: [(type: EventType, kind: FactKind, version: UInt8)] = [
        (.documentIngested, .ingested, DocumentIngested.schemaVersion),
        (.documentCleaned, .cleaned, DocumentCleaned.schemaVersion),
        (.documentDropped, .dropped, DocumentDropped.schemaVersion),
        (.documentUnique, .unique, DocumentUnique.schemaVersion),
        (.documentDuplicate, .duplicate, DocumentDuplicate.schemaVersion),
        (.documentEnriched, .enriched, DocumentEnriched.schemaVersion),
        (.documentExported, .exported, DocumentExported.schemaVersion),
        (.documentFailed, .failed, DocumentFailed.schemaVersion),
        (documentRetracted, .retracted, 1),
        (.runStarted, .runStarted, RunStarted.schemaVersion),
        (.runFinished, .runFinished, RunFinished.schemaVersion),
    ]

    /// The kind of a type's name.
    init(type: String) {
        self = Self.known.first { $0.type.rawValue == type }?.kind ?? .other
    }

    /// The newest schema of the kind that this program reads.
    var newestVersion: UInt8 {
        Self.known.first { $0.kind == self }?.version ?? .max
    }

    /// Whether it replaces all that was said of the document before.
    var startsRevision: Bool { self == .ingested || self == .failed }
}
