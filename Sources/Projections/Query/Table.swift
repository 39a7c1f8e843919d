package import Bytes

/// An answer as columns and rows, from which JSON, CSV and a text table are made.
package struct Table: Sendable, Equatable {
    /// The names of the columns: the keys in JSON.
    package let columns: [String]
    /// The rows; each has a cell for each column.
    package private(set) var rows: [[Cell]]

    /// A value.
    package enum Cell: Sendable, Equatable {
        case null
        case text(String)
        case integer(Int)
        case real(Double)
        case bool(Bool)
        case list([String])
        case table(Table)

        /// Text, or null.
        package static func optional(_ text: String?) -> Cell { text.map(Cell.text) ?? .null }
    }

    /// A table of rows.
    package init(columns: [String], rows: [[Cell]] = []) {
        precondition(rows.allSatisfy { $0.count == columns.count }, "a cell for each column")
        self.columns = columns
        self.rows = rows
    }

    /// Adds a row.
    package mutating func append(_ row: [Cell]) {
        precondition(row.count == columns.count, "a cell for each column")
        rows.append(row)
    }

    /// Writes an array of objects.
    package func writeJSON(into writer: inout JSONWriter) {
        writer.beginArray()
        for row in rows {
            writer.beginObject()
            for (column, cell) in zip(columns, row) {
                writer.key(column)
                cell.writeJSON(into: &writer)
            }
            writer.endObject()
        }
        writer.endArray()
    }

    /// The table as JSON: an array of objects.
    package var json: String {
        var writer = JSONWriter()
        writeJSON(into: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension Table.Cell {
    func writeJSON(into writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .text(let text): writer.string(text)
        case .integer(let number): writer.integer(number)
        case .real(let number): writer.double(number)
        case .bool(let flag): writer.bool(flag)
        case .table(let table): table.writeJSON(into: &writer)
        case .list(let items):
            writer.beginArray()
            for item in items { writer.string(item) }
            writer.endArray()
        }
    }

    /// Whether it is a number, which is aligned to the right and safe in a spreadsheet.
    var isNumber: Bool {
        switch self {
        case .integer, .real: true
        default: false
        }
    }

    /// The value in one line of text, as it is; a nested table's cells are separated by spaces and
    /// its rows by `; `.
    var plainText: String {
        switch self {
        case .null: ""
        case .text(let text): text
        case .integer(let number): String(number)
        case .real(let number): JSONNumber.text(number)
        case .bool(let flag): flag ? "true" : "false"
        case .list(let items): items.joined(separator: "; ")
        case .table(let table):
            table.rows
                .map { row in row.map(\.plainText).joined(separator: " ") }
                .joined(separator: "; ")
        }
    }
}

/// A number as JSON prints it, so that every format prints the same.
private enum JSONNumber {
    static func text(_ number: Double) -> String {
        var writer = JSONWriter()
        writer.double(number)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
