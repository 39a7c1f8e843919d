import Bytes
import EventLog
import Glibc
import Testing

/// Stores of the released formats, byte for byte, with readers of now and of another language.
///
/// `UPDATE_GOLDEN=1 swift test --filter Golden` writes `Golden/` anew; a diff there means that the
/// format changed. The stores come from ``GoldenTests/make(compression:)``,
/// ``GoldenTests/makeJoined()``, ``GoldenTests/makeGaps()`` and ``GoldenTests/makeErased()``: fixed salts, ids, times.
@Suite("Golden stores")
struct GoldenTests {
    static let folder = String(#filePath.dropLast("GoldenTests.swift".count))
    static let names = ["format-1", "format-1-zstd", "format-1-joined"]
    static let eventCount = 34

    static let hasPython = unsafe system("command -v python3 >/dev/null 2>&1") == 0
    static let hasZstd = unsafe system("command -v zstd >/dev/null 2>&1") == 0
    static let updates = unsafe getenv("UPDATE_GOLDEN") != nil

    /// Three segments, two producers, every kind of event.
    static func make(compression: Compression) throws -> [String: [UInt8]] {
        let disk = MemoryStorage()
        let writer = try EventLogWriter.open(
            "store",
            storage: disk,
            options: LogOptions(segmentByteLimit: 6300)
        )
        for (index, count) in [1, 6, 9, 4, 8, 6].enumerated() {
            let first = writer.nextPosition
            let events = (0..<count).map {
                Sample.event(Int(first.rawValue) + $0, contentByteCount: 64)
            }
            let batch = try Sample.builder(
                first: first,
                events,
                run: "run-\(index / 4)",
                producer: UInt64(index % 3),
                sequence: UInt64(index)
            ).encode(compression: compression)
            try writer.append(batch, time: Sample.time(of: first))
        }
        writer.close()
        return disk.files.filter { !$0.key.hasSuffix("LOCK") }
    }

    @Test("the store of format 1 is written byte for byte as ever", .enabled(if: !updates))
    func sameBytes() throws {
        let made = try Self.make(compression: .none)
        #expect(made.keys.count { $0.hasSuffix(".seg") } == 3)
        for (path, bytes) in made {
            let golden = try Self.read(
                Self.folder + "Golden/format-1" + path.dropFirst("store".count)
            )
            // HEAD counts how often it was written, which is nobody's business.
            let isSame =
                path.hasSuffix("HEAD")
                ? Self.newestSlot(golden) == Self.newestSlot(bytes) : golden == bytes
            #expect(isSame, "\(path) differs: is the format meant to change?")
        }
    }

    /// What the newer slot of HEAD says, after its sequence.
    private static func newestSlot(_ head: [UInt8]) -> [UInt8] {
        let start = head[8] > head[520] ? 0 : 512
        return Array(head[start + 16..<start + 512])
    }

    @Test("joined segments are written byte for byte as ever", .enabled(if: !updates))
    func sameJoinedBytes() throws {
        let made = try Self.makeJoined()
        #expect(made.keys.count { $0.hasSuffix(".seg") } == 4)
        for (path, bytes) in made {
            let target = Self.folder + "Golden/format-1-joined" + path.dropFirst("store".count)
            let isSame = try Self.read(target) == bytes
            #expect(isSame, "\(path) differs: is the format meant to change?")
        }
    }

    /// Two segments joined after one of the log's own, and one of its own after them.
    static func makeJoined() throws -> [String: [UInt8]] {
        let disk = MemoryStorage()
        try Sample.segment("second", events: 21..<27, batches: 2, producer: 8, storage: disk)
        try Sample.segment("first", events: 9..<21, batches: 3, producer: 7, storage: disk)
        let writer = try EventLogWriter.open("store", storage: disk)
        try Sample.append(to: writer, count: 9, compression: .none, contentByteCount: 64)
        try writer.adopt(segmentAt: "first")
        try writer.adopt(segmentAt: "second")
        try Sample.append(to: writer, count: 7, compression: .none, contentByteCount: 64)
        writer.close()
        return disk.files.filter { $0.key.hasPrefix("store/") && !$0.key.hasSuffix("LOCK") }
    }

    /// The store of format 1 after its second batch was damaged and given up.
    static func makeGaps() throws -> [String: [UInt8]] {
        var files = try make(compression: .none)
        let path = RepairCheck.segments(files)[0]
        let second = RepairCheck.frames(try #require(files[path]))[1]
        files[path]?[second + 200] ^= 1
        let disk = MemoryStorage(files)
        let report = try LogRepair.perform("store", storage: disk)
        #expect(report.plan.lost.map(\.gap.positions) == [EventPosition(1)...EventPosition(6)])
        return disk.files.filter { !$0.key.contains("quarantine") && !$0.key.hasSuffix("LOCK") }
    }

    static let erased = [0, 3, 4, 20, 33]

    /// The store of format 1 after events of each segment were erased.
    static func makeErased() throws -> [String: [UInt8]] {
        let disk = MemoryStorage(try make(compression: .none))
        try ErasedStore.erase(erased, on: disk)
        return disk.files.filter { !$0.key.hasSuffix("LOCK") }
    }

    @Test("erased events are written byte for byte as ever", .enabled(if: !updates))
    func sameErasedBytes() throws {
        for (path, bytes) in try Self.makeErased() where !path.hasSuffix("HEAD") {
            let target = Self.folder + "Golden/format-1-erased" + path.dropFirst("store".count)
            let isSame = try Self.read(target) == bytes
            #expect(isSame, "\(path) differs: is the format meant to change?")
        }
        let store = Self.folder + "Golden/format-1-erased"
        let expected = (0..<Self.eventCount).map { number in
            let event = Sample.event(number, contentByteCount: 64)
            return Self.erased.contains(number) ? ErasedStore.erased(event) : event
        }
        #expect(try Sample.read(EventLogReader.open(store)) == expected)
        let report = try LogVerifier.verify(store)
        #expect(report.ok)
        #expect(report.erased.map { Int($0.rawValue) } == Self.erased)
        #expect(report.erasedBatches == 4)
    }

    @Test(
        "a store with a gap is read around it",
        .enabled(if: !updates),
        arguments: [nil, "format-1-gaps"]
    )
    func gaps(name: String?) throws {
        let made = MemoryStorage(try Self.makeGaps())
        let store = name.map { Self.folder + "Golden/" + $0 } ?? "store"
        let storage: any LogStorage = name == nil ? made : Self.disk
        let reader = try EventLogReader.open(store, storage: storage)
        let whole = Sample.events(Self.eventCount, contentByteCount: 64)
        #expect(try Sample.read(reader) == Array(whole[..<1] + whole[7...]))
        let report = try LogVerifier.verify(store, storage: storage)
        #expect(report.ok)
        #expect(report.gaps.map(\.positions) == [EventPosition(1)...EventPosition(6)])
        #expect(throws: LogError.self) { try reader.record(at: EventPosition(3)) }
    }

    @Test("golden stores read as they were written", .enabled(if: !updates), arguments: names)
    func readable(name: String) throws {
        let store = Self.folder + "Golden/" + name
        let reader = try EventLogReader.open(store)
        #expect(
            try Sample.read(reader) == Sample.events(Self.eventCount, contentByteCount: 64)
        )
        let report = try LogVerifier.verify(store)
        #expect(report.ok)
        #expect(report.events == UInt64(Self.eventCount))
        let segments = ["format-1": 3, "format-1-joined": 4]
        #expect(report.segments == segments[name] ?? report.segments)
    }

    @Test(
        "a reader written from FORMAT.md alone, in Python, reads the same events",
        .enabled(if: hasPython && !updates),
        arguments: names + ["format-1-erased"]
    )
    func python(name: String) throws {
        guard name != "format-1-zstd" || Self.hasZstd else { return }
        let store = Self.folder + "Golden/" + name
        let output = try Self.run("python3 '\(Self.folder)reader.py' '\(store)'")
        let reader = try EventLogReader.open(store)
        var expected = ""
        for position in 0..<reader.end.rawValue {
            expected += Self.line(try reader.record(at: EventPosition(position))) + "\n"
        }
        #expect(output == expected)
    }

    @Test("that reader passes over gaps as this one does", .enabled(if: hasPython && !updates))
    func pythonReadsGaps() throws {
        var files = try RepairCheck.store(counts: [2, 1, 2, 2, 1, 3, 1, 2, 2, 1, 2]).files
        let paths = RepairCheck.segments(files)
        try #require(paths.count >= 4)
        let third = try #require(files[paths[2]])
        files[paths[0]]?[4300] ^= 1
        files[paths[1]] = nil
        files[paths[2]]?[third.count - 20] ^= 1
        files[paths[2]]?[RepairCheck.frames(third)[1] + 20] ^= 1
        files[paths[3]]?[550] ^= 1
        let disk = MemoryStorage(files)
        #expect(try LogRepair.perform("store", storage: disk).plan.lost.count >= 3)
        let options = LogOptions(segmentByteLimit: 5400)
        let writer = try EventLogWriter.open("store", storage: disk, options: options)
        for _ in 0..<5 { try Sample.append(to: writer, count: 2, compression: .none) }
        writer.close()

        let directory = TemporaryDirectory()
        _ = unsafe system("mkdir -p '\(directory.path)/log' '\(directory.path)/quarantine'")
        for (path, bytes) in disk.files {
            let file = try Self.disk.create(directory.path + path.dropFirst("store".count))
            #expect(try Self.disk.write(file, bytes.span, at: 0) == bytes.count)
            Self.disk.close(file)
        }
        guard Self.hasZstd else { return }
        let reader = try EventLogReader.open(directory.path)
        var expected = ""
        try reader.scan(content: true) { batch throws(LogError) in
            for index in batch.indices { expected += Self.line(batch.stored(index)) + "\n" }
            return .continue
        }
        let output = try Self.run("python3 '\(Self.folder)reader.py' '\(directory.path)'")
        #expect(output == expected)
        #expect(try LogVerifier.verify(directory.path, jobs: 3).ok)
    }

    @Test("golden stores are made", .enabled(if: updates))
    func update() throws {
        let stores = try [
            Self.make(compression: .none), Self.make(compression: .fast), Self.makeJoined(),
            Self.makeGaps(), Self.makeErased(),
        ]
        for (name, store) in zip(
            Self.names + ["format-1-gaps", "format-1-erased"],
            stores
        ) {
            _ = unsafe system("mkdir -p '\(Self.folder)Golden/\(name)/log'")
            for (path, bytes) in store {
                let target = Self.folder + "Golden/" + name + path.dropFirst("store".count)
                _ = unsafe unlink(target)
                let file = try Self.disk.create(target)
                #expect(try Self.disk.write(file, bytes.span, at: 0) == bytes.count)
                Self.disk.close(file)
            }
        }
    }

    /// An event as `reader.py` prints it.
    private static func line(_ event: StoredEvent) -> String {
        let content = event.content.map { "\"\(Hex.string($0.span))\"" } ?? "null"
        let cause = event.record.cause.map { "\($0)" } ?? "null"
        return """
            {"position":\(event.record.position),"time":\(event.time),"run":"\(event.run)",\
            "stream":"\(event.stream)","version":\(event.record.streamVersion),\
            "type":"\(event.type)","schema":\(event.record.schemaVersion),\
            "stage":"\(event.stage)","cause":\(cause),"erased":\(event.record.isErased),\
            "facts":"\(Hex.string(event.facts.span))","content":\(content)}
            """
    }

    private static let disk = POSIXStorage()

    private static func read(_ path: String) throws -> [UInt8] {
        let file = try disk.open(path, writable: false)
        defer { disk.close(file) }
        var bytes = [UInt8](repeating: 0, count: Int(try disk.size(file)))
        let count = try disk.read(file, into: &bytes, 0..<bytes.count, at: 0)
        #expect(count == bytes.count)
        return bytes
    }

    static func run(_ command: String) throws -> String {
        let directory = TemporaryDirectory()
        let output = directory.path + "/output"
        let status = unsafe system(command + " > " + output)
        #expect(status == 0)
        return String(decoding: try read(output), as: UTF8.self)
    }
}
