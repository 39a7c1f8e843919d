internal import Bytes
internal import EventLog
internal import GRDB

/// Which runs there were, how many events each appended, and its balance sheet.
struct RunList: Projection {
    let version = 2
    let options = ""
    /// Every batch counts for its run, whatever is in it.
    let consumes: Set<String>? = nil
    let schema = [
        """
        CREATE TABLE run (run TEXT PRIMARY KEY NOT NULL, first INTEGER NOT NULL, started INTEGER,
        finished INTEGER, events INTEGER NOT NULL, stages BLOB) WITHOUT ROWID
        """
    ]

    static let select = "SELECT run, started, finished, events, stages FROM run ORDER BY first"

    func makeFold(_ schemas: KnownSchemas) -> AnyFold {
        AnyFold(RunFold(schemas))
    }

    func makeTables(_ database: Database) throws -> AnyTables {
        AnyTables(try RunTables(database))
    }

    func digest(_ database: Database, into digest: inout DigestBuilder) throws {
        let rows = try RowStatement(database, Self.select)
        while try rows.next() {
            let events = rows.integer(3)
            let stages = rows.optionalBytes(4)
            digest.row { writer in
                writer.array(2)
                writer.integer(events)
                if let stages { writer.bytes(stages.span) } else { writer.null() }
            }
        }
    }
}
