internal import GRDB

/// A projection's SQLite file, opened for one of its uses.
///
/// The journal is SQLite's rollback journal, so that a file at rest stands alone and can be renamed
/// or copied; readers see the state of the last commit.
struct ProjectionDatabase {
    /// What a file is opened for.
    enum Purpose {
        /// To catch up: every commit is durable.
        case live
        /// To be built from nothing: it is thrown away when anything goes wrong.
        case build
        /// To be asked.
        case read
    }

    /// The file.
    let path: String
    private let queue: DatabaseQueue

    /// The mark of our files in the header of every SQLite file (`PRAGMA application_id`): "Annl".
    private static let applicationID = 0x416E_6E6C

    /// Opens a file, making it unless it is to be read.
    init(_ path: String, for purpose: Purpose) throws(ProjectionError) {
        self.path = path
        var configuration = Configuration()
        configuration.busyMode = .timeout(60)
        configuration.prepareDatabase { database in
            for pragma in Self.pragmas(purpose) { try database.execute(sql: pragma) }
        }
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
        } catch {
            throw ProjectionError(wrapping: error, path: path)
        }
    }

    private static func pragmas(_ purpose: Purpose) -> [String] {
        switch purpose {
        case .live:
            // Unspilled pages: a reader is shut out during a commit only, not during a chunk.
            ["PRAGMA synchronous = FULL", "PRAGMA cache_spill = OFF"]
        case .build:
            [
                "PRAGMA page_size = 8192", "PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF",
                "PRAGMA locking_mode = EXCLUSIVE", "PRAGMA cache_size = -65536",
            ]
        case .read: ["PRAGMA query_only = ON", "PRAGMA cache_size = -16384"]
        }
    }

    /// Makes the tables of a new file.
    func create(_ schema: [String], _ checkpoint: Checkpoint) throws(ProjectionError) {
        try write { database in
            try database.execute(sql: "PRAGMA application_id = \(Self.applicationID)")
            try database.execute(sql: Checkpoint.schema)
            try database.execute(sql: SetAsideTable.schema)
            for statement in schema { try database.execute(sql: statement) }
            try checkpoint.save(database)
        }
    }

    /// Whether the file is one of ours.
    func isOurs() throws(ProjectionError) -> Bool {
        try read { database in
            try Int.fetchOne(database, sql: "PRAGMA application_id") == Self.applicationID
        }
    }

    /// Runs a transaction.
    func write<Answer>(
        _ body: (Database) throws -> Answer
    ) throws(ProjectionError) -> Answer {
        do {
            return try queue.write { database in try body(database) }
        } catch {
            throw ProjectionError(wrapping: error, path: path)
        }
    }

    /// Reads one consistent state.
    func read<Answer>(_ body: (Database) throws -> Answer) throws(ProjectionError) -> Answer {
        do {
            return try queue.read { database in try body(database) }
        } catch {
            throw ProjectionError(wrapping: error, path: path)
        }
    }

    /// Lets go of the file; statements must be gone.
    func close() throws(ProjectionError) {
        do {
            try queue.close()
        } catch {
            throw ProjectionError(wrapping: error, path: path)
        }
    }
}
