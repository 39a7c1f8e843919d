internal import Bytes
internal import GRDB

/// A record that is kept as a row of a table of documents.
protocol RowRecord: DocumentRecord {
    /// The columns beside `document`, as in `CREATE TABLE`.
    static var columns: [(name: String, type: String)] { get }
    /// Reads a row; the first column is `column`.
    init(_ row: RowStatement, at column: Int)
    /// Writes a row; the first column is `column`.
    func bind(_ row: RowStatement, at column: Int)
    /// Whether it says all there is to say, whatever was said before.
    var isWhole: Bool { get }
    /// Whether there is nothing to remember: no row then.
    var isEmpty: Bool { get }
}

extension RowRecord {
    /// The table of documents; the key in order of bytes, which is near the order of arrival.
    static var schema: [String] {
        let rest = columns.map { ", \($0.name) \($0.type)" }.joined()
        return ["CREATE TABLE document (document TEXT PRIMARY KEY NOT NULL\(rest)) WITHOUT ROWID"]
    }

    /// A query for the record's columns and, first, its key.
    static func select(_ rest: String) -> String {
        "SELECT document\(columns.map { ", \($0.name)" }.joined()) FROM document \(rest)"
    }

    fileprivate static var insert: String {
        let marks = columns.map { _ in ", ?" }.joined()
        return "INSERT OR REPLACE INTO document VALUES (?\(marks))"
    }
}

/// A table with a row for each document of which there is something to remember.
struct DocumentRows<Record: RowRecord>: ProjectionTables {
    private let insert: RowStatement
    private let delete: RowStatement
    private let select: RowStatement
    private var filter: NameFilter

    init(_ database: Database) throws {
        insert = try RowStatement(database, Record.insert)
        delete = try RowStatement(database, "DELETE FROM document WHERE document = ?")
        select = try RowStatement(database, Record.select("WHERE document = ?"))
        let hasRows = try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM document)")
        filter = hasRows == false ? .empty() : .unknown
    }

    mutating func merge(_ part: DocumentPart<Record>, _ database: Database) throws {
        for number in part.order {
            let number = Int(number)
            let name = part.names.bytes(of: number)
            let hash = part.names.hash(of: number)
            let mayBeStored = filter.mayContain(hash)
            var record = part.records[number]
            if mayBeStored, !record.isWhole, var stored = try stored(name) {
                stored.join(record)
                record = stored
            }
            if !record.isEmpty {
                filter.insert(hash)
                insert.bind(0, text: name)
                record.bind(insert, at: 1)
                try insert.run()
            } else if mayBeStored {
                delete.bind(0, text: name)
                try delete.run()
            }
        }
    }

    /// What earlier parts said of a document.
    private func stored(_ name: Span<UInt8>) throws -> Record? {
        select.bind(0, text: name)
        defer { select.reset() }
        return try select.next() ? Record(select, at: 1) : nil
    }
}
