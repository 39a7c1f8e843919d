import EventLog
import Testing

/// Memory and tables that are used again from batch to batch must never show in what is read.
@Suite("What is used again")
struct ReuseTests {
    /// Larger than what is too small to be kept.
    private static func events(_ seed: Int) -> [SampleEvent] {
        (0..<200).map { Sample.event(seed * 1000 + $0, contentByteCount: 90) }
    }

    @Test("encoded batches keep their bytes while later ones use the memory of earlier ones")
    func buffers() throws {
        let disk = MemoryStorage()
        let writer = try EventLogWriter.open("store", storage: disk)
        var expected: [SampleEvent] = []
        var batches: [EncodedBatch] = []
        for seed in 0..<12 {
            let events = Self.events(seed)
            let first = EventPosition(UInt64(expected.count))
            let compression = seed % 3 == 0 ? Compression.none : .fast
            let builder = Sample.builder(first: first, events)
            // Encoded twice: the copy must not lose what the first encoding gives back.
            let copy = builder
            let batch = try builder.encode(compression: compression)
            #expect(try copy.encode(compression: compression).byteCount == batch.byteCount)
            batches.append(batch)
            expected += events
            // Some leave early, so that their memory goes round.
            if seed % 4 == 3 {
                for batch in batches { try writer.append(batch, time: 1) }
                batches = []
            }
        }
        let reader = try EventLogReader.open("store", storage: disk)
        #expect(try Sample.read(reader) == expected)
        #expect(try LogVerifier.verify("store", storage: disk).ok)
    }

    @Test("batches of more kinds than are remembered are each read with their own names")
    func names() throws {
        let disk = MemoryStorage()
        let writer = try EventLogWriter.open("store", storage: disk)
        var generator = SeededGenerator(state: 3)
        var expected: [String] = []
        for number in 0..<300 {
            // Runs of the same kind, kinds in turn, and kinds that differ in the run alone.
            let kind = number < 50 ? number % 40 : Int(generator.next() % 40)
            var builder = EventBatchBuilder(
                firstPosition: writer.nextPosition,
                run: "run-\(kind / 8)"
            )
            builder.append(
                stream: "stream",
                streamVersion: 0,
                type: "type-\(kind % 8)",
                schemaVersion: 1,
                stage: kind % 3 == 0 ? "" : "stage-\(kind % 3)",
                cause: nil,
                facts: [1].span,
                content: nil
            )
            try writer.append(try builder.encode(), time: 1)
            expected.append("run-\(kind / 8) type-\(kind % 8) \(kind % 3)")
        }
        let reader = try EventLogReader.open("store", storage: disk)
        var found: [String] = []
        try reader.scan { batch throws(LogError) in
            let stage = batch.stage(0)
            found.append(
                "\(batch.run) \(batch.type(0)) \(stage.isEmpty ? "0" : stage.dropFirst(6))"
            )
            return .continue
        }
        #expect(found == expected)
        #expect(try LogVerifier.verify("store", storage: disk).ok)
    }
}
