package import EventLog

/// A document, or an input, that could not be processed.
package struct FailureRow: Sendable, Hashable {
    /// Its identity.
    package let document: String
    /// A stable code.
    package let code: String
    /// What is wrong, in words.
    package let message: String
    /// The file.
    package let file: String
    /// Where in the file, in bytes.
    package let offset: Int
    /// How often it has been tried.
    package let attempt: Int
    /// Whether the same input can succeed when it is tried again.
    package let isRetryable: Bool
    /// The event that says so.
    package let position: EventPosition

    /// Some failures as a table.
    package static func list(_ rows: [FailureRow]) -> Table { table(rows) }

    static func table(_ rows: [FailureRow]) -> Table {
        Table(
            columns: [
                "document", "code", "message", "file", "offset", "attempt", "retryable",
                "position",
            ],
            rows: rows.map { row in
                [
                    .text(row.document), .text(row.code), .text(row.message), .text(row.file),
                    .integer(row.offset), .integer(row.attempt), .bool(row.isRetryable),
                    .integer(Int(row.position.rawValue)),
                ]
            }
        )
    }
}

extension ProjectionView {
    /// The failures that still stand, in order of position.
    package func failures() throws(ProjectionError) -> [FailureRow] {
        guard declaration.kind == .failures else { throw wrongKind("failures") }
        return try database.read { database in
            let rows = try RowStatement(
                database,
                FailureRecord.select("ORDER BY position, document")
            )
            var list: [FailureRow] = []
            while try rows.next() {
                let record = FailureRecord(rows, at: 1)
                list.append(
                    FailureRow(
                        document: rows.text(0),
                        code: String(decoding: record.code, as: UTF8.self),
                        message: String(decoding: record.message, as: UTF8.self),
                        file: String(decoding: record.file, as: UTF8.self),
                        offset: record.offset,
                        attempt: record.attempt,
                        isRetryable: record.isRetryable,
                        position: EventPosition(UInt64(max(0, record.position)))
                    )
                )
            }
            return list
        }
    }
}
