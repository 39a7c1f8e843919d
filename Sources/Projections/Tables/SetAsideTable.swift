internal import Bytes
internal import EventLog
internal import GRDB

/// The events that a projection left out: a table of every projection's file.
struct SetAsideTable {
    static let schema = """
        CREATE TABLE skipped (position INTEGER PRIMARY KEY, action TEXT NOT NULL,
        type TEXT NOT NULL, schema INTEGER NOT NULL, document BLOB NOT NULL, code TEXT NOT NULL,
        reason TEXT NOT NULL)
        """

    private static let select =
        "SELECT position, action, type, schema, document, code, reason FROM skipped "
        + "ORDER BY position"

    /// Writes events that were left out.
    static func insert(
        _ events: [(fault: EventFault, action: PoisonPolicy.Action)],
        into database: Database
    ) throws {
        guard !events.isEmpty else { return }
        let row = try RowStatement(database, "INSERT INTO skipped VALUES (?, ?, ?, ?, ?, ?, ?)")
        for (fault, action) in events {
            row.bind(0, Int(fault.position.rawValue))
            row.bind(1, text: action.rawValue)
            row.bind(2, text: fault.type)
            row.bind(3, Int(fault.schemaVersion))
            row.bind(4, blob: fault.stream.span)
            row.bind(5, text: fault.reason.rawValue)
            row.bind(6, text: fault.found)
            try row.run()
        }
    }

    /// Shows each event that was left out, in order of position.
    static func each(
        _ database: Database,
        _ body: (_ event: SetAsideEvent, _ stream: [UInt8]) throws -> Void
    ) throws {
        let rows = try RowStatement(database, select)
        while try rows.next() {
            let stream = rows.bytes(4)
            let event = SetAsideEvent(
                isParked: rows.text(1) == PoisonPolicy.Action.park.rawValue,
                position: EventPosition(UInt64(max(0, rows.integer(0)))),
                type: rows.text(2),
                schemaVersion: UInt8(clamping: rows.integer(3)),
                document: String(decoding: stream, as: UTF8.self),
                code: rows.text(5),
                reason: rows.text(6)
            )
            try body(event, stream)
        }
    }

    /// Adds to a digest that events are missing, and which; nothing if none are.
    static func digest(_ database: Database, into digest: inout DigestBuilder) throws {
        try each(database) { event, stream in
            digest.row { writer in
                writer.array(6)
                writer.text("left out")
                writer.bool(event.isParked)
                writer.text(event.type)
                writer.integer(Int(event.schemaVersion))
                writer.bytes(stream.span)
                writer.text(event.reason)
            }
        }
    }
}

extension SetAsideEvent {
    /// Whether a program that knows these schemas may be able to read it after all.
    func mayBeRead(_ schemas: KnownSchemas) -> Bool {
        code == EventFault.Reason.newer.rawValue
            && schemas.canRead(FactKind(type: type), schemaVersion)
    }
}
