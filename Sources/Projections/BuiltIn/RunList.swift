internal import Bytes
internal import EventLog
internal import GRDB

/// Which runs there were, how many events each appended, and its balance sheet.
struct RunList: Projection {
    let version = 1
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

    func makeFold(_ database: Database) throws -> AnyFold {
        AnyFold(try RunFold(database))
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

/// The fold of the runs; what is new of each since the last commit is in memory.
struct RunFold: ProjectionFold {
    /// What a commit adds to a run's row.
    private struct Addition {
        let run: String
        let first: Int
        var events = 0
        var started: Int?
        var finished: Int?
        var stages: [UInt8]?
    }

    private let upsert: RowStatement
    private var additions: [Addition] = []

    init(_ database: Database) throws {
        upsert = try RowStatement(
            database,
            """
            INSERT INTO run (run, first, started, finished, events, stages)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (run) DO UPDATE SET events = events + excluded.events,
            started = coalesce(started, excluded.started),
            finished = coalesce(excluded.finished, finished),
            stages = coalesce(excluded.stages, stages)
            """
        )
    }

    var pendingByteCount: Int { additions.count * 256 }

    mutating func apply(_ batch: borrowing EventBatch, _ range: Range<Int>) throws {
        guard !range.isEmpty, !batch.run.isEmpty else { return }
        let index = index(of: batch.run, first: batch.firstPosition.advanced(by: range.lowerBound))
        additions[index].events += range.count
        let kinds = batch.types.map(FactKind.init(type:))
        guard kinds.contains(where: { $0 == .runStarted || $0 == .runFinished }) else { return }
        for event in range {
            let kind = kinds[batch.typeIndex(event)]
            guard kind == .runStarted || kind == .runFinished else { continue }
            let record = batch[event]
            guard record.schemaVersion <= kind.newestVersion else {
                throw ProjectionError(
                    newer: batch.type(event),
                    version: record.schemaVersion,
                    at: record.position
                )
            }
            if kind == .runStarted {
                additions[index].started = Int(batch.time)
            } else {
                additions[index].finished = Int(batch.time)
                do throws(CBORError) {
                    additions[index].stages = try Self.stages(batch.facts(event))
                } catch {
                    throw ProjectionError(
                        undecodable: batch.type(event),
                        at: record.position,
                        found: error.description
                    )
                }
            }
        }
    }

    mutating func flush(_ database: Database) throws {
        for addition in additions {
            upsert.bind(0, text: addition.run)
            upsert.bind(1, addition.first)
            upsert.bind(2, addition.started)
            upsert.bind(3, addition.finished)
            upsert.bind(4, addition.events)
            if let stages = addition.stages {
                upsert.bind(5, blob: stages)
            } else {
                upsert.bindNull(5)
            }
            try upsert.run()
        }
        additions.removeAll()
    }

    private mutating func index(of run: String, first: EventPosition) -> Int {
        if let last = additions.indices.last, additions[last].run == run { return last }
        if let index = additions.firstIndex(where: { $0.run == run }) { return index }
        additions.append(Addition(run: run, first: Int(first.rawValue)))
        return additions.count - 1
    }

    /// The bytes of `stages` as they stand in the event.
    private static func stages(_ facts: Span<UInt8>) throws(CBORError) -> [UInt8]? {
        var reader = CBORReader(facts)
        for _ in 0..<(try reader.map()) {
            let isStages = try reader.fieldName() == .stages
            let start = reader.offset
            try reader.skip()
            if isStages {
                return [UInt8](copying: facts.extracting(start..<reader.offset))
            }
        }
        return nil
    }
}
