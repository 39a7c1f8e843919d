internal import Bytes
internal import EventLog
internal import GRDB

/// What a stretch of the log says of runs.
struct RunPart: FoldedPart {
    /// What is added to a run's row.
    struct Addition {
        let run: String
        let first: Int
        var events = 0
        var started: Int?
        var finished: Int?
        var stages: [UInt8]?
    }

    var additions: [Addition] = []
    /// The streams of events that were read, not only counted.
    var streams: Set<[UInt8]> = []

    func touches(_ streams: Set<[UInt8]>) -> Bool {
        !self.streams.isDisjoint(with: streams)
    }
}

/// The fold of the runs: every event counts, the first and the last of a run are read.
struct RunFold: ProjectionFold {
    private let schemas: KnownSchemas
    private var part = RunPart()

    init(_ schemas: KnownSchemas) {
        self.schemas = schemas
    }

    var byteCount: Int { part.additions.count * 256 }

    mutating func apply(
        _ batch: borrowing EventBatch,
        _ range: Range<Int>,
        held: HeldStreams
    ) throws(EventFault) {
        guard !range.isEmpty, !batch.run.isEmpty else { return }
        let kinds = batch.types.map(FactKind.init(type:))
        let run = index(of: batch.run, first: batch.firstPosition.advanced(by: range.lowerBound))
        guard kinds.contains(where: { $0 == .runStarted || $0 == .runFinished }) else {
            part.additions[run].events += range.count
            return
        }
        for event in range {
            let kind = kinds[batch.typeIndex(event)]
            if kind == .runStarted || kind == .runFinished {
                try read(event, kind, of: batch, into: run, held)
            }
            part.additions[run].events += 1
        }
    }

    private mutating func read(
        _ event: Int,
        _ kind: FactKind,
        of batch: borrowing EventBatch,
        into run: Int,
        _ held: HeldStreams
    ) throws(EventFault) {
        let version = batch[event].schemaVersion
        guard schemas.canRead(kind, version) else {
            throw EventFault(.newer, event, of: batch, found: "version \(version)")
        }
        try held.check(batch, event)
        if kind == .runStarted {
            part.additions[run].started = Int(batch.time)
        } else {
            do throws(CBORError) {
                let stages = try Self.stages(batch.facts(event))
                if let stages { part.additions[run].stages = stages }
            } catch {
                throw EventFault(.undecodable, event, of: batch, found: error.description)
            }
            part.additions[run].finished = Int(batch.time)
        }
        part.streams.insert([UInt8](copying: batch.stream(event)))
    }

    consuming func finish() -> RunPart { part }

    private mutating func index(of run: String, first: EventPosition) -> Int {
        if let last = part.additions.indices.last, part.additions[last].run == run { return last }
        if let index = part.additions.firstIndex(where: { $0.run == run }) { return index }
        part.additions.append(RunPart.Addition(run: run, first: Int(first.rawValue)))
        return part.additions.count - 1
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

/// The table of runs.
struct RunTables: ProjectionTables {
    private let upsert: RowStatement

    init(_ database: Database) throws {
        upsert = try RowStatement(
            database,
            """
            INSERT INTO run (run, first, started, finished, events, stages)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (run) DO UPDATE SET events = events + excluded.events,
            started = coalesce(excluded.started, started),
            finished = coalesce(excluded.finished, finished),
            stages = coalesce(excluded.stages, stages)
            """
        )
    }

    mutating func merge(_ part: RunPart, _ database: Database) throws {
        for addition in part.additions {
            upsert.bind(0, text: addition.run)
            upsert.bind(1, addition.first)
            upsert.bind(2, addition.started)
            upsert.bind(3, addition.finished)
            upsert.bind(4, addition.events)
            if let stages = addition.stages {
                upsert.bind(5, blob: stages.span)
            } else {
                upsert.bindNull(5)
            }
            try upsert.run()
        }
    }
}
