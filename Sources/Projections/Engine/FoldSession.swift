internal import Bytes
internal import EventLog

/// A projection's file under construction: the fold, and how far it has come.
final class FoldSession {
    /// What is folded.
    let declaration: ProjectionDeclaration
    /// The file.
    let path: String
    /// Whether the file is built beside the live one.
    let isBuild: Bool
    /// How far the committed rows are complete.
    private(set) var checkpoint: Checkpoint

    private let projection: any Projection
    private let database: ProjectionDatabase
    private var fold: AnyFold?

    /// Makes a file, or continues one whose checkpoint holds.
    init(
        _ declaration: ProjectionDeclaration,
        path: String,
        purpose: ProjectionDatabase.Purpose,
        isNew: Bool,
        reader: EventLogReader
    ) throws {
        self.declaration = declaration
        self.path = path
        projection = declaration.projection
        isBuild = purpose == .build
        database = try ProjectionDatabase(path, for: purpose)
        var stored = Checkpoint(of: projection, in: reader)
        if isNew {
            try database.create(projection.schema, stored)
        } else {
            guard try database.isOurs(), let found = try database.read({ try Checkpoint($0) })
            else { throw Self.untrusted(path, "a foreign file") }
            if let mismatch = try found.mismatch(with: projection, in: reader) {
                throw Self.untrusted(path, mismatch)
            }
            stored = found
        }
        checkpoint = stored
        let projection = projection
        fold = try database.read { try projection.makeFold($0) }
    }

    /// The types that it reads; nil for all.
    var consumes: Set<String>? { projection.consumes }
    /// About how many bytes wait for the next commit.
    var pendingByteCount: Int { fold?.pendingByteCount() ?? 0 }

    /// Folds the events of a batch that it has not seen, before `end`.
    func apply(_ batch: borrowing EventBatch) throws {
        let seen = checkpoint.position.rawValue
        let first = batch.firstPosition.rawValue
        let lower = seen > first ? Int(min(seen - first, UInt64(batch.count))) : 0
        let range = batch.indices.clamped(to: min(lower, batch.count)..<batch.count)
        guard !range.isEmpty else { return }
        do {
            try fold?.apply(batch, range)
        } catch var error as ProjectionError {
            if error.path.isEmpty { error.path = declaration.name }
            throw error
        } catch {
            throw ProjectionError(wrapping: error, path: path)
        }
    }

    /// Writes what waits and moves the checkpoint, in one transaction.
    func commit(at position: EventPosition, chain: String) throws(ProjectionError) {
        guard position > checkpoint.position, let fold else { return }
        var next = checkpoint
        next.position = position
        next.chain = chain
        try database.write { database in
            try fold.flush(database)
            try next.save(database)
        }
        checkpoint = next
    }

    /// The digest of the committed rows.
    func digest() throws(ProjectionError) -> SHA256Digest {
        try database.digest(of: projection)
    }

    /// Ends the fold and hands over the file.
    func finish() -> ProjectionDatabase {
        fold = nil
        return database
    }

    /// Lets go of the file.
    func close() throws(ProjectionError) {
        fold = nil
        try database.close()
    }

    private static func untrusted(_ path: String, _ reason: String) -> ProjectionError {
        ProjectionError(.damaged, path: path, expected: "a projection of this log", found: reason)
    }
}

extension ProjectionDatabase {
    /// The digest of the rows.
    func digest(of projection: any Projection) throws(ProjectionError) -> SHA256Digest {
        try read { database in
            var digest = DigestBuilder("annals.projection \(projection.version)")
            try projection.digest(database, into: &digest)
            return digest.finish()
        }
    }
}
