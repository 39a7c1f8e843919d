internal import Bytes
internal import EventLog
internal import Events
internal import GRDB

/// What became of each document, and where in the log its story stands.
struct DocumentList: Projection {
    let version = 3
    let options = ""
    let schema = DocumentListRecord.schema
    let consumes: Set<String>? = [
        EventType.documentIngested.rawValue, EventType.documentCleaned.rawValue,
        EventType.documentDropped.rawValue, EventType.documentUnique.rawValue,
        EventType.documentDuplicate.rawValue, EventType.documentEnriched.rawValue,
        EventType.documentExported.rawValue, EventType.documentFailed.rawValue,
        EventType.documentRetracted.rawValue,
        EventType.documentRemoved.rawValue,
    ]

    func makeFold(_ schemas: KnownSchemas) -> AnyFold {
        AnyFold(DocumentFold<DocumentListRecord>(schemas, context: NoContext()))
    }

    func makeTables(_ database: Database) throws -> AnyTables {
        AnyTables(try DocumentRows<DocumentListRecord>(database))
    }

    func digest(_ database: Database, into digest: inout DigestBuilder) throws {
        let rows = try RowStatement(database, DocumentListRecord.selectListed)
        while try rows.next() {
            let record = DocumentListRecord(rows, at: 1)
            let document = rows.bytes(0)
            digest.row { writer in
                writer.array(6)
                writer.text(utf8: document.span)
                writer.text(utf8: record.source.span)
                if let title = record.title { writer.text(utf8: title.span) } else { writer.null() }
                writer.integer(record.published.rawValue)
                writer.integer(record.status.rawValue)
                writer.text(utf8: record.original.span)
            }
        }
    }
}

/// What became of a document.
package enum DocumentStatus: Int, Sendable, Hashable, CaseIterable {
    case kept, dropped, duplicate, failed, retracted
    /// Its source no longer holds it: known to its story only.
    case removed

    /// The word that the command line prints.
    package var name: String {
        switch self {
        case .kept: "kept"
        case .dropped: "dropped"
        case .duplicate: "duplicate"
        case .failed: "failed"
        case .retracted: "retracted"
        case .removed: "removed"
        }
    }
}
