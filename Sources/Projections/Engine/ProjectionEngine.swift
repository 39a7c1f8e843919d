package import Bytes
package import EventLog

/// Up to where a view is wanted.
package enum ReplayLimit: Sendable, Hashable {
    /// The events before a position.
    case position(EventPosition)
    /// The events committed up to a time, in microseconds since 1970.
    case time(UInt64)
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
    /// The file that was built.
    package let path: String
}

/// Brings the projections of a store up to date, rebuilds them, and opens them to be asked.
package struct ProjectionEngine: Sendable {
    /// The log.
    package var reader: EventLogReader
    private let store: String
    /// Limits on what waits in memory between two commits.
    private let limits: ChunkLimits

    /// How much is folded between two commits.
    package struct ChunkLimits: Sendable {
        /// Events.
        package var events = 65_536
        /// Bytes in memory, of all projections together.
        package var bytes = 64 << 20

        /// The usual limits.
        package init() {}
    }

    /// Takes a store and a reader of its log.
    package init(store: String, reader: EventLogReader, limits: ChunkLimits = ChunkLimits()) {
        self.store = store
        self.reader = reader
        self.limits = limits
    }

    var folder: ProjectionFolder { ProjectionFolder(store: store) }

    /// Brings projections up to date in one scan, each from where it is.
    ///
    /// Commits in chunks: killed anywhere, the same call goes on. What cannot be trusted is rebuilt
    /// beside and swapped, and said to `report`. Waits for another process that does the same.
    ///
    /// - Parameters:
    ///   - declarations: which.
    ///   - until: how far; the end of the log if nil.
    ///   - report: is told, in a sentence, what was wrong with a file.
    ///   - progress: is told after each commit; what it throws ends the scan there.
    /// - Returns: the position of each, by name.
    /// - Throws: ``ProjectionError``, ``LogError``, or what `progress` throws; what was committed
    ///   before stays.
    @discardableResult
    package func catchUp(
        _ declarations: [ProjectionDeclaration],
        until: ReplayLimit? = nil,
        report: (String) -> Void = { _ in },
        progress: (ProjectionProgress) throws -> Void = { _ in }
    ) throws -> [String: EventPosition] {
        let end = try position(of: until)
        try folder.make()
        let lock = try folder.lockForCatchUp()
        defer { _ = lock }
        var distrusted: Set<String> = []
        while true {
            do {
                return try catchUp(declarations, distrusted, to: end, report, progress)
            } catch let error as ProjectionError where error.code == .damaged {
                // Damage that shows only when the file is written to: once more, from nothing.
                let culprit = declarations.first { folder.live($0.name) == error.path }
                guard let culprit, distrusted.insert(culprit.name).inserted else { throw error }
                report(error.description)
            }
        }
    }

    private func catchUp(
        _ declarations: [ProjectionDeclaration],
        _ distrusted: Set<String>,
        to end: EventPosition,
        _ report: (String) -> Void,
        _ progress: (ProjectionProgress) throws -> Void
    ) throws -> [String: EventPosition] {
        var sessions: [FoldSession] = []
        for declaration in declarations.uniqueByName {
            let isTrusted = !distrusted.contains(declaration.name)
            sessions.append(try session(declaration, isTrusted: isTrusted, report))
        }
        do {
            try scan(sessions, to: end, progress)
            var positions: [String: EventPosition] = [:]
            for session in sessions {
                positions[session.declaration.name] = session.checkpoint.position
                try session.close()
                if session.isBuild {
                    try folder.swap(session.path, into: folder.live(session.declaration.name))
                }
            }
            return positions
        } catch {
            for session in sessions where session.isBuild { folder.discard(session.path) }
            throw error
        }
    }

    /// A session that continues the live file, makes it, or rebuilds it beside.
    private func session(
        _ declaration: ProjectionDeclaration,
        isTrusted: Bool,
        _ report: (String) -> Void
    ) throws -> FoldSession {
        let live = folder.live(declaration.name)
        folder.discard(folder.building(declaration.name))
        folder.removeStrayJournals(of: live)
        guard ProjectionFolder.exists(live) else {
            return try make(declaration, at: live, .live)
        }
        if isTrusted {
            do {
                return try FoldSession(
                    declaration,
                    path: live,
                    purpose: .live,
                    isNew: false,
                    reader: reader
                )
            } catch let error as ProjectionError where error.code == .damaged {
                report("\(declaration.name) is rebuilt: \(error.found)")
            }
        }
        return try make(declaration, at: folder.building(declaration.name), .build)
    }

    private func make(
        _ declaration: ProjectionDeclaration,
        at path: String,
        _ purpose: ProjectionDatabase.Purpose
    ) throws -> FoldSession {
        try FoldSession(declaration, path: path, purpose: purpose, isNew: true, reader: reader)
    }

    /// Rebuilds projections from the first event in one scan, and swaps them in.
    ///
    /// With `until` the files are left beside the live ones, which stay as they are.
    ///
    /// - Parameters:
    ///   - declarations: which.
    ///   - until: how far; the end of the log if nil.
    ///   - now: the time that has passed since some moment, from the caller's clock.
    ///   - progress: is told after each commit; what it throws ends the replay.
    /// - Returns: what was built, in the order of the declarations.
    /// - Throws: ``ProjectionError``, ``LogError``, or what `progress` throws; nothing is swapped
    ///   then.
    package func replay(
        _ declarations: [ProjectionDeclaration],
        until: ReplayLimit? = nil,
        now: () -> Duration,
        progress: (ProjectionProgress) throws -> Void = { _ in }
    ) throws -> [ReplayResult] {
        let end = try position(of: until)
        try folder.make()
        let lock = try folder.lockForCatchUp()
        defer { _ = lock }
        let began = now()
        let sessions = try declarations.uniqueByName.map { declaration in
            let path = folder.building(declaration.name)
            folder.discard(path)
            return try make(declaration, at: path, .build)
        }
        do {
            try scan(sessions, to: end, progress)
            return try sessions.map { session in
                let name = session.declaration.name
                let digest = try session.digest()
                try session.close()
                let path =
                    until == nil ? folder.live(name) : folder.asOf(name, end.rawValue)
                try folder.swap(session.path, into: path)
                return ReplayResult(
                    projection: name,
                    events: Int(session.checkpoint.position.rawValue),
                    position: session.checkpoint.position,
                    digest: digest,
                    seconds: (now() - began) / .seconds(1),
                    path: path
                )
            }
        } catch {
            for session in sessions { folder.discard(session.path) }
            throw error
        }
    }

    /// One pass over the log that feeds every session that is behind.
    func scan(
        _ sessions: [FoldSession],
        to end: EventPosition,
        _ progress: (ProjectionProgress) throws -> Void
    ) throws {
        let behind = sessions.filter { $0.checkpoint.position < end }
        guard let start = behind.map(\.checkpoint.position).min() else { return }
        var types: Set<String>? = []
        for session in behind {
            if let consumes = session.consumes { types?.formUnion(consumes) } else { types = nil }
        }
        var cursor = reader.cursor(from: start, until: end, types: types, content: false)
        var pendingEvents = 0
        while try cursor.next() {
            for session in behind { try session.apply(cursor.batch) }
            pendingEvents += cursor.batch.indices.count
            let pendingBytes = behind.reduce(0) { $0 + $1.pendingByteCount }
            guard pendingEvents >= limits.events || pendingBytes >= limits.bytes else { continue }
            let position = cursor.batch.firstPosition.advanced(by: cursor.batch.indices.upperBound)
            let chain = cursor.batch.chain.description
            for session in behind { try session.commit(at: position, chain: chain) }
            pendingEvents = 0
            try progress(ProjectionProgress(position: position, end: end))
        }
        let chain = try reader.batch(holding: end.advanced(by: -1)).chain.description
        for session in behind { try session.commit(at: end, chain: chain) }
        try progress(ProjectionProgress(position: end, end: end))
    }

    /// The position at which a limit ends.
    func position(of limit: ReplayLimit?) throws -> EventPosition {
        switch limit {
        case nil: return reader.end
        case .time(let time): return try reader.position(after: time)
        case .position(let position):
            guard position <= reader.end else {
                throw ProjectionError(
                    .noSuchPosition,
                    path: store,
                    position: position,
                    expected: "a position up to \(reader.end)",
                    found: "\(position)"
                )
            }
            return position
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
