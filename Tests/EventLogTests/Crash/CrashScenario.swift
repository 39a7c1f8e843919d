import EventLog
import Testing

/// A piece of work that is interrupted at each of its calls.
struct CrashScenario: Sendable, CustomTestStringConvertible {
    /// A disk that work begins with.
    enum Start: Sendable {
        case nothing
        /// A durable store of so many batches.
        case batches(Int)
        /// The same with most of a batch behind, which nothing promised.
        case torn(batches: Int)
        /// A durable store, and a sealed segment beside it with as many batches, which continue it.
        case beside(batches: Int)

        /// The disk, and how many events on it are acknowledged.
        func made() throws -> (CrashImage, Int) {
            switch self {
            case .nothing: (CrashImage(), 0)
            case .batches(let count): try CrashScenario.made(count)
            case .torn(let count): try CrashScenario.torn(count)
            case .beside(let count): try CrashScenario.beside(count)
            }
        }
    }

    let name: String
    /// What is on the disk before.
    var start = Start.nothing
    let work: @Sendable (CrashStorage) throws -> Void

    var testDescription: String { name }

    /// All of them; one more is one more line.
    static let all = [
        CrashScenario(name: "a store is made and grows") { storage in
            let writer = try open(storage)
            for _ in 0..<2 { try append(writer, storage) }
        },
        CrashScenario(name: "a segment is sealed, the next one begun", start: .batches(2)) {
            let writer = try open($0)
            for _ in 0..<3 { try append(writer, $0) }
        },
        CrashScenario(name: "each batch gets a segment of its own") {
            let writer = try open($0, segmentByteLimit: 1)
            for _ in 0..<3 { try append(writer, $0) }
        },
        CrashScenario(name: "a torn tail is put into quarantine", start: .torn(batches: 2)) {
            let writer = try open($0)
            try append(writer, $0)
        },
        CrashScenario(name: "the disk is full in an append", start: .batches(1)) { storage in
            let writer = try open(storage)
            storage.fill(writes: 1)
            #expect(throws: LogError.self) { try append(writer, storage) }
            try append(writer, storage)
        },
        CrashScenario(name: "a sync fails and its pages are lost", start: .batches(1)) { storage in
            let writer = try open(storage)
            storage.failSyncs(1)
            #expect(throws: LogError.self) { try append(writer, storage) }
            writer.close()
            let next = try open(storage)
            try append(next, storage)
        },
        CrashScenario(name: "a sync fails in sealing a segment", start: .batches(2)) { storage in
            let writer = try open(storage, segmentByteLimit: 1)
            storage.failSyncs(1)
            #expect(throws: LogError.self) { try append(writer, storage) }
            writer.close()
            try append(try open(storage), storage)
        },
        CrashScenario(name: "a segment written elsewhere joins", start: .beside(batches: 3)) {
            let writer = try open($0)
            try adopt(writer, batches: 3, $0)
            try append(writer, $0)
        },
        CrashScenario(name: "a segment joins again", start: .beside(batches: 2)) {
            let writer = try open($0, segmentByteLimit: 1)
            try adopt(writer, batches: 2, $0)
            writer.close()
            let next = try open($0, segmentByteLimit: 1)
            #expect(try next.adopt(segmentAt: segment).rawValue == 6)
            try append(next, $0)
        },
        CrashScenario(name: "a store is opened and closed", start: .batches(3)) {
            try open($0).close()
            try open($0).close()
        },
    ]

    static func open(
        _ storage: CrashStorage,
        segmentByteLimit: UInt64 = CrashCheck.options.segmentByteLimit
    ) throws -> EventLogWriter {
        let writer = try EventLogWriter.open(
            CrashCheck.store,
            storage: storage,
            options: LogOptions(segmentByteLimit: segmentByteLimit)
        )
        storage.acknowledge(Int(writer.nextPosition.rawValue))
        return writer
    }

    static func append(_ writer: EventLogWriter, _ storage: CrashStorage) throws {
        storage.attempt(Int(writer.nextPosition.rawValue) + CrashCheck.batchCount)
        try Sample.append(to: writer, count: CrashCheck.batchCount, compression: .none)
        storage.acknowledge(Int(writer.nextPosition.rawValue))
    }

    private static let segment = "data/segment"

    static func adopt(_ writer: EventLogWriter, batches: Int, _ storage: CrashStorage) throws {
        storage.attempt(Int(writer.nextPosition.rawValue) + batches * CrashCheck.batchCount)
        try writer.adopt(segmentAt: segment)
        storage.acknowledge(Int(writer.nextPosition.rawValue))
    }

    /// A durable store of three batches, and beside it a segment of a few more.
    private static func beside(_ batches: Int) throws -> (CrashImage, Int) {
        var (image, count) = try made(3)
        let storage = CrashStorage(image)
        try Sample.segment(
            segment,
            events: count..<count + batches * CrashCheck.batchCount,
            batches: batches,
            contentByteCount: 40,
            storage: storage
        )
        image.files = storage.files
        return (image, count)
    }

    /// A durable store of a few batches.
    private static func made(_ batches: Int) throws -> (CrashImage, Int) {
        let storage = CrashStorage()
        let writer = try open(storage)
        for _ in 0..<batches { try append(writer, storage) }
        writer.close()
        let directories = ["", "/log"].map { CrashCheck.store + $0 } + ["data"]
        return (
            CrashImage(files: storage.files, directories: Set(directories)),
            batches * CrashCheck.batchCount
        )
    }

    /// The same with most of a batch behind, which nothing promised.
    private static func torn(_ batches: Int) throws -> (CrashImage, Int) {
        var (image, count) = try made(batches)
        let (longer, _) = try made(batches + 1)
        for (path, bytes) in longer.files where path.hasSuffix(".seg") {
            image.files[path] = Array(bytes.dropLast(9))
        }
        return (image, count)
    }
}
