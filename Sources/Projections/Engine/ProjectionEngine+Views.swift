internal import EventLog

extension ProjectionEngine {
    /// Opens a projection as its file stands; ``catchUp(_:until:onPoison:report:progress:)`` first for the
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
        asOf limit: ReplayLimit,
        onPoison policy: PoisonPolicy = .stop
    ) throws -> ProjectionView {
        let end = try position(of: limit)
        let lock = try folder.lockForReading()
        for path in [folder.live(declaration.name), folder.asOf(declaration.name, end.rawValue)] {
            if let view = try? open(declaration, path, lock, at: end) { return view }
        }
        return try build(declaration, until: end, policy)
    }

    /// Folds the log into a file that is gone when the view is.
    func build(
        _ declaration: ProjectionDeclaration,
        until end: EventPosition,
        _ policy: PoisonPolicy
    ) throws -> ProjectionView {
        try folder.make()
        let path = folder.temporary(declaration.name)
        let session = try FoldSession(
            declaration,
            path: path,
            purpose: .build,
            isNew: true,
            setting(policy)
        )
        // Without a name nothing is left behind, however this process ends.
        folder.discard(path)
        try scan([session], to: end) { _ in }
        if let stop = session.stop { throw stop }
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
        guard
            case .trusted(let checkpoint) = try database.standing(
                of: declaration.projection,
                reader,
                schemas
            ),
            position == nil || checkpoint.position == position
        else { return nil }
        return ProjectionView(declaration, database, position: checkpoint.position, lock: lock)
    }
}
