internal import EventLog

extension ProjectionEngine {
    /// Rebuilds projections from the first event in one scan, and swaps them in.
    ///
    /// With `until` the files are left beside the live ones, which stay as they are. The log is
    /// folded by `jobs` tasks at a time; what is built is the same, byte for byte, however many
    /// there are.
    ///
    /// - Parameters:
    ///   - declarations: which.
    ///   - until: how far; the end of the log if nil.
    ///   - policy: what is done with an event that a projection cannot read.
    ///   - jobs: how many parts of the log are folded at the same time, at least 1.
    ///   - now: the time that has passed since some moment, from the caller's clock.
    ///   - progress: is told after each commit; what it throws ends the replay.
    /// - Returns: what was built, in the order of the declarations.
    /// - Throws: ``ProjectionError``, ``LogError``, or what `progress` throws; nothing is swapped
    ///   then.
    package func replay(
        _ declarations: [ProjectionDeclaration],
        until: ReplayLimit? = nil,
        onPoison policy: PoisonPolicy = .stop,
        jobs: Int = 1,
        now: () -> Duration,
        progress: (ProjectionProgress) throws -> Void = { _ in }
    ) async throws -> [ReplayResult] {
        let end = try position(of: until)
        try folder.make()
        let lock = try folder.lockForCatchUp()
        defer { _ = lock }
        let began = now()
        let sessions = try declarations.uniqueByName.map { declaration in
            let path = folder.building(declaration.name)
            folder.discard(path)
            return try FoldSession(
                declaration,
                path: path,
                purpose: .build,
                isNew: true,
                setting(policy)
            )
        }
        do {
            try await scan(sessions, to: end, jobs: jobs, progress)
            if let stop = sessions.lazy.compactMap(\.stop).first { throw stop }
            // The disk writes while the rows are read once more.
            let (folder, paths) = (folder, sessions.map(\.path))
            async let isWritten: Void = folder.writeOut(paths)
            let digests = try sessions.map { try $0.digest(jobs: jobs) }
            await isWritten
            return try zip(sessions, digests).map { session, digest in
                let name = session.declaration.name
                let path = until == nil ? folder.live(name) : folder.asOf(name, end.rawValue)
                let leftOut = try session.leftOutCounts()
                try session.close()
                try folder.swap(session.path, into: path)
                return ReplayResult(
                    projection: name,
                    events: Int(session.checkpoint.position.rawValue),
                    position: session.checkpoint.position,
                    digest: digest,
                    seconds: (now() - began) / .seconds(1),
                    skipped: leftOut.skipped,
                    parked: leftOut.parked,
                    path: path
                )
            }
        } catch {
            for session in sessions { folder.discard(session.path) }
            throw error
        }
    }
}
