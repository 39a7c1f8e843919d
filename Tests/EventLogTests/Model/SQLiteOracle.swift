/// The log as two tables of SQLite and the obvious queries.
final class SQLiteOracle: LogOracle {
    private let database: SQLiteDatabase

    init(_ path: String = ":memory:") {
        database = SQLiteDatabase(path)
        database.run("PRAGMA synchronous = OFF")
        database.run(
            """
            CREATE TABLE batch (first INTEGER PRIMARY KEY, count INTEGER, time INTEGER, run TEXT,
            producer INTEGER, sequence INTEGER)
            """
        )
        database.run(
            """
            CREATE TABLE event (position INTEGER PRIMARY KEY, first INTEGER, stream TEXT,
            version INTEGER, type TEXT, schema INTEGER, stage TEXT, cause INTEGER, facts BLOB,
            content BLOB)
            """
        )
        database.run("CREATE TABLE erased (position INTEGER PRIMARY KEY)")
        database.run("CREATE INDEX events_by_type ON event (type, first)")
    }

    var end: Int {
        database.run("SELECT coalesce(max(first + count), 0) FROM batch")[0].integer(0)
    }

    var erased: Set<Int> {
        Set(database.run("SELECT position FROM erased").map { $0.integer(0) })
    }

    func erase(_ positions: Set<Int>) {
        database.run("BEGIN")
        for position in positions {
            database.run("INSERT OR IGNORE INTO erased VALUES (?)", [.integer(position)])
            database.run(
                """
                UPDATE event SET content = NULL,
                facts = CASE length(facts) WHEN 0 THEN facts ELSE x'A0' END WHERE position = ?
                """,
                [.integer(position)]
            )
        }
        database.run("COMMIT")
    }

    var boundaries: Set<Int> {
        Set(database.run("SELECT first + count FROM batch").map { $0.integer(0) } + [0])
    }

    func newest(producer: Int) -> (sequence: Int, position: Int)? {
        database.run(
            """
            SELECT sequence, first FROM batch WHERE producer = ? ORDER BY sequence DESC LIMIT 1
            """,
            [.integer(producer)]
        ).first.map { ($0.integer(0), $0.integer(1)) }
    }

    func take(_ plan: BatchPlan) {
        let first = end
        database.run("BEGIN")
        database.run(
            "INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?)",
            [
                .integer(first), .integer(plan.events), .integer(Int(plan.microseconds)),
                .text(plan.runName), .integer(plan.producer), .integer(plan.sequence),
            ]
        )
        for (index, event) in plan.sampleEvents(at: first).enumerated() {
            let distance = Int(event.causeDistance)
            database.run(
                "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    .integer(first + index), .integer(first), .text(event.stream),
                    .integer(Int(event.version)), .text(event.type),
                    .integer(Int(event.schema)), .text(event.stage),
                    distance == 0 ? .null : .integer(first + index - distance),
                    .blob(event.facts), event.content.map { .blob($0) } ?? .null,
                ]
            )
        }
        database.run("COMMIT")
    }

    func events(from: Int, until: Int, types: Set<String>?) -> [SeenEvent] {
        let wanted = (types ?? []).sorted()
        let marks = wanted.map { _ in "?" }.joined(separator: ", ")
        let filter =
            types == nil
            ? "" : "AND event.first IN (SELECT first FROM event WHERE type IN (\(marks)))"
        return database.run(
            """
            SELECT position, time, run, stream, version, type, schema, stage, cause, facts, content
            FROM event JOIN batch ON batch.first = event.first
            WHERE position >= ? AND position < ? \(filter) ORDER BY position
            """,
            [.integer(from), .integer(until)] + wanted.map { .text($0) }
        ).map(Self.seen)
    }

    private static func seen(_ row: [SQLiteDatabase.Value]) -> SeenEvent {
        let position = row.integer(0)
        let distance = row[8] == .null ? 0 : position - row.integer(8)
        return SeenEvent(
            position: position,
            time: UInt64(row.integer(1)),
            run: row.text(2),
            event: SampleEvent(
                stream: row.text(3),
                version: UInt32(row.integer(4)),
                type: row.text(5),
                schema: UInt8(row.integer(6)),
                stage: row.text(7),
                causeDistance: UInt64(distance),
                facts: row.blob(9) ?? [],
                content: row.blob(10)
            )
        )
    }

    func batch(holding position: Int) -> SeenBatch? {
        database.run(
            "SELECT first, count, time FROM batch WHERE ? BETWEEN first AND first + count - 1",
            [.integer(position)]
        ).first.map {
            SeenBatch(first: $0.integer(0), count: $0.integer(1), time: UInt64($0.integer(2)))
        }
    }

    func position(after time: UInt64, end: Int) -> Int {
        database.run(
            "SELECT coalesce(min(first), ?) FROM batch WHERE time > ? AND first < ?",
            [.integer(end), .integer(Int(time)), .integer(end)]
        )[0].integer(0)
    }
}
