internal import EventLog
internal import GRDBSQLite

/// The event table that one would make in SQLite: a row for each event, a transaction for each
/// batch, durable when `COMMIT` returns (WAL, `synchronous=FULL`).
@safe
final class SQLiteLog {
    private var database: OpaquePointer?
    private var insertion: OpaquePointer?

    init(_ path: String) throws {
        try unsafe check(sqlite3_open(path, &database))
        try run("PRAGMA journal_mode=WAL")
        try run("PRAGMA synchronous=FULL")
        try run(
            """
            CREATE TABLE event (
                position INTEGER PRIMARY KEY, stream TEXT NOT NULL, type TEXT NOT NULL,
                facts BLOB NOT NULL
            )
            """
        )
        let statement = "INSERT INTO event (position, stream, type, facts) VALUES (?, ?, ?, ?)"
        try unsafe check(sqlite3_prepare_v2(database, statement, -1, &insertion, nil))
    }

    deinit {
        unsafe sqlite3_finalize(insertion)
        unsafe sqlite3_close(database)
    }

    /// Inserts the events of batches, each committed before the next.
    func append(_ events: SampleEvents, from first: Int, batches: Int) throws {
        for batch in 0..<batches {
            let start = first + batch * SampleEvents.perBatch
            try run("BEGIN")
            for number in start..<start + SampleEvents.perBatch { try insert(events, number) }
            try run("COMMIT")
        }
    }

    private func insert(_ events: SampleEvents, _ number: Int) throws {
        unsafe sqlite3_bind_int64(insertion, 1, Int64(number))
        let stream = events.stream(number)
        let facts = events.facts(number)
        let type = SampleEvents.types[number % SampleEvents.types.count].utf8Span.span
        // No destructor: the bytes stay where they are until the step is done.
        let result = unsafe stream.withUnsafeBufferPointer { stream in
            unsafe facts.withUnsafeBufferPointer { facts in
                unsafe type.withUnsafeBufferPointer { type in
                    unsafe bind(2, stream)
                    unsafe bind(3, type)
                    let count = Int32(facts.count)
                    unsafe sqlite3_bind_blob(insertion, 4, facts.baseAddress, count, nil)
                    return unsafe sqlite3_step(insertion)
                }
            }
        }
        guard result == SQLITE_DONE else { throw failure() }
        unsafe sqlite3_reset(insertion)
    }

    private func bind(_ column: Int32, _ text: UnsafeBufferPointer<UInt8>) {
        unsafe text.withMemoryRebound(to: CChar.self) { characters in
            let count = Int32(characters.count)
            unsafe sqlite3_bind_text(insertion, column, characters.baseAddress, count, nil)
        }
    }

    private func run(_ statement: String) throws {
        try unsafe check(sqlite3_exec(database, statement, nil, nil, nil))
    }

    private func check(_ result: Int32) throws {
        guard result == SQLITE_OK else { throw failure() }
    }

    private func failure() -> BenchmarkFailure {
        let message = unsafe sqlite3_errmsg(database).map { unsafe String(cString: $0) }
        return BenchmarkFailure("SQLite: " + (message ?? "no message"))
    }
}
