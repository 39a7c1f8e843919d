internal import Bytes
internal import EventLog

/// What a projection remembers of one document: one row of its table, or none.
protocol DocumentRecord {
    /// What the records of a file share, such as the numbers given to names.
    associatedtype Context

    /// The columns beside `document`, as in `CREATE TABLE`.
    static var columns: [(name: String, type: String)] { get }
    /// The columns that a new revision leaves as they were.
    static var keptColumns: Set<String> { get }
    /// The columns to which a new value is appended after a space.
    static var grownColumns: Set<String> { get }
    /// The kinds of events that change it.
    static var kinds: Set<FactKind> { get }

    /// What is known of a document before its first event.
    init()
    /// Reads a row; the first column is `column`.
    init(_ row: RowStatement, at column: Int)
    /// Writes a row; the first column is `column`.
    func bind(_ row: RowStatement, at column: Int)
    /// Whether there is nothing to remember: no row then.
    var isEmpty: Bool { get }
    /// About how many bytes it takes beside its fixed size.
    var byteCount: Int { get }
    /// Forgets what earlier revisions said.
    mutating func beginRevision()
    /// Takes in an event.
    mutating func apply(
        _ kind: FactKind,
        facts: Span<UInt8>,
        place: EventPlace,
        context: inout Context
    ) throws(CBORError)
}

/// Where an event stands.
struct EventPlace {
    /// Its position.
    let position: EventPosition
    /// The position of the first event of its batch.
    let batch: EventPosition
}

extension DocumentRecord {
    static var keptColumns: Set<String> { [] }
    static var grownColumns: Set<String> { [] }
    var byteCount: Int { 0 }
    mutating func beginRevision() { self = Self() }

    /// The table of documents; the key in order of bytes, which is near the order of arrival.
    static var schema: [String] {
        let rest = columns.map { ", \($0.name) \($0.type)" }.joined()
        return ["CREATE TABLE document (document TEXT PRIMARY KEY NOT NULL\(rest)) WITHOUT ROWID"]
    }

    /// A query for the record's columns and, first, its key.
    static func select(_ rest: String) -> String {
        "SELECT document\(columns.map { ", \($0.name)" }.joined()) FROM document \(rest)"
    }

    /// Adds a row that is surely new: half the search of an ``upsert``.
    static var insert: String {
        let marks = columns.map { _ in ", ?" }.joined()
        let names = columns.map { ", \($0.name)" }.joined()
        return "INSERT INTO document (document\(names)) VALUES (?\(marks))"
    }

    /// Adds a row or replaces one.
    static var upsert: String {
        let names = columns.map(\.name)
        let updates = names.filter { !keptColumns.contains($0) }.map { name in
            grownColumns.contains(name)
                ? "\(name) = \(name) || ' ' || excluded.\(name)" : "\(name) = excluded.\(name)"
        }
        return "\(insert) ON CONFLICT (document) DO UPDATE SET "
            + updates.joined(separator: ", ")
    }
}
