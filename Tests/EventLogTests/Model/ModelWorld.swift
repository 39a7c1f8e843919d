import EventLog

/// The log answered otherwise than its oracles.
struct Mismatch: Error, CustomStringConvertible {
    let description: String
}

/// A log on a disk, beside it the oracles, and what is known of both; a class, as a disk is one.
final class ModelWorld {
    /// A reader that is kept, and the end that it must have.
    struct HeldReader {
        var reader: EventLogReader
        var end: Int
    }

    let directory: String
    let storage: KillableStorage
    let oracles: [any LogOracle] = [ArrayOracle(), SQLiteOracle()]
    var writer: EventLogWriter?
    var readers: [Int: HeldReader] = [:]
    /// Batches whose writer was killed before the answer: they are all there or none is.
    var pending: [BatchPlan] = []
    /// How many segments were written outside of the store.
    var segmentsWritten = 0
    /// HEAD was damaged: readers may end earlier, at any batch, until a writer renews it.
    var isHeadDamaged = false
    /// Bytes were put behind the log that are no batch.
    var isTorn = false
    /// A step may have changed what is there to read.
    var isChanged = false

    init(directory: String, storage: any LogStorage) {
        self.directory = directory
        self.storage = KillableStorage(storage)
    }

    /// What all oracles answer.
    func ask<Value: Equatable>(_ what: String, _ body: (any LogOracle) -> Value) throws -> Value {
        let answers = oracles.map(body)
        guard let first = answers.first, answers.allSatisfy({ $0 == first }) else {
            throw Mismatch(description: "\(what): the oracles differ: \(answers)")
        }
        return first
    }

    func end() throws -> Int { try ask("the end") { $0.end } }

    func take(_ plan: BatchPlan) throws {
        for oracle in oracles { oracle.take(plan) }
        isChanged = true
    }

    /// How many events are pending.
    var pendingCount: Int { pending.reduce(0) { $0 + $1.events } }

    /// Takes what was pending: it is there.
    func takePending() throws {
        let plans = pending
        pending = []
        for plan in plans { try take(plan) }
    }

    func expect<Value: Equatable>(_ found: Value, _ expected: Value, _ what: String) throws {
        guard found != expected else { return }
        throw Mismatch(description: "\(what): \(brief(found)), expected \(brief(expected))")
    }

    private func brief(_ value: some Any) -> String {
        let text = "\(value)"
        return text.count > 400 ? text.prefix(400) + "…" : text
    }

    /// What a call gives, as an oracle says it.
    static func answer(_ body: () throws -> EventPosition) throws -> Answer {
        do {
            return .position(Int(try body().rawValue))
        } catch let error as LogError {
            return .refused(error.code)
        }
    }

    /// Checks where a reader that was just opened or refreshed ends, and learns from it.
    func settle(_ readerEnd: Int, atLeast least: Int) throws {
        let end = try end()
        if readerEnd == end { return }
        if !pending.isEmpty, readerEnd == end + pendingCount { return try takePending() }
        guard isHeadDamaged, readerEnd < end, readerEnd >= least,
            try ask("where batches end", { $0.boundaries }).contains(readerEnd)
        else {
            throw Mismatch(description: "a reader ends at \(readerEnd), the log at \(end)")
        }
    }

    /// The kept reader of a number, opened now if there is none; nil before there is a store.
    func reader(_ number: Int) throws -> HeldReader? {
        if let held = readers[number] { return held }
        guard try !segments().isEmpty else { return nil }
        let opened = try EventLogReader.open(directory, storage: storage)
        let end = Int(opened.end.rawValue)
        try settle(end, atLeast: 0)
        let held = HeldReader(reader: opened, end: end)
        readers[number] = held
        return held
    }

    /// Compares all that a new reader sees.
    func compareAll() throws {
        guard isChanged else { return }
        isChanged = false
        guard try !segments().isEmpty else { return }
        let reader = try EventLogReader.open(directory, storage: storage)
        try settle(Int(reader.end.rawValue), atLeast: 0)
        isChanged = false
        let end = Int(reader.end.rawValue)
        let seen = try Self.read(reader, from: 0, until: end, types: nil, content: true)
        let expected = try ask("all events") { $0.events(from: 0, until: end, types: nil) }
        try expect(seen.events, expected, "all events")
    }

    /// What a scan shows, and the chain hash of each batch.
    static func read(
        _ reader: EventLogReader,
        from: Int,
        until: Int?,
        types: Set<String>?,
        content: Bool
    ) throws -> (events: [SeenEvent], batches: [Int]) {
        var events: [SeenEvent] = []
        var batches: [Int] = []
        try reader.scan(
            from: EventPosition(UInt64(from)),
            until: until.map { EventPosition(UInt64($0)) },
            types: types,
            content: content
        ) { batch throws(LogError) in
            batches.append(Int(batch.firstPosition.rawValue))
            let shown = Sample.events(of: batch)
            for (index, event) in zip(batch.indices, shown) {
                events.append(
                    SeenEvent(
                        position: Int(batch[index].position.rawValue),
                        time: batch.time,
                        run: batch.run,
                        event: event
                    )
                )
            }
            return .continue
        }
        return (events, batches)
    }
}
