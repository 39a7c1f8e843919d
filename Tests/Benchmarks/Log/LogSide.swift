internal import EventLog

/// The log as the appending side of a benchmark.
struct LogSide: Sendable {
    let writer: EventLogWriter
    let events: SampleEvents
    let compression: Compression

    /// Appends batches as a run does: encoded ahead by other threads, appended in order by this one.
    func appendAhead(_ count: Int) async throws {
        let first = writer.nextPosition
        try await withThrowingTaskGroup(of: (Int, EncodedBatch).self) { group in
            var started = 0
            var appended = 0
            var ready: [Int: EncodedBatch] = [:]
            while appended < count {
                while started < min(count, appended + 4) {
                    let number = started
                    group.addTask {
                        let position = first.advanced(by: number * SampleEvents.perBatch)
                        return (number, try events.batch(at: position, compression: compression))
                    }
                    started += 1
                }
                if let (number, batch) = try await group.next() { ready[number] = batch }
                while let batch = ready.removeValue(forKey: appended) {
                    try writer.append(batch, time: 1)
                    appended += 1
                }
            }
        }
    }

    /// Encodes and appends in turn on this thread.
    func appendInline(_ count: Int) throws {
        for _ in 0..<count {
            let position = writer.nextPosition
            try writer.append(try events.batch(at: position, compression: compression), time: 1)
        }
    }

    /// Encodes the next batches, to be appended later.
    func encode(_ count: Int) throws -> [EncodedBatch] {
        let first = writer.nextPosition
        return try (0..<count).map { number in
            let position = first.advanced(by: number * SampleEvents.perBatch)
            return try events.batch(at: position, compression: compression)
        }
    }

    func append(_ batches: [EncodedBatch]) throws {
        for batch in batches { try writer.append(batch, time: 1) }
    }
}
