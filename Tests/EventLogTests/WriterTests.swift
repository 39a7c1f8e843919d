import Bytes
import EventLog
import Testing

@Suite("The one writer")
struct WriterTests {
    @Test("a second writer is refused and told who has the lock", arguments: [true, false])
    func lock(onDisk: Bool) throws {
        let directory = TemporaryDirectory()
        let storage: any LogStorage = onDisk ? POSIXStorage() : MemoryStorage()
        let first = try EventLogWriter.open(directory.path, storage: storage)
        let error = #expect(throws: LogError.self) {
            try EventLogWriter.open(directory.path, storage: storage)
        }
        #expect(error?.code == .locked)
        #expect(error?.found.contains(storage.processIdentity()) == true)
        try Sample.append(to: first, count: 3)
        #expect(try EventLogReader.open(directory.path, storage: storage).end.rawValue == 3)
        first.close()
        let closed = #expect(throws: LogError.self) { try Sample.append(to: first, count: 1) }
        #expect(closed?.code == .closed)
        let second = try EventLogWriter.open(directory.path, storage: storage)
        #expect(second.nextPosition == EventPosition(3))
    }

    @Test("a batch for another position is refused and changes nothing")
    func wrongPosition() throws {
        let disk = MemoryStorage()
        let writer = try EventLogWriter.open("store", storage: disk)
        try Sample.append(to: writer, count: 3)
        let files = disk.files
        for position in [0, 2, 4, 1_000_000] {
            let batch = try Sample.builder(
                first: EventPosition(UInt64(position)),
                [Sample.event(0)]
            ).encode()
            let error = #expect(throws: LogError.self) { try writer.append(batch, time: 0) }
            #expect(error?.code == .wrongPosition)
        }
        #expect(disk.files == files)
    }

    @Test("what breaks a limit is refused by name")
    func limits() throws {
        func code(_ change: (inout SampleEvent) -> Void, run: String = "r") -> LogError.Code? {
            var event = Sample.event(0)
            change(&event)
            do throws(LogError) {
                _ = try Sample.builder(first: EventPosition(5), [event], run: run).encode()
                return nil
            } catch {
                return error.code
            }
        }
        #expect(code { _ in } == nil)
        #expect(code { $0.stream = String(repeating: "s", count: 4096) } == nil)
        #expect(code { $0.stream = String(repeating: "s", count: 4097) } == .limitExceeded)
        #expect(code { $0.type = String(repeating: "t", count: 1024) } == nil)
        #expect(code { $0.type = String(repeating: "t", count: 1025) } == .limitExceeded)
        #expect(code { $0.stage = String(repeating: "é", count: 513) } == .limitExceeded)
        #expect(code({ _ in }, run: String(repeating: "r", count: 1025)) == .limitExceeded)
        let empty = EventBatchBuilder(firstPosition: .first, run: "r")
        let error = #expect(throws: LogError.self) { try empty.encode() }
        #expect(error?.code == .emptyBatch)
    }

    @Test("a cause may lie 2^32-1 events back, no further, and not ahead")
    func causes() throws {
        let position = EventPosition(1 << 33)
        for (cause, isPossible) in [
            (position.rawValue - 1, true), (position.rawValue - 0xFFFF_FFFF, true),
            (position.rawValue - 0x1_0000_0000, false), (position.rawValue, false),
        ] {
            var builder = EventBatchBuilder(firstPosition: position, run: "r")
            let facts: [UInt8] = []
            builder.append(
                stream: "s",
                streamVersion: 0,
                type: "t",
                schemaVersion: 1,
                stage: "",
                cause: EventPosition(cause),
                facts: facts.span,
                content: nil
            )
            let encoded = try? builder.encode()
            #expect((encoded != nil) == isPossible)
        }
    }

    @Test("a producer's batch appended again is recognised, across segments and openings")
    func producers() throws {
        let disk = MemoryStorage()
        let options = LogOptions(segmentByteLimit: 5000)
        func append(_ sequence: UInt64, reopen: Bool) throws -> (EventPosition, EventPosition) {
            let writer = try EventLogWriter.open("store", storage: disk, options: options)
            let batch = try Sample.builder(
                first: writer.nextPosition,
                Sample.events(4),
                producer: 9,
                sequence: sequence
            ).encode()
            let position = try writer.append(batch, time: 1)
            if !reopen {
                #expect(try writer.append(batch, time: 2) == position)
            }
            return (position, writer.nextPosition)
        }
        for sequence in 1...4 {
            let first = try append(UInt64(sequence), reopen: sequence % 2 == 0)
            let again = try append(UInt64(sequence), reopen: sequence % 2 == 0)
            #expect(first == again)
            // Enough of another producer's to seal the segment.
            let writer = try EventLogWriter.open("store", storage: disk, options: options)
            try Sample.append(to: writer, count: 12, compression: .none)
        }
        let error = #expect(throws: LogError.self) { try append(3, reopen: true) }
        #expect(error?.code == .staleSequence)
        #expect(disk.files.count { $0.key.hasSuffix(".seg") } > 3)
        #expect(try LogVerifier.verify("store", storage: disk).events == 64)
    }

    @Test("the same events give the same digest and chain, whatever the codec or the worker")
    func deterministic() async throws {
        func encode(_ compression: Compression) throws -> EncodedBatch {
            try Sample.builder(first: .first, Sample.events(50)).encode(compression: compression)
        }
        var chains: Set<SHA256Digest> = []
        for compression in [Compression.none, .fast, .zstd(level: 3)] {
            let disk = MemoryStorage()
            let writer = try EventLogWriter.open("store", storage: disk)
            try writer.append(try await Task { try encode(compression) }.value, time: 7)
            let reader = try EventLogReader.open("store", storage: disk)
            chains.insert(try reader.batch(holding: .first).chain)
        }
        #expect(chains.count == 1)
    }

    @Test("incompressible contents are stored as they are")
    func incompressible() throws {
        var generator = SeededGenerator(state: 3)
        var event = Sample.event(0)
        event.content = (0..<50_000).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        let plain = try Sample.builder(first: .first, [event]).encode(compression: .none)
        let packed = try Sample.builder(first: .first, [event]).encode(compression: .fast)
        #expect(packed.byteCount <= plain.byteCount)
        #expect(packed.byteCount > 50_000)
        #expect(packed.rawByteCount == plain.rawByteCount)
    }

    @Test("each type of a run and a document has a bit of its own in the mask")
    func masks() throws {
        let disk = MemoryStorage()
        let writer = try EventLogWriter.open("store", storage: disk)
        let types = [
            "pipeline.defined", "run.started", "run.finished", "document.ingested",
            "document.cleaned", "document.dropped", "document.unique", "document.duplicate",
            "document.enriched", "document.exported", "document.failed", "document.retracted",
        ]
        var masks: Set<[UInt8]> = []
        for type in types {
            let offset = disk.files[RecoveryTests.segment]?.count ?? 0
            var event = Sample.event(0)
            event.type = type
            let batch = try Sample.builder(first: writer.nextPosition, [event]).encode()
            try writer.append(batch, time: 0)
            let bytes = try #require(disk.files[RecoveryTests.segment])
            masks.insert(Array(bytes[offset + 40..<offset + 48]))
        }
        #expect(masks.count == types.count)
    }
}
