internal import Bytes
internal import EventLog

/// The golden store of format 1, whose parts the targets replace.
struct SampleStore: Sendable {
    static let directory = "store"
    static let storePath = "store/STORE"
    static let headPath = "store/HEAD"
    /// Where batches begin in a segment (FORMAT.md §2).
    static let firstBatch = 4096

    let files: [String: [UInt8]]
    /// The bases of its segments.
    let bases: [UInt64] = [0, 16, 28]

    init() {
        let tests = #filePath.dropLast("Fuzz/Targets/SampleStore.swift".count)
        let golden = tests + "EventLogTests/Golden/format-1/"
        let paths = [Self.storePath, Self.headPath] + bases.map(Self.segmentPath)
        do throws(StorageFailure) {
            var files: [String: [UInt8]] = [:]
            for path in paths {
                files[path] = try Self.read(golden + String(path.dropFirst("store/".count)))
            }
            self.files = files
        } catch {
            fatalError("no golden store in \(golden)")
        }
    }

    private static func read(_ path: String) throws(StorageFailure) -> [UInt8] {
        let disk = POSIXStorage()
        let file = try disk.open(path, writable: false)
        defer { disk.close(file) }
        var bytes = [UInt8](repeating: 0, count: Int(try disk.size(file)))
        let count = try disk.read(file, into: &bytes, 0..<bytes.count, at: 0)
        return Array(bytes.prefix(count))
    }

    /// A batch of events of every form.
    static func batch(
        at position: EventPosition,
        count: Int
    ) throws(LogError) -> EncodedBatch {
        var builder = EventBatchBuilder(firstPosition: position, run: "run")
        for index in 0..<count {
            let facts = [UInt8](repeating: UInt8(index), count: 30 * index)
            let content: [UInt8] = [UInt8](repeating: 0x61, count: 50 * (index % 2))
            builder.append(
                stream: "stream-\(index / 2)",
                streamVersion: UInt32(index),
                type: index % 2 == 0 ? "document.ingested" : "run.started",
                schemaVersion: 1,
                stage: index % 2 == 0 ? "clean" : "",
                cause: index == 0 ? nil : position,
                facts: facts.span,
                content: index % 3 == 2 ? nil : content.span
            )
        }
        return try builder.encode(compression: .none)
    }

    static func segmentPath(_ base: UInt64) -> String {
        let digits = String(base)
        return "store/log/" + String(repeating: "0", count: 20 - digits.count) + digits + ".seg"
    }

    /// The bytes of the segment with a base.
    func segment(_ base: UInt64) -> [UInt8] {
        files[Self.segmentPath(base)] ?? []
    }

    /// The salt of the first segment.
    var salt: UInt64 { segment(0).integer(at: 16) }

    /// HEAD with one slot, for a segment of this store (FORMAT.md §1.2).
    func head(base: UInt64, salt: UInt64, position: UInt64, offset: UInt64) -> [UInt8] {
        var head = [UInt8](repeating: 0, count: 1024)
        head.set(UInt32(0x3144_4841), at: 0)
        for (index, word) in [2, position, base, offset, salt].enumerated() {
            head.set(word, at: 8 + index * 8)
        }
        head.set(Array((files[Self.storePath] ?? [])[16..<32]), at: 48)
        head.seal(8..<512, checksumAt: 4)
        return head
    }
}
