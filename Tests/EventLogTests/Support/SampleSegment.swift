import EventLog

extension Sample {
    /// Writes a sealed segment outside of any store, of the sample events with these numbers in
    /// equal batches; the first number must be a multiple of three, so that it has no cause.
    static func segment(
        _ path: String,
        events numbers: Range<Int>,
        batches: Int = 1,
        producer: UInt64 = 0,
        sequence: UInt64 = 1,
        isSealed: Bool = true,
        contentByteCount: Int = 64,
        storage: any LogStorage
    ) throws(LogError) {
        var writer = try DetachedSegmentWriter.create(path, storage: storage)
        let size = numbers.count / batches
        for batch in 0..<batches {
            let first = numbers.lowerBound + batch * size
            let encoded = try builder(
                first: writer.nextPosition,
                (first..<first + size).map { event($0, contentByteCount: contentByteCount) },
                run: path,
                producer: producer,
                sequence: sequence + UInt64(batch)
            ).encode(compression: .none)
            try writer.append(encoded, time: time(of: EventPosition(UInt64(first))))
        }
        if isSealed { try writer.seal() }
    }

    /// The run of each event of a store: who wrote it.
    static func runs(_ directory: String, storage: any LogStorage) throws -> [String] {
        var runs: [String] = []
        try EventLogReader.open(directory, storage: storage).scan { batch throws(LogError) in
            runs += batch.indices.map { _ in batch.run }
            return .continue
        }
        return runs
    }

    /// Appends a batch of `count` events of a run.
    @discardableResult
    static func append(
        to writer: EventLogWriter,
        count: Int,
        run: String
    ) throws(LogError) -> EventPosition {
        let batch = try builder(first: writer.nextPosition, events(count), run: run)
            .encode(compression: .none)
        return try writer.append(batch, time: 1)
    }
}
