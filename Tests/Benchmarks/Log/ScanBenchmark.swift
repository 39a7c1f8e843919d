internal import EventLog

/// Reading every event of a store by a cursor, and verifying every byte of it, on one thread.
///
/// The files are in the page cache: what is measured is the log's own work, per second of
/// processor time.
struct ScanBenchmark {
    let directory: String
    let events: Int
    let repeats: Int

    /// How the events are stored.
    private struct Shape {
        let name: String
        let kind: SampleEvents.Kind
        let compression: Compression
        let eventsPerBatch: Int
    }

    private static let shapes = [
        Shape(name: "plain", kind: .random, compression: .none, eventsPerBatch: 1000),
        // A run's batches have 4 MiB before compression.
        Shape(name: "as a run writes", kind: .text, compression: .fast, eventsPerBatch: 12_000),
    ]

    /// Scans and verifies a store of each shape, as asked.
    func run(scan: Bool, verify: Bool, _ report: inout Report) throws {
        for shape in Self.shapes {
            let path = directory + "/scan-\(shape.kind)"
            try write(shape, to: path)
            if scan { try self.scan(shape, path, &report) }
            if verify { try self.verify(shape, path, &report) }
        }
    }

    private func write(_ shape: Shape, to path: String) throws {
        let sample = SampleEvents(shape.kind)
        let writer = try EventLogWriter.open(path)
        while Int(writer.nextPosition.rawValue) < events {
            let batch = try sample.batch(
                at: writer.nextPosition,
                count: shape.eventsPerBatch,
                compression: shape.compression
            )
            try writer.append(batch, time: 1)
        }
        writer.close()
    }

    private func scan(_ shape: Shape, _ path: String, _ report: inout Report) throws {
        let reader = try EventLogReader.open(path)
        var rates = Samples()
        var sums: Set<Int> = []
        // The first pass warms up and does not count.
        for pass in 0...repeats {
            let start = Clock.processor
            let (count, sum) = try Self.touchAll(reader)
            let rate = Double(count) / (Clock.processor - start) / 1e6
            guard UInt64(count) == reader.end.rawValue else {
                throw BenchmarkFailure("\(count) of \(reader.end) events were read")
            }
            sums.insert(sum)
            if pass > 0 { rates.add(rate) }
        }
        guard sums.count == 1 else { throw BenchmarkFailure("two scans read different events") }
        let name = "scan, checksums verified, facts \(shape.name) (\(reader.end) events)"
        if shape.compression == .none {
            report.add(name, rates, unit: "million events/CPU-s", Limit(.atLeast, 10))
        } else {
            report.add(name, rates, unit: "million events/CPU-s")
        }
    }

    private static func touchAll(_ reader: EventLogReader) throws -> (count: Int, sum: Int) {
        var cursor = reader.cursor()
        var count = 0
        var sum = 0
        while try cursor.next() {
            sum &+= touch(cursor.batch)
            count += cursor.batch.indices.count
        }
        return (count, sum)
    }

    /// Reads each event's record, and the first and the last byte of its facts.
    private static func touch(_ batch: borrowing EventBatch) -> Int {
        var sum = 0
        for index in batch.indices {
            let record = batch[index]
            let facts = batch.facts(index)
            sum &+= record.typeIndex &+ record.streamIndex &+ Int(record.streamVersion)
            if !facts.isEmpty { sum &+= Int(facts[0]) &* 31 &+ Int(facts[facts.count - 1]) }
        }
        return sum
    }

    private func verify(_ shape: Shape, _ path: String, _ report: inout Report) throws {
        var rates = Samples()
        for pass in 0...repeats {
            let start = Clock.processor
            let found = try LogVerifier.verify(path)
            guard found.ok else { throw BenchmarkFailure("\(found.damage)") }
            let facts = Double(found.events) * Double(SampleEvents.factsByteCount)
            if pass > 0 { rates.add(facts / 1e6 / (Clock.processor - start)) }
        }
        let name = "verify, facts \(shape.name)"
        report.add(name, rates, unit: "MB of facts/CPU-s", digits: 0)
    }
}
