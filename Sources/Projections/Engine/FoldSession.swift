internal import Bytes
internal import EventLog

/// A projection's file under construction: how far it has come, and what is folded next.
final class FoldSession {
    /// What is folded.
    let declaration: ProjectionDeclaration
    /// The file.
    let path: String
    /// Whether the file is built beside the live one.
    let isBuild: Bool
    /// How far the committed rows are complete.
    private(set) var checkpoint: Checkpoint
    /// Why the projection goes no further, at an event that it cannot read.
    private(set) var stop: ProjectionError?
    /// The streams of which events are parked.
    private(set) var held = HeldStreams.none

    private let projection: any Projection
    private let setting: Setting
    private let database: ProjectionDatabase
    private var tables: AnyTables?
    /// The stretch at hand.
    private var fold: AnyFold?
    private var leftOut: [(fault: EventFault, action: PoisonPolicy.Action)] = []
    private var leftOutCount = 0

    /// What all sessions of an engine's call share.
    struct Setting {
        let reader: EventLogReader
        let schemas: KnownSchemas
        let policy: PoisonPolicy
    }

    /// Makes a file, or continues one whose checkpoint holds.
    init(
        _ declaration: ProjectionDeclaration,
        path: String,
        purpose: ProjectionDatabase.Purpose,
        isNew: Bool,
        _ setting: Setting
    ) throws {
        self.declaration = declaration
        self.path = path
        self.setting = setting
        projection = declaration.projection
        isBuild = purpose == .build
        database = try ProjectionDatabase(path, for: purpose)
        var stored = Checkpoint(of: projection, in: setting.reader)
        if isNew {
            Failpoint.projectionOpened.reach()
            try database.create(projection.schema, stored)
        } else {
            switch try database.standing(of: projection, setting.reader, setting.schemas) {
            case .trusted(let checkpoint): stored = checkpoint
            case .untrusted(let reason): throw Self.untrusted(path, reason)
            }
        }
        checkpoint = stored
        let projection = projection
        tables = try database.read { try projection.makeTables($0) }
        let (streams, count) = try database.heldStreams()
        held.names = streams
        leftOutCount = count
    }

    /// The types that it reads; nil for all.
    var consumes: Set<String>? { projection.consumes }
    /// About how many bytes wait for the next commit.
    var pendingByteCount: Int { fold?.byteCount() ?? 0 }

    /// Folds the events of a batch that it has not seen; one that it cannot read stops it or is
    /// left out.
    func apply(_ batch: borrowing EventBatch) {
        let fold = fold ?? projection.makeFold(setting.schemas)
        self.fold = fold
        var range = batch.indices(from: checkpoint.position)
        while stop == nil, !range.isEmpty {
            do throws(EventFault) {
                try fold.apply(batch, range, held)
                return
            } catch {
                leaveOut(error)
                range = error.index + 1..<range.upperBound
            }
        }
    }

    private func leaveOut(_ fault: EventFault) {
        // What is behind a parked event waits with it, whatever the policy is by now.
        let action = fault.reason == .behind ? .park : setting.policy.action
        guard action != .stop, leftOutCount < setting.policy.limit else {
            let limit = action == .stop ? nil : leftOutCount
            stop = ProjectionError(fault, of: declaration.name, limit: limit)
            return
        }
        leftOut.append((fault, action))
        leftOutCount += 1
        if action == .park { held.names.insert(fault.stream) }
    }

    /// Writes what was folded and moves the checkpoint, in one transaction: to a position, or to the
    /// event at which the fold stopped.
    func commit(at position: EventPosition, chain: String) throws {
        var end = position
        var chain = chain
        if let stop = stop?.position, stop < position {
            end = stop
            guard stop > checkpoint.position else { return }
            let last = try setting.reader.batchUnlessLost(holding: stop.advanced(by: -1))
            chain = last?.chain.description ?? ""
        }
        let part = fold?.finish()
        fold = nil
        try write(part, end, chain)
    }

    /// Writes what was folded elsewhere, if all of it is known to be right.
    ///
    /// It is not if an event is of a stream that is held by now: false, it must be folded here.
    func commit(_ part: any FoldedPart, of stretch: Stretch) throws -> Bool {
        guard held.names.isEmpty || !part.touches(held.names) else { return false }
        try write(part, stretch.end, stretch.chain)
        return true
    }

    private func write(
        _ part: (any FoldedPart)?,
        _ position: EventPosition,
        _ chain: String
    ) throws {
        guard position > checkpoint.position, let tables else { return }
        var next = checkpoint
        next.position = position
        next.chain = chain
        let leftOut = leftOut
        try database.write { database in
            if let part { try tables.merge(part, database) }
            try SetAsideTable.insert(leftOut, into: database)
            try next.save(database)
        }
        checkpoint = next
        Failpoint.projectionCommitted.reach()
        self.leftOut = []
    }

    /// The digest of the committed rows, by so many jobs at a time.
    func digest(jobs: Int) throws(ProjectionError) -> SHA256Digest {
        try database.digest(of: projection, jobs: jobs)
    }

    /// How many events are left out: skipped and parked.
    func leftOutCounts() throws(ProjectionError) -> (skipped: Int, parked: Int) {
        let parked = try database.leftOut().count(where: \.isParked)
        return (leftOutCount - parked, parked)
    }

    /// Ends the fold and hands over the file.
    func finish() -> ProjectionDatabase {
        tables = nil
        return database
    }

    /// Lets go of the file.
    func close() throws(ProjectionError) {
        tables = nil
        try database.close()
    }

    private static func untrusted(_ path: String, _ reason: String) -> ProjectionError {
        ProjectionError(.damaged, path: path, expected: "a projection of this log", found: reason)
    }
}

extension EventBatch {
    /// The indices asked for, without those before a position.
    func indices(from position: EventPosition) -> Range<Int> {
        let seen = position.rawValue
        let first = firstPosition.rawValue
        let lower = seen > first ? Int(min(seen - first, UInt64(count))) : 0
        return indices.clamped(to: lower..<count)
    }
}

extension ProjectionError {
    /// A fault that stops a projection; `limit` if only because so many events are left out already.
    init(_ fault: EventFault, of projection: String, limit: Int?) {
        let isNewer = fault.reason == .newer
        var hint =
            isNewer
            ? "read the store with the newer annals that wrote it"
            : "annals log verify tells whether the log is damaged"
        hint += ", or leave the event out: --on-error skip or park"
        if let limit { hint = "\(limit) events are left out already: something else is wrong" }
        self.init(
            limit != nil ? .tooManyLeftOut : isNewer ? .newerEvent : .undecodableEvent,
            path: projection,
            position: fault.position,
            expected: isNewer
                ? "an event of a schema that this program knows" : "the facts of \(fault.type)",
            found: isNewer ? "\(fault.type) \(fault.found)" : fault.found,
            hint: hint
        )
        document = String(decoding: fault.stream, as: UTF8.self)
    }
}
