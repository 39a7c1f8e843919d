internal import Events

/// The types of events that projections tell apart, as a small number that is found once a batch.
enum FactKind: UInt8, CaseIterable {
    case other, ingested, cleaned, dropped, unique, duplicate, enriched, exported, failed, retracted
    case removed
    case runStarted, runFinished

    fileprivate static let known: [(type: EventType, kind: FactKind, version: UInt8)] = [
        (.documentIngested, .ingested, DocumentIngested.schemaVersion),
        (.documentCleaned, .cleaned, DocumentCleaned.schemaVersion),
        (.documentDropped, .dropped, DocumentDropped.schemaVersion),
        (.documentUnique, .unique, DocumentUnique.schemaVersion),
        (.documentDuplicate, .duplicate, DocumentDuplicate.schemaVersion),
        (.documentEnriched, .enriched, DocumentEnriched.schemaVersion),
        (.documentExported, .exported, DocumentExported.schemaVersion),
        (.documentFailed, .failed, DocumentFailed.schemaVersion),
        (.documentRetracted, .retracted, 1),
        (.documentRemoved, .removed, DocumentRemoved.schemaVersion),
        (.runStarted, .runStarted, RunStarted.schemaVersion),
        (.runFinished, .runFinished, RunFinished.schemaVersion),
    ]

    /// The kind of a type's name.
    init(type: String) {
        self = Self.known.first { $0.type.rawValue == type }?.kind ?? .other
    }
}

/// The newest schema of each type that a program reads.
package struct KnownSchemas: Sendable, Hashable {
    private var versions: [UInt8]

    /// What this program reads.
    package static let current = KnownSchemas()

    private init() {
        versions = [UInt8](repeating: .max, count: FactKind.allCases.count)
        for known in FactKind.known { versions[Int(known.kind.rawValue)] = known.version }
    }

    /// What a program reads that knows another version of a type: for tests of what comes later.
    package func reading(_ version: UInt8, of type: String) -> KnownSchemas {
        var schemas = self
        schemas.versions[Int(FactKind(type: type).rawValue)] = version
        return schemas
    }

    /// Whether an event of a kind is of a schema that can be read.
    @inline(__always)
    func canRead(_ kind: FactKind, _ version: UInt8) -> Bool {
        version <= versions[Int(kind.rawValue)]
    }
}
