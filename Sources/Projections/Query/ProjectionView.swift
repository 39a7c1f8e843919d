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

    /// What `annals show` prints.
    package func table() throws(ProjectionError) -> Table {
        switch declaration.kind {
        case .documents: DocumentRow.table(try documents())
        case .duplicates: DuplicateCluster.table(try duplicates())
        case .failures: FailureRow.table(try failures())
        case .runs: RunRow.table(try runs())
        case .index(_, let key): IndexRow.table(try index(), key: key)
        case .count(_, let key, let byMonth): CountRow.table(try counts(), key: key, byMonth)
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

extension ProjectionEngine {
    /// Opens a projection as its file stands; ``catchUp(_:until:report:progress:)`` first for the
    /// newest events.
    package func view(_ declaration: ProjectionDeclaration) throws -> ProjectionView {
        let path = folder.live(declaration.name)
        let lock = try folder.lockForReading()
        guard let view = try open(declaration, path, lock, at: nil) else {
            throw ProjectionError(
                .notBuilt,
                path: path,
                expected: "the projection of this log",
                found: ProjectionFolder.exists(path) ? "one of another log or version" : "no file",
                hint: "annals replay builds it"
            )
        }
        return view
    }

    /// Opens a projection as of a position or time: the live file if it is just there, one that a
    /// replay left, else one built now that is gone when the view is.
    package func snapshot(
        _ declaration: ProjectionDeclaration,
        asOf limit: ReplayLimit
    ) throws -> ProjectionView {
        let end = try position(of: limit)
        let lock = try folder.lockForReading()
        for path in [folder.live(declaration.name), folder.asOf(declaration.name, end.rawValue)] {
            if let view = try? open(declaration, path, lock, at: end) { return view }
        }
        try folder.make()
        let path = folder.temporary(declaration.name)
        let session = try FoldSession(
            declaration,
            path: path,
            purpose: .build,
            isNew: true,
            reader: reader
        )
        // Without a name nothing is left behind, however this process ends.
        folder.discard(path)
        try scan([session], to: end) { _ in }
        return ProjectionView(declaration, session.finish(), position: end, lock: nil)
    }

    /// Opens a file whose checkpoint holds and, if a position is given, is there.
    private func open(
        _ declaration: ProjectionDeclaration,
        _ path: String,
        _ lock: FileLock?,
        at position: EventPosition?
    ) throws -> ProjectionView? {
        guard ProjectionFolder.exists(path) else { return nil }
        let database = try ProjectionDatabase(path, for: .read)
        guard try database.isOurs(), let checkpoint = try database.read({ try Checkpoint($0) }),
            try checkpoint.mismatch(with: declaration.projection, in: reader) == nil,
            position == nil || checkpoint.position == position
        else { return nil }
        return ProjectionView(declaration, database, position: checkpoint.position, lock: lock)
    }
}
