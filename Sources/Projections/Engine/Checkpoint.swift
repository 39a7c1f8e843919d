internal import Bytes
internal import EventLog
internal import GRDB

/// How far a file is complete and of which log: one row, moved in the transaction of the rows.
struct Checkpoint: Equatable {
    /// The kind of fold and its tables' version.
    var version: Int
    /// What else determines the rows.
    var options: String
    /// The log's store.
    var store: String
    /// Every event before it is in the rows, or among those left out.
    var position: EventPosition
    /// The chain hash of the batch that holds the event before it; empty at the beginning, and
    /// behind a gap in the log, where there is no such batch.
    var chain: String

    static let schema = """
        CREATE TABLE checkpoint (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL,
        options TEXT NOT NULL, store TEXT NOT NULL, position INTEGER NOT NULL, chain TEXT NOT NULL)
        """

    /// Before the first event.
    init(of projection: any Projection, in reader: EventLogReader) {
        version = projection.version
        options = projection.options
        store = reader.storeID.description
        position = .first
        chain = ""
    }

    /// Reads a file's checkpoint; nil if it has none.
    init?(_ database: Database) throws {
        let row = try RowStatement(
            database,
            "SELECT version, options, store, position, chain FROM checkpoint"
        )
        defer { row.reset() }
        guard try row.next() else { return nil }
        version = row.integer(0)
        options = row.text(1)
        store = row.text(2)
        position = EventPosition(UInt64(max(0, row.integer(3))))
        chain = row.text(4)
    }

    /// Writes it.
    func save(_ database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO checkpoint VALUES (1, ?, ?, ?, ?, ?)",
            arguments: [version, options, store, Int64(position.rawValue), chain]
        )
    }

    /// Why rows with this checkpoint are not what the log says; nil if they are.
    func mismatch(
        with projection: any Projection,
        in reader: EventLogReader
    ) throws(LogError) -> String? {
        if version != projection.version {
            return "made by version \(version) of the projection, not \(projection.version)"
        }
        if options != projection.options { return "made with other options" }
        if store != reader.storeID.description { return "made from another store" }
        if position > reader.end { return "ahead of the log, which ends at \(reader.end)" }
        // What a gap has swallowed cannot be compared: that is no sign of another history.
        guard position > .first, !chain.isEmpty,
            let batch = try reader.batchUnlessLost(holding: position.advanced(by: -1))
        else { return nil }
        return batch.chain.description == chain ? nil : "made from another history of this store"
    }
}

extension EventLogReader {
    /// The batch that holds a position; nil if it was lost and the loss is on record.
    func batchUnlessLost(
        holding position: EventPosition
    ) throws(LogError) -> BatchSummary? {
        do throws(LogError) {
            return try batch(holding: position)
        } catch {
            if error.code.rawValue == "log.lost" { return nil }
            throw error
        }
    }
}
