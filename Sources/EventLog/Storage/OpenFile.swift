internal import Bytes

/// An open file that closes itself, with the loops that make reads and writes whole; a class
/// because the descriptor has one life.
final class OpenFile: Sendable {
    let storage: any LogStorage
    /// The name that errors give.
    let path: String
    private let file: StorageFile

    private init(storage: any LogStorage, path: String, file: StorageFile) {
        self.storage = storage
        self.path = path
        self.file = file
    }

    deinit {
        storage.close(file)
    }

    static func open(
        _ path: String,
        writable: Bool,
        storage: any LogStorage
    ) throws(LogError) -> OpenFile {
        let file = try retrying("open", path) { () throws(StorageFailure) in
            try storage.open(path, writable: writable)
        }
        return OpenFile(storage: storage, path: path, file: file)
    }

    /// Opens a file if there is one.
    static func openIfPresent(
        _ path: String,
        writable: Bool,
        storage: any LogStorage
    ) throws(LogError) -> OpenFile? {
        do throws(LogError) {
            return try open(path, writable: writable, storage: storage)
        } catch {
            guard error.systemError == SystemError.noSuchFile else { throw error }
            return nil
        }
    }

    /// Opens a file, or makes it; true if it was made.
    static func openOrCreate(
        _ path: String,
        storage: any LogStorage
    ) throws(LogError) -> (file: OpenFile, isNew: Bool) {
        while true {
            if let file = try openIfPresent(path, writable: true, storage: storage) {
                return (file, false)
            }
            do throws(LogError) {
                return (try create(path, knownAs: path, storage: storage), true)
            } catch {
                // Another process was quicker.
                guard error.systemError == SystemError.fileExists else { throw error }
            }
        }
    }

    /// Creates a file that will be named `target`, by which errors call it already.
    static func create(
        _ path: String,
        knownAs target: String,
        storage: any LogStorage
    ) throws(LogError) -> OpenFile {
        let file = try retrying("create", path) { () throws(StorageFailure) in
            try storage.create(path)
        }
        return OpenFile(storage: storage, path: target, file: file)
    }

    func size() throws(LogError) -> UInt64 {
        try retrying("find the size", path) { () throws(StorageFailure) in
            try storage.size(file)
        }
    }

    /// Fills a range of `buffer` from `offset`; returns fewer bytes only at the end of the file.
    func read(
        into buffer: inout [UInt8],
        _ range: Range<Int>,
        at offset: UInt64
    ) throws(LogError) -> Int {
        var done = 0
        while done < range.count {
            do throws(StorageFailure) {
                let rest = range.lowerBound + done..<range.upperBound
                let count = try storage.read(file, into: &buffer, rest, at: offset + UInt64(done))
                if count == 0 { break }
                done += count
            } catch {
                if error.errorNumber == SystemError.interrupted { continue }
                throw LogError(error, doing: "read", path: path, offset: offset + UInt64(done))
            }
        }
        return done
    }

    /// Up to `count` bytes from `offset`; `count` must not come from an unchecked length.
    func bytes(at offset: UInt64, count: Int) throws(LogError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let read = try read(into: &bytes, 0..<count, at: offset)
        bytes.removeLast(count - read)
        return bytes
    }

    /// Writes all bytes.
    func write(_ bytes: Span<UInt8>, at offset: UInt64) throws(LogError) {
        var done = 0
        while done < bytes.count {
            do throws(StorageFailure) {
                let rest = bytes.extracting(done...)
                done += try storage.write(file, rest, at: offset + UInt64(done))
            } catch {
                if error.errorNumber == SystemError.interrupted { continue }
                throw LogError(error, doing: "write", path: path, offset: offset + UInt64(done))
            }
        }
    }

    /// Copies a range of this file into another at an offset, or as much of it as there is.
    func copy(
        _ range: Range<UInt64>,
        to target: OpenFile,
        at start: UInt64 = 0
    ) throws(LogError) {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let count = Int(min(range.upperBound - offset, 1 << 20))
            let bytes = try bytes(at: offset, count: count)
            if bytes.isEmpty { return }
            try target.write(bytes.span, at: start + offset - range.lowerBound)
            offset += UInt64(bytes.count)
        }
    }

    func truncate(to size: UInt64) throws(LogError) {
        try retrying("cut", path) { () throws(StorageFailure) in
            try storage.truncate(file, to: size)
        }
    }

    /// Never retried, not even after `EINTR`: a failed sync may have lost pages that a second one
    /// would no longer report (Rebello et al., "Can Applications Recover from fsync Failures?").
    func synchronize() throws(LogError) {
        do throws(StorageFailure) {
            try storage.synchronizeData(file)
        } catch {
            throw LogError(error, doing: "make the data durable", path: path).inDoubt
        }
    }

    func lock() throws(LogError) -> Bool {
        try retrying("lock", path) { () throws(StorageFailure) in
            try storage.lock(file)
        }
    }

    func identity() throws(LogError) -> FileIdentity {
        try retrying("find the identity", path) { () throws(StorageFailure) in
            try storage.identity(of: file)
        }
    }

    func dropCache(from offset: UInt64) {
        storage.dropCache(file, from: offset)
    }
}

/// Runs a system call again while a signal interrupts it, and names the call if it fails.
func retrying<Value>(
    _ call: String,
    _ path: String,
    _ body: () throws(StorageFailure) -> Value
) throws(LogError) -> Value {
    while true {
        do throws(StorageFailure) {
            return try body()
        } catch {
            if error.errorNumber == SystemError.interrupted { continue }
            throw LogError(error, doing: call, path: path)
        }
    }
}
