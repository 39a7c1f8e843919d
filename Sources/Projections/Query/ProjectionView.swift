package import Bytes
package import EventLog

/// A projection opened to be asked; a class because it holds the file, and a lock, until it goes.
///
/// Answers are values: ask, let go, then print.
package final class ProjectionView {
    /// What it shows.
    package let declaration: ProjectionDeclaration
    /// The position up to which it is complete.
    package let position: EventPosition

    let database: ProjectionDatabase
    private let lock: FileLock?

    init(
        _ declaration: ProjectionDeclaration,
        _ database: ProjectionDatabase,
        position: EventPosition,
        lock: FileLock?
    ) {
        self.declaration = declaration
        self.database = database
        self.position = position
        self.lock = lock
    }

    /// The digest of its contents.
    package func digest() throws(ProjectionError) -> SHA256Digest {
        try database.digest(of: declaration.projection)
    }

    /// The events that were left out because they cannot be read, in order of position.
    package func leftOut() throws(ProjectionError) -> [SetAsideEvent] {
        try database.leftOut()
    }

    /// What `annals show` prints.
    package func table() throws(ProjectionError) -> Table {
        switch declaration.kind {
        case .documents: DocumentRow.table(try documents())
        case .duplicates: DuplicateCluster.table(try duplicates())
        case .failures: FailureRow.table(try failures())
        case .runs: RunRow.table(try runs())
        case .index(_, let key): IndexRow.table(try index(), key: key)
        case .count(_, let key, let byMonth): CountRow.table(try counts(), key: key, byMonth)
        case .aggregation: try aggregate()
        }
    }

    func wrongKind(_ question: String) -> ProjectionError {
        ProjectionError(
            .invalidDeclaration,
            path: declaration.name,
            expected: "a projection that answers \(question)",
            found: declaration.name
        )
    }
}
