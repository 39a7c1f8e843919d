// Projections: pure folds of the log into views that can be asked, each in a SQLite file of its own.
//
// The log is the truth; a projection says up to which position it is complete, and is rebuilt beside
// and swapped whenever that cannot be trusted (invariant 7).
//
// A stretch of the log is folded in memory without knowing what was before it (`Fold/`), on any
// thread; what comes of it, a part, is merged into the projection's tables (`Tables/`) in order of
// position, in the transaction that also moves the checkpoint. Live, resumed, rebuilt and parallel
// are the same two steps over other stretches, and the tables depend on what is in the log alone,
// not on where it was cut (`Engine/`). The projections themselves are in `BuiltIn/`, a file each; what
// the command line prints is in `Query/`. GRDB opens the files and keeps the transactions, in
// `Database/`; no other module sees it.

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
    /// Begins the fold of a stretch of the log.
    func makeFold(_ schemas: KnownSchemas) -> AnyFold
    /// Opens its tables to merge parts into them.
    func makeTables(_ database: Database) throws -> AnyTables
    /// Adds the canonical contents to a digest: sorted, typed, and without what differs between
    /// equal stores (times, run ids, positions, numbers given to names).
    func digest(_ database: Database, into digest: inout DigestBuilder) throws
}

/// What a stretch of the log says, ready to be merged.
protocol FoldedPart: Sendable {
    /// Whether any event in it is of one of these streams.
    func touches(_ streams: Set<[UInt8]>) -> Bool
}

/// The running state of the fold of a stretch.
protocol ProjectionFold {
    associatedtype Part: FoldedPart

    /// About how many bytes it takes.
    var byteCount: Int { get }
    /// Folds the events of a range of a batch. One that cannot be folded is thrown and leaves no
    /// trace; the call can be made again from the event after it.
    mutating func apply(
        _ batch: borrowing EventBatch,
        _ range: Range<Int>,
        held: HeldStreams
    ) throws(EventFault)
    /// Ends the stretch.
    consuming func finish() -> Part
}

/// A projection's tables, to which parts are merged in order of position.
protocol ProjectionTables {
    associatedtype Part: FoldedPart

    /// Adds what a part says to what is said by all before it.
    mutating func merge(_ part: Part, _ database: Database) throws
}

/// A fold of any type.
///
/// The closures are made where the type is known, so that the loops in them are specialised; those
/// behind the witnesses of a generic type are not, and took a third more time.
struct AnyFold {
    let byteCount: () -> Int
    let apply: (borrowing EventBatch, Range<Int>, HeldStreams) throws(EventFault) -> Void
    let finish: () -> any FoldedPart

    @inline(__always)
    init<Fold: ProjectionFold>(_ fold: Fold) {
        var fold = fold
        byteCount = { fold.byteCount }
        apply = { (batch, range, held) throws(EventFault) in
            try fold.apply(batch, range, held: held)
        }
        finish = { fold.finish() }
    }
}

/// Tables of any type; a part of another projection's type is ignored.
struct AnyTables {
    let merge: (any FoldedPart, Database) throws -> Void

    @inline(__always)
    init<Tables: ProjectionTables>(_ tables: Tables) {
        var tables = tables
        merge = { part, database in
            guard let part = part as? Tables.Part else { return }
            try tables.merge(part, database)
        }
    }
}
