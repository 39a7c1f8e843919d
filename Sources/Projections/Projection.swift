// Projections: pure folds of the log into views that can be asked, each in a SQLite file of its own.
//
// The log is the truth; a projection says up to which position it is complete, and is rebuilt beside
// and swapped whenever that cannot be trusted (invariant 7). One scan feeds all that are behind:
// `Engine/`. What a projection remembers of each document, and how a new revision replaces it, is in
// `Fold/`; the projections themselves are in `BuiltIn/`, a file each; what the command line prints is
// in `Query/`. GRDB opens the files and keeps the transactions, in `Database/`; no other module
// sees it.

internal import EventLog
internal import GRDB

/// A fold of events into tables.
protocol Projection: Sendable {
    /// Counts up when the same events would give other rows: files of another version are rebuilt.
    var version: Int { get }
    /// All that determines the rows besides the events: files of other options are rebuilt.
    var options: String { get }
    /// The types of the events that it reads; nil to be shown every batch.
    var consumes: Set<String>? { get }
    /// The statements that make its tables.
    var schema: [String] { get }
    /// Begins or continues the fold of a file.
    func makeFold(_ database: Database) throws -> AnyFold
    /// Adds the canonical contents to a digest: sorted, typed, and without what differs between
    /// equal stores (times, run ids, positions, ids given by SQLite).
    func digest(_ database: Database, into digest: inout DigestBuilder) throws
}

/// The running state of a fold between two commits.
protocol ProjectionFold {
    /// About how many bytes wait for the next commit.
    var pendingByteCount: Int { get }
    /// Folds the events of a range of a batch, in memory.
    mutating func apply(_ batch: borrowing EventBatch, _ range: Range<Int>) throws
    /// Writes what waits, inside the transaction that also moves the checkpoint.
    mutating func flush(_ database: Database) throws
}

/// A fold of any type.
///
/// The closures are made where the type is known, so that the loops in them are specialised; those
/// behind the witnesses of a generic type are not, and took a third more time.
struct AnyFold {
    let pendingByteCount: () -> Int
    let apply: (borrowing EventBatch, Range<Int>) throws -> Void
    let flush: (Database) throws -> Void

    @inline(__always)
    init<Fold: ProjectionFold>(_ fold: Fold) {
        var fold = fold
        pendingByteCount = { fold.pendingByteCount }
        apply = { batch, range in try fold.apply(batch, range) }
        flush = { database in try fold.flush(database) }
    }
}
