package import EventLog

extension ProjectionEngine {
    /// Brings projections up to date in one scan, each from where it is.
    ///
    /// Commits in chunks: killed anywhere, the same call goes on. What cannot be trusted is rebuilt
    /// beside and swapped, and said to `report`. Waits for another process that does the same. A
    /// projection that meets an event which it cannot read is complete up to there; the others go
    /// on to the end, and then its error is thrown.
    ///
    /// - Parameters:
    ///   - declarations: which.
    ///   - until: how far; the end of the log if nil.
    ///   - policy: what is done with an event that a projection cannot read.
    ///   - report: is told, in a sentence, what was wrong with a file.
    ///   - progress: is told after each commit; what it throws ends the scan there.
    /// - Returns: the position of each, by name.
    /// - Throws: ``ProjectionError``, ``LogError``, or what `progress` throws; what was committed
    ///   before stays.
    @discardableResult
    package func catchUp(
        _ declarations: [ProjectionDeclaration],
        until: ReplayLimit? = nil,
        onPoison policy: PoisonPolicy = .stop,
        report: (String) -> Void = { _ in },
        progress: (ProjectionProgress) throws -> Void = { _ in }
    ) throws -> [String: EventPosition] {
        let (end, lock) = try begin(until)
        defer { _ = lock }
        var distrusted: Set<String> = []
        while true {
            var sessions: [FoldSession] = []
            do {
                sessions = try open(declarations, distrusted, policy, report)
                try scan(sessions, to: end, progress)
                return try finish(sessions)
            } catch {
                distrusted.insert(
                    try culprit(of: error, sessions, declarations, distrusted, report)
                )
            }
        }
    }

    /// The same by `jobs` tasks at a time: for a log that is far ahead.
    @discardableResult
    package func catchUp(
        _ declarations: [ProjectionDeclaration],
        until: ReplayLimit? = nil,
        onPoison policy: PoisonPolicy = .stop,
        jobs: Int,
        report: (String) -> Void = { _ in },
        progress: (ProjectionProgress) throws -> Void = { _ in }
    ) async throws -> [String: EventPosition] {
        let (end, lock) = try begin(until)
        defer { _ = lock }
        var distrusted: Set<String> = []
        while true {
            var sessions: [FoldSession] = []
            do {
                sessions = try open(declarations, distrusted, policy, report)
                try await scan(sessions, to: end, jobs: jobs, progress)
                return try finish(sessions)
            } catch {
                distrusted.insert(
                    try culprit(of: error, sessions, declarations, distrusted, report)
                )
            }
        }
    }

    private func begin(_ until: ReplayLimit?) throws -> (EventPosition, FileLock?) {
        let end = try position(of: until)
        try folder.make()
        return (end, try folder.lockForCatchUp())
    }

    /// The projection whose file turned out to be damaged when it was written to, and is to be
    /// rebuilt; throws the error if there is none.
    private func culprit(
        of error: any Error,
        _ sessions: [FoldSession],
        _ declarations: [ProjectionDeclaration],
        _ distrusted: Set<String>,
        _ report: (String) -> Void
    ) throws -> String {
        for session in sessions where session.isBuild { folder.discard(session.path) }
        guard let error = error as? ProjectionError, error.code == .damaged,
            let culprit = declarations.first(where: { folder.live($0.name) == error.path }),
            !distrusted.contains(culprit.name)
        else { throw error }
        report(error.description)
        return culprit.name
    }

    /// Opens what is there and can be trusted; the rest is made, or rebuilt beside.
    private func open(
        _ declarations: [ProjectionDeclaration],
        _ distrusted: Set<String>,
        _ policy: PoisonPolicy,
        _ report: (String) -> Void
    ) throws -> [FoldSession] {
        try declarations.uniqueByName.map { declaration in
            let isTrusted = !distrusted.contains(declaration.name)
            return try session(declaration, isTrusted: isTrusted, policy, report)
        }
    }

    /// Lets go of the files, and swaps in those that were rebuilt.
    private func finish(_ sessions: [FoldSession]) throws -> [String: EventPosition] {
        var positions: [String: EventPosition] = [:]
        for session in sessions {
            positions[session.declaration.name] = session.checkpoint.position
            try session.close()
            if session.isBuild {
                try folder.swap(session.path, into: folder.live(session.declaration.name))
            }
        }
        if let stop = sessions.lazy.compactMap(\.stop).first { throw stop }
        return positions
    }

    /// A session that continues the live file, makes it, or rebuilds it beside.
    private func session(
        _ declaration: ProjectionDeclaration,
        isTrusted: Bool,
        _ policy: PoisonPolicy,
        _ report: (String) -> Void
    ) throws -> FoldSession {
        let live = folder.live(declaration.name)
        folder.discard(folder.building(declaration.name))
        folder.removeStrayJournals(of: live)
        func open(
            _ path: String,
            _ purpose: ProjectionDatabase.Purpose,
            isNew: Bool
        ) throws -> FoldSession {
            try FoldSession(
                declaration,
                path: path,
                purpose: purpose,
                isNew: isNew,
                setting(policy)
            )
        }
        guard ProjectionFolder.exists(live) else {
            // Killed here, there is no file rather than one without tables.
            let building = folder.building(declaration.name)
            try open(building, .live, isNew: true).close()
            try folder.name(building, live)
            return try open(live, .live, isNew: false)
        }
        if isTrusted {
            do {
                return try open(live, .live, isNew: false)
            } catch let error as ProjectionError where error.code == .damaged {
                report("\(declaration.name) is rebuilt: \(error.found)")
            }
        }
        return try open(folder.building(declaration.name), .build, isNew: true)
    }
}
