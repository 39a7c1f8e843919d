import EventLog
import Synchronization

/// A storage that misbehaves at one call, counted from the first, or lets something happen before.
final class FaultyStorage: LogStorage {
    /// What happens at the call.
    enum Fault: Hashable, Sendable {
        /// It fails with this error and does nothing.
        case fail(Int32)
        /// A write stores half of its bytes and then fails with this error; other calls fail.
        case failHalfway(Int32)
        /// A read or write moves one byte only.
        case short
        /// It fails with this error, and so does every later one.
        case failFrom(Int32)
        /// It fails, and so does every later one: the process is gone.
        static let stop = Fault.failFrom(5)
    }

    private let base: any LogStorage
    private let fault: Fault
    private let ordinal: Int
    private let kind: String
    private let calls = Mutex(0)
    private let names = Mutex<[String]>([])
    private let pause: @Sendable (Int) -> Void

    /// Misbehaves at the call of number `ordinal` among those whose names begin with `kind`.
    ///
    /// `pause` is run before each call with the call's number: what others do while the process is
    /// stopped there.
    init(
        _ base: any LogStorage,
        at ordinal: Int = .max,
        _ fault: Fault = .stop,
        of kind: String = "",
        pause: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.base = base
        self.ordinal = ordinal
        self.fault = fault
        self.pause = pause
        self.kind = kind
    }

    /// How many calls were made.
    var callCount: Int { calls.withLock { $0 } }
    /// The call that was hit, or nil if it never came to that.
    var hit: String? { names.withLock { $0.count > ordinal ? $0[ordinal] : nil } }

    /// Counts a call; true if it is the one to misbehave.
    private func arrives(_ name: String) throws(StorageFailure) -> Bool {
        guard name.hasPrefix(kind) else { return false }
        names.withLock { $0.append(name) }
        let number = calls.withLock { count in
            count += 1
            return count - 1
        }
        pause(number)
        if case .failFrom(let error) = fault, number >= ordinal {
            throw StorageFailure(errorNumber: error)
        }
        return number == ordinal
    }

    private func pass(_ name: String) throws(StorageFailure) {
        guard try arrives(name) else { return }
        switch fault {
        case .fail(let error), .failHalfway(let error): throw StorageFailure(errorNumber: error)
        case .short, .failFrom: return
        }
    }

    func open(_ path: String, writable: Bool) throws(StorageFailure) -> StorageFile {
        try pass("open \(path)")
        return try base.open(path, writable: writable)
    }

    func create(_ path: String) throws(StorageFailure) -> StorageFile {
        try pass("create")
        return try base.create(path)
    }

    func close(_ file: StorageFile) { base.close(file) }

    func read(
        _ file: StorageFile,
        into buffer: inout [UInt8],
        _ range: Range<Int>,
        at offset: UInt64
    ) throws(StorageFailure) -> Int {
        var range = range
        if try arrives("read") {
            switch fault {
            case .fail(let error), .failHalfway(let error):
                throw StorageFailure(errorNumber: error)
            case .short: range = range.prefix(1)
            case .failFrom: break
            }
        }
        return try base.read(file, into: &buffer, range, at: offset)
    }

    func write(
        _ file: StorageFile,
        _ bytes: Span<UInt8>,
        at offset: UInt64
    ) throws(StorageFailure) -> Int {
        guard try arrives("write") else { return try base.write(file, bytes, at: offset) }
        switch fault {
        case .fail(let error): throw StorageFailure(errorNumber: error)
        case .failHalfway(let error):
            _ = try base.write(file, bytes.extracting(first: bytes.count / 2), at: offset)
            throw StorageFailure(errorNumber: error)
        case .short, .failFrom:
            return try base.write(file, bytes.extracting(first: 1), at: offset)
        }
    }

    func size(_ file: StorageFile) throws(StorageFailure) -> UInt64 {
        try pass("size")
        return try base.size(file)
    }

    func truncate(_ file: StorageFile, to size: UInt64) throws(StorageFailure) {
        try pass("truncate")
        try base.truncate(file, to: size)
    }

    func synchronizeData(_ file: StorageFile) throws(StorageFailure) {
        try pass("synchronizeData")
        try base.synchronizeData(file)
    }

    func synchronizeDirectory(_ path: String) throws(StorageFailure) {
        try pass("synchronizeDirectory \(path)")
        try base.synchronizeDirectory(path)
    }

    func dropCache(_ file: StorageFile, from offset: UInt64) {
        base.dropCache(file, from: offset)
    }

    func lock(_ file: StorageFile) throws(StorageFailure) -> Bool {
        try pass("lock")
        return try base.lock(file)
    }

    func identity(at path: String) throws(StorageFailure) -> FileIdentity {
        try pass("identity at path")
        return try base.identity(at: path)
    }

    func identity(of file: StorageFile) throws(StorageFailure) -> FileIdentity {
        try pass("identity of file")
        return try base.identity(of: file)
    }

    func link(_ path: String, to target: String) throws(StorageFailure) {
        try pass("link")
        try base.link(path, to: target)
    }

    func rename(_ path: String, to target: String) throws(StorageFailure) {
        try pass("rename")
        try base.rename(path, to: target)
    }

    func remove(_ path: String) throws(StorageFailure) {
        try pass("remove")
        try base.remove(path)
    }

    func createDirectory(_ path: String) throws(StorageFailure) {
        try pass("createDirectory")
        try base.createDirectory(path)
    }

    func list(_ path: String) throws(StorageFailure) -> [String] {
        try pass("list")
        return try base.list(path)
    }

    func random() -> UInt64 { base.random() }
    func processIdentity() -> String { base.processIdentity() }
}
