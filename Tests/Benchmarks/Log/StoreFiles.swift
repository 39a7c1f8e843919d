internal import EventLog
internal import Glibc

/// The files of a benchmark's store, handled from outside of the log.
enum StoreFiles {
    private static let storage = POSIXStorage()

    static func contents(_ path: String) throws -> [UInt8] {
        let file = try storage.open(path, writable: false)
        defer { storage.close(file) }
        var bytes = [UInt8](repeating: 0, count: Int(try storage.size(file)))
        let whole = 0..<bytes.count
        let count = try storage.read(file, into: &bytes, whole, at: 0)
        guard count == bytes.count else { throw BenchmarkFailure("cannot read \(path)") }
        return bytes
    }

    /// Overwrites a file's first bytes, durably; makes the file if there is none.
    static func overwrite(_ path: String, _ bytes: [UInt8]) throws {
        let present = try? storage.open(path, writable: true)
        let file = if let present { present } else { try storage.create(path) }
        defer { storage.close(file) }
        guard try storage.write(file, bytes.span, at: 0) == bytes.count else {
            throw BenchmarkFailure("cannot write \(path)")
        }
        try storage.synchronizeData(file)
    }

    /// Makes the segments durable and forgets their cached pages; returns their bytes.
    static func dropCaches(_ store: String) throws -> Int {
        var byteCount = 0
        for name in try storage.list(store + "/log") {
            let file = try storage.open(store + "/log/" + name, writable: true)
            defer { storage.close(file) }
            byteCount += Int(try storage.size(file))
            try storage.synchronizeData(file)
            storage.dropCache(file, from: 0)
        }
        return byteCount
    }

    /// Removes a store with all its segments.
    static func remove(_ store: String) throws {
        for directory in [store + "/log", store] {
            for name in try storage.list(directory) where directory + "/" + name != store + "/log" {
                try storage.remove(directory + "/" + name)
            }
            unsafe rmdir(directory)
        }
    }
}

/// The disk without its syncs, to make a large store in little time.
struct UnsynchronizedStorage: LogStorage {
    private let disk = POSIXStorage()

    func synchronizeData(_ file: StorageFile) throws(StorageFailure) {}

    func synchronizeDirectory(_ path: String) throws(StorageFailure) {}

    func open(_ path: String, writable: Bool) throws(StorageFailure) -> StorageFile {
        try disk.open(path, writable: writable)
    }

    func create(_ path: String) throws(StorageFailure) -> StorageFile { try disk.create(path) }

    func close(_ file: StorageFile) { disk.close(file) }

    func read(
        _ file: StorageFile,
        into buffer: inout [UInt8],
        _ range: Range<Int>,
        at offset: UInt64
    ) throws(StorageFailure) -> Int {
        try disk.read(file, into: &buffer, range, at: offset)
    }

    func write(
        _ file: StorageFile,
        _ bytes: Span<UInt8>,
        at offset: UInt64
    ) throws(StorageFailure) -> Int {
        try disk.write(file, bytes, at: offset)
    }

    func size(_ file: StorageFile) throws(StorageFailure) -> UInt64 { try disk.size(file) }

    func truncate(_ file: StorageFile, to size: UInt64) throws(StorageFailure) {
        try disk.truncate(file, to: size)
    }

    func dropCache(_ file: StorageFile, from offset: UInt64) {}

    func lock(_ file: StorageFile) throws(StorageFailure) -> Bool { try disk.lock(file) }

    func rename(_ path: String, to target: String) throws(StorageFailure) {
        try disk.rename(path, to: target)
    }

    func identity(at path: String) throws(StorageFailure) -> FileIdentity {
        try disk.identity(at: path)
    }

    func identity(of file: StorageFile) throws(StorageFailure) -> FileIdentity {
        try disk.identity(of: file)
    }

    func link(_ path: String, to target: String) throws(StorageFailure) {
        try disk.link(path, to: target)
    }

    func remove(_ path: String) throws(StorageFailure) { try disk.remove(path) }

    func createDirectory(_ path: String) throws(StorageFailure) {
        try disk.createDirectory(path)
    }

    func list(_ path: String) throws(StorageFailure) -> [String] { try disk.list(path) }

    func random() -> UInt64 { disk.random() }

    func processIdentity() -> String { disk.processIdentity() }
}
