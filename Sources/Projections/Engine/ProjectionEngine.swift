package import Bytes
package import EventLog

/// Up to where a view is wanted.
package enum ReplayLimit: Sendable, Hashable {
    /// The events before a position.
    case position(EventPosition)
    /// The events committed up to a time, in microseconds since 1970.
    case time(UInt64)
    /// The events up to a run's last: a run by its name, or by how that begins.
    case run(String)
}

/// How far a scan has come.
package struct ProjectionProgress: Sendable, Hashable {
    /// The position up to which the projections are complete.
    package let position: EventPosition
    /// The position at which the scan ends.
    package let end: EventPosition
}

/// What replay says of a projection.
package struct ReplayResult: Sendable, Hashable {
    /// Its name.
    package let projection: String
    /// How many events it was folded from.
    package let events: Int
    /// The position up to which it is complete.
    package let position: EventPosition
    /// The digest of its contents.
    package let digest: SHA256Digest
    /// How long it took from the scan's beginning.
    package let seconds: Double
    /// How many events were left out because they cannot be read.
    package let skipped: Int
    package let parked: Int
    /// The file or folder that was built.
    package let path: String

    /// States what a rebuilt projection is; nothing was left out unless it is said.
    package init(
        projection: String,
        events: Int,
        position: EventPosition,
        digest: SHA256Digest,
        seconds: Double,
        skipped: Int = 0,
        parked: Int = 0,
        path: String
    ) {
        self.projection = projection
        self.events = events
        self.position = position
        self.digest = digest
        self.seconds = seconds
        self.skipped = skipped
        self.parked = parked
        self.path = path
    }
}

/// Brings the projections of a store up to date, rebuilds them, and opens them to be asked.
package struct ProjectionEngine: Sendable {
    /// The log.
    package var reader: EventLogReader
    let store: String
    /// Limits on what waits in memory between two commits.
    let limits: ChunkLimits
    let schemas: KnownSchemas

    /// How much is folded between two commits.
    package struct ChunkLimits: Sendable {
        /// Events, as long as the log is short: later an eighth of what lies before.
        package var events = 65_536
        /// Bytes in memory, of all projections together.
        package var bytes = 64 << 20

        /// The usual limits.
        package init() {}
    }

    /// Takes a store and a reader of its log; `schemas` is what the program reads.
    package init(
        store: String,
        reader: EventLogReader,
        limits: ChunkLimits = ChunkLimits(),
        schemas: KnownSchemas = .current
    ) {
        self.store = store
        self.reader = reader
        self.limits = limits
        self.schemas = schemas
    }

    var folder: ProjectionFolder { ProjectionFolder(store: store) }

    func setting(_ policy: PoisonPolicy) -> FoldSession.Setting {
        FoldSession.Setting(reader: reader, schemas: schemas, policy: policy)
    }

    /// The position at which a limit ends.
    func position(of limit: ReplayLimit?) throws -> EventPosition {
        guard let limit else { return reader.end }
        do {
            return try reader.position(of: limit)
        } catch var error as ProjectionError {
            error.path = store
            throw error
        }
    }
}

extension [ProjectionDeclaration] {
    /// The first of each name: one file, one fold.
    var uniqueByName: [ProjectionDeclaration] {
        var names: Set<String> = []
        return filter { names.insert($0.name).inserted }
    }
}
