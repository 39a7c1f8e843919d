internal import Bytes

/// What became of a document.
package struct DocumentRow: Sendable, Hashable {
    /// Its identity.
    package let document: String
    /// The file it came from.
    package let source: String
    /// Its headline.
    package let title: String?
    /// The day of publication, ISO 8601.
    package let published: String?
    /// What became of it.
    package let status: DocumentStatus
    /// The document that it is a duplicate of.
    package let duplicateOf: String?

    static func table(_ rows: [DocumentRow]) -> Table {
        Table(
            columns: ["document", "source", "title", "published", "status", "duplicate_of"],
            rows: rows.map { row in
                [
                    .text(row.document), .text(row.source), .optional(row.title),
                    .optional(row.published), .text(row.status.name), .optional(row.duplicateOf),
                ]
            }
        )
    }

    init(_ row: RowStatement) {
        let record = DocumentListRecord(row, at: 1)
        document = row.text(0)
        source = String(decoding: record.source, as: UTF8.self)
        title = record.title.map { String(decoding: $0, as: UTF8.self) }
        published = record.published.iso
        status = record.status
        duplicateOf =
            record.status == .duplicate ? String(decoding: record.original, as: UTF8.self) : nil
    }
}

extension ProjectionView {
    /// All documents, in the order in which they first came.
    package func documents() throws(ProjectionError) -> [DocumentRow] {
        guard declaration.kind == .documents else { throw wrongKind("documents") }
        return try database.read { database in
            let rows = try RowStatement(database, DocumentListRecord.selectListed)
            var list: [DocumentRow] = []
            while try rows.next() { list.append(DocumentRow(rows)) }
            return list
        }
    }
}
