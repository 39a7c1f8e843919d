internal import Bytes
internal import EventLog
internal import GRDB

/// The fold of a projection that remembers a record of each document.
///
/// Between two commits the documents touched live in memory, in order of first touch; a commit
/// writes each once. A revision replaces the row as a whole, so that nothing has to be looked up or
/// subtracted; an event that only adds to a revision of an earlier commit reads its row first.
struct DocumentFold<Record: DocumentRecord>: ProjectionFold {
    private var context: Record.Context
    private let flushContext: (inout Record.Context, Database) throws -> Void
    private let isWanted: (FactKind, Span<UInt8>) throws(CBORError) -> Bool
    private let insert: RowStatement
    private let upsert: RowStatement
    private let delete: RowStatement
    private let select: RowStatement
    private var filter: NameFilter

    private var names = ByteInterner()
    private var records: [Record] = []
    private var recordByteCount = 0
    private var numbersOfStreams: [Int32] = []

    /// Begins or continues the fold of a file.
    ///
    /// - Parameters:
    ///   - database: the file.
    ///   - context: what its records share.
    ///   - isWanted: whether an event concerns the projection at all, by its facts.
    ///   - flushContext: writes what is new in the context.
    /// - Throws: what SQLite says.
    init(
        _ database: Database,
        context: Record.Context,
        isWanted: @escaping (FactKind, Span<UInt8>) throws(CBORError) -> Bool = { _, _ in true },
        flushContext: @escaping (inout Record.Context, Database) throws -> Void = { _, _ in }
    ) throws {
        self.context = context
        self.isWanted = isWanted
        self.flushContext = flushContext
        insert = try RowStatement(database, Record.insert)
        upsert = try RowStatement(database, Record.upsert)
        delete = try RowStatement(database, "DELETE FROM document WHERE document = ?")
        select = try RowStatement(database, Record.select("WHERE document = ?"))
        let hasRows = try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM document)")
        filter = hasRows == false ? .empty() : .unknown
    }

    var pendingByteCount: Int {
        names.byteCount + records.count * MemoryLayout<Record>.stride + recordByteCount
    }

    mutating func apply(_ batch: borrowing EventBatch, _ range: Range<Int>) throws {
        let kinds = batch.types.map { name in
            let kind = FactKind(type: name)
            return Record.kinds.contains(kind) ? kind : .other
        }
        if kinds.allSatisfy({ $0 == .other }) { return }
        resetStreams(batch.streamCount)
        for index in range {
            let kind = kinds[batch.typeIndex(index)]
            if kind == .other { continue }
            let event = batch[index]
            guard event.schemaVersion <= kind.newestVersion else {
                throw ProjectionError(
                    newer: batch.type(index),
                    version: event.schemaVersion,
                    at: event.position
                )
            }
            do {
                let facts = batch.facts(index)
                guard try isWanted(kind, facts) else { continue }
                let number = try number(of: event.streamIndex, in: batch, kind)
                let place = EventPlace(position: event.position, batch: batch.firstPosition)
                let before = records[number].byteCount
                try records[number].apply(kind, facts: facts, place: place, context: &context)
                recordByteCount += records[number].byteCount - before
            } catch let error as CBORError {
                throw ProjectionError(
                    undecodable: batch.type(index),
                    at: event.position,
                    found: error.description
                )
            }
        }
    }

    mutating func flush(_ database: Database) throws {
        try flushContext(&context, database)
        for number in records.indices {
            let hash = names.hash(of: number)
            if records[number].isEmpty {
                guard filter.mayContain(hash) else { continue }
                delete.bind(0, text: names.bytes(of: number))
                try delete.run()
            } else {
                let row = filter.mayContain(hash) ? upsert : insert
                filter.insert(hash)
                row.bind(0, text: names.bytes(of: number))
                records[number].bind(row, at: 1)
                try row.run()
            }
        }
        names.removeAll()
        records.removeAll(keepingCapacity: true)
        recordByteCount = 0
    }

    private mutating func resetStreams(_ count: Int) {
        numbersOfStreams.removeAll(keepingCapacity: true)
        numbersOfStreams.append(contentsOf: repeatElement(-1, count: count))
    }

    /// The number of an event's document among those touched since the last commit.
    private mutating func number(
        of stream: Int,
        in batch: borrowing EventBatch,
        _ kind: FactKind
    ) throws -> Int {
        var number = Int(numbersOfStreams[stream])
        if number < 0 {
            number = names.number(of: batch.streamBytes(at: stream))
            numbersOfStreams[stream] = Int32(number)
        }
        if number < records.count {
            if kind.startsRevision { records[number].beginRevision() }
        } else if kind.startsRevision {
            records.append(Record())
        } else {
            records.append(try storedRecord(number) ?? Record())
        }
        return number
    }

    /// The record that an earlier commit wrote.
    private func storedRecord(_ number: Int) throws -> Record? {
        guard filter.mayContain(names.hash(of: number)) else { return nil }
        select.bind(0, text: names.bytes(of: number))
        defer { select.reset() }
        return try select.next() ? Record(select, at: 1) : nil
    }
}

extension ProjectionError {
    init(newer type: String, version: UInt8, at position: EventPosition) {
        self.init(
            .newerEvent,
            position: position,
            expected: "an event of a schema that this program knows",
            found: "\(type) version \(version)",
            hint: "the store was written by a newer annals: read it with that one"
        )
    }

    init(undecodable type: String, at position: EventPosition, found: String) {
        self.init(
            .undecodableEvent,
            position: position,
            expected: "the facts of \(type)",
            found: found,
            hint: "annals log verify tells whether the log is damaged"
        )
    }
}
