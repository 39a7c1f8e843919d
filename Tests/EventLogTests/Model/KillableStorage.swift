import EventLog
import Synchronization

/// A storage whose process can be killed at a call: that one does half of its work or none, and
/// none is made after it.
final class KillableStorage: LogStorage {
    private struct Life {
        var callsLeft = Int.max
        var writesHalf = false
    }

    private let base: any LogStorage
    private let life = Mutex(Life())

    init(_ base: any LogStorage) {
        self.base = base
    }

    /// Kills the process at a later call, the last being half done if it is a write.
    func kill(after calls: Int, writesHalf: Bool) {
        life.withLock { $0 = Life(callsLeft: calls, writesHalf: writesHalf) }
    }

    /// Another process begins.
    func restart() { life.withLock { $0 = Life() } }

    private func live() throws(StorageFailure) {
        let isDead = life.withLock { life in
            if life.callsLeft != .max { life.callsLeft -= 1 }
            return life.callsLeft < 0
        }
        if isDead { throw StorageFailure(errorNumber: 5) }
    }

    func open(_ path: String, writable: Bool) throws(StorageFailure) -> StorageFile {
        try live()
        return try base.open(path, writable: writable)
    }

    func create(_ path: String) throws(StorageFailure) -> StorageFile {
        try live()
        return try base.create(path)
    }

    func close(_ file: StorageFile) { base.close(file) }

    func read(
        _ file: StorageFile,
        into buffer: inout [UInt8],
        _ range: Range<Int>,
        at offset: UInt64
    ) throws(StorageFailure) -> Int {
        try live()
        return try base.read(file, into: &buffer, range, at: offset)
    }

    func write(
        _ file: StorageFile,
        _ bytes: Span<UInt8>,
        at offset: UInt64
    ) throws(StorageFailure) -> Int {
        do throws(StorageFailure) {
            try live()
        } catch {
            if life.withLock({ $0.callsLeft == -1 && $0.writesHalf }) {
                _ = try base.write(file, bytes.extracting(first: bytes.count / 2), at: offset)
            }
            throw error
        }
        return try base.write(file, bytes, at: offset)
    }

    func size(_ file: StorageFile) throws(StorageFailure) -> UInt64 {
        try live()
        return try base.size(file)
    }

    func truncate(_ file: StorageFile, to size: UInt64) throws(StorageFailure) {
        try live()
        try base.truncate(file, to: size)
    }

    func synchronizeData(_ file: StorageFile) throws(StorageFailure) {
        try live()
        try base.synchronizeData(file)
    }

    func synchronizeDirectory(_ path: String) throws(StorageFailure) {
        try live()
        try base.synchronizeDirectory(path)
    }

    func dropCache(_ file: StorageFile, from offset: UInt64) {
        base.dropCache(file, from: offset)
    }

    func lock(_ file: StorageFile) throws(StorageFailure) -> Bool {
        try live()
        return try base.lock(file)
    }

    func rename(_ path: String, to target: String) throws(StorageFailure) {
        try live()
        try base.rename(path, to: target)
    }

    func identity(at path: String) throws(StorageFailure) -> FileIdentity {
        try live()
        return try base.identity(at: path)
    }

    func identity(of file: StorageFile) throws(StorageFailure) -> FileIdentity {
        try live()
        return try base.identity(of: file)
    }

    func link(_ path: String, to target: String) throws(StorageFailure) {
        try live()
        try base.link(path, to: target)
    }

    func remove(_ path: String) throws(StorageFailure) {
        try live()
        try base.remove(path)
    }

    func createDirectory(_ path: String) throws(StorageFailure) {
        try live()
        try base.createDirectory(path)
    }

    func list(_ path: String) throws(StorageFailure) -> [String] {
        try live()
        return try base.list(path)
    }

    func random() -> UInt64 { base.random() }
    func processIdentity() -> String { base.processIdentity() }
}
