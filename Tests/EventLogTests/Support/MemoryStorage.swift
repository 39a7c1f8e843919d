import Bytes
import EventLog
import Synchronization

/// Files in memory, with what a power loss would leave of them: every test disk is one.
final class MemoryStorage: LogStorage {
    /// The content of a file, now and as the disk holds it.
    struct File {
        var bytes: [UInt8] = []
        var durable: [UInt8] = []
        var lockedBy: Int32?
    }

    private struct Disk {
        var files: [Int: File] = [:]
        var names: [String: Int] = [:]
        var durableNames: [String: Int] = [:]
        var open: [Int32: Int] = [:]
        var nextNumber = 1
        var nextRandom: UInt64 = 1
    }

    private let disk: Mutex<Disk>
    /// Whether a lock keeps a second taker out.
    private let locks: Bool

    /// A disk that holds these files, all durable.
    init(_ files: [String: [UInt8]] = [:], locks: Bool = true) {
        self.locks = locks
        var made = Disk()
        for (path, bytes) in files {
            made.files[made.nextNumber] = File(bytes: bytes, durable: bytes)
            made.names[path] = made.nextNumber
            made.nextNumber += 1
        }
        made.durableNames = made.names
        // Words of different processes differ.
        if !files.isEmpty { made.nextRandom = 1_000_003 + UInt64(files.count) * 1_000_000 }
        disk = Mutex(made)
    }

    /// All files by path, as programs see them.
    var files: [String: [UInt8]] {
        disk.withLock { disk in disk.names.mapValues { disk.files[$0]?.bytes ?? [] } }
    }

    /// What is left after a power loss: of what was not synced, each 512-byte sector and each
    /// directory entry as `keeps` says.
    func afterPowerLoss(keeps: () -> Bool) -> [String: [UInt8]] {
        disk.withLock { disk in
            var names = disk.durableNames
            for (path, file) in disk.names where names[path] != file {
                if keeps() { names[path] = file }
            }
            for path in names.keys.sorted() where disk.names[path] == nil {
                if keeps() { names[path] = nil }
            }
            return names.mapValues { number in
                Self.mixed(disk.files[number] ?? File(), keeps: keeps)
            }
        }
    }

    private static func mixed(_ file: File, keeps: () -> Bool) -> [UInt8] {
        guard file.bytes != file.durable else { return file.bytes }
        let size = keeps() ? file.bytes.count : file.durable.count
        var mixed = [UInt8](repeating: 0, count: size)
        for start in stride(from: 0, to: size, by: 512) {
            let end = min(start + 512, size)
            let source = keeps() ? file.bytes : file.durable
            let filled = min(end, source.count)
            if start < filled {
                mixed.replaceSubrange(start..<filled, with: source[start..<filled])
            }
        }
        return mixed
    }

    func open(_ path: String, writable: Bool) throws(StorageFailure) -> StorageFile {
        try disk.withLock { disk throws(StorageFailure) in
            guard let file = disk.names[path] else { throw StorageFailure(errorNumber: 2) }
            return Self.descriptor(of: file, &disk)
        }
    }

    func create(_ path: String) throws(StorageFailure) -> StorageFile {
        try disk.withLock { disk throws(StorageFailure) in
            guard disk.names[path] == nil else { throw StorageFailure(errorNumber: 17) }
            let file = disk.nextNumber
            disk.files[file] = File()
            disk.names[path] = file
            return Self.descriptor(of: file, &disk)
        }
    }

    private static func descriptor(of file: Int, _ disk: inout Disk) -> StorageFile {
        disk.nextNumber += 1
        let descriptor = Int32(disk.nextNumber)
        disk.open[descriptor] = file
        return StorageFile(descriptor: descriptor)
    }

    func close(_ file: StorageFile) {
        disk.withLock { disk in
            guard let number = disk.open.removeValue(forKey: file.descriptor) else { return }
            if disk.files[number]?.lockedBy == file.descriptor {
                disk.files[number]?.lockedBy = nil
            }
        }
    }

    /// How many files are open: 0 when nothing leaks.
    var openCount: Int { disk.withLock { $0.open.count } }

    private func withFile<Value: Sendable>(
        _ file: StorageFile,
        _ body: (inout File) -> Value
    ) throws(StorageFailure) -> Value {
        try disk.withLock { disk throws(StorageFailure) in
            guard let number = disk.open[file.descriptor], var found = disk.files[number] else {
                throw StorageFailure(errorNumber: 9)
            }
            disk.files[number] = nil
            let value = body(&found)
            disk.files[number] = found
            return value
        }
    }

    func read(
        _ file: StorageFile,
        into buffer: inout [UInt8],
        _ range: Range<Int>,
        at offset: UInt64
    ) throws(StorageFailure) -> Int {
        let found = try withFile(file) { file in
            let start = min(Int(offset), file.bytes.count)
            return Array(file.bytes[start..<min(start + range.count, file.bytes.count)])
        }
        let end = range.lowerBound + found.count
        buffer.replaceSubrange(range.lowerBound..<end, with: found)
        return found.count
    }

    func write(
        _ file: StorageFile,
        _ bytes: Span<UInt8>,
        at offset: UInt64
    ) throws(StorageFailure) -> Int {
        let copy = [UInt8](copying: bytes)
        return try withFile(file) { file in
            let end = Int(offset) + copy.count
            if file.bytes.count < end {
                file.bytes += [UInt8](repeating: 0, count: end - file.bytes.count)
            }
            file.bytes.replaceSubrange(Int(offset)..<end, with: copy)
            return copy.count
        }
    }

    func size(_ file: StorageFile) throws(StorageFailure) -> UInt64 {
        try withFile(file) { UInt64($0.bytes.count) }
    }

    func truncate(_ file: StorageFile, to size: UInt64) throws(StorageFailure) {
        try withFile(file) { $0.bytes.removeLast(max(0, $0.bytes.count - Int(size))) }
    }

    func synchronizeData(_ file: StorageFile) throws(StorageFailure) {
        try withFile(file) { $0.durable = $0.bytes }
    }

    func synchronizeDirectory(_ path: String) throws(StorageFailure) {
        disk.withLock { disk in
            let isInside = { (name: String) in
                name.hasPrefix(path + "/") && !name.dropFirst(path.count + 1).contains("/")
            }
            disk.durableNames = disk.durableNames.filter { !isInside($0.key) }
            for (name, file) in disk.names where isInside(name) { disk.durableNames[name] = file }
        }
    }

    func dropCache(_ file: StorageFile, from offset: UInt64) {
        // The system's offsets are signed.
        precondition(Int64(exactly: offset) != nil, "an offset that no file has")
    }

    func lock(_ file: StorageFile) throws(StorageFailure) -> Bool {
        try withFile(file) { found in
            guard locks else { return true }
            if let owner = found.lockedBy, owner != file.descriptor { return false }
            found.lockedBy = file.descriptor
            return true
        }
    }

    func rename(_ path: String, to target: String) throws(StorageFailure) {
        try disk.withLock { disk throws(StorageFailure) in
            guard let file = disk.names.removeValue(forKey: path) else {
                throw StorageFailure(errorNumber: 2)
            }
            disk.names[target] = file
        }
    }

    func identity(at path: String) throws(StorageFailure) -> FileIdentity {
        try disk.withLock { disk throws(StorageFailure) in
            guard let file = disk.names[path] else { throw StorageFailure(errorNumber: 2) }
            return FileIdentity(device: 1, inode: UInt64(file))
        }
    }

    func identity(of file: StorageFile) throws(StorageFailure) -> FileIdentity {
        try disk.withLock { disk throws(StorageFailure) in
            guard let number = disk.open[file.descriptor] else {
                throw StorageFailure(errorNumber: 9)
            }
            return FileIdentity(device: 1, inode: UInt64(number))
        }
    }

    func link(_ path: String, to target: String) throws(StorageFailure) {
        try disk.withLock { disk throws(StorageFailure) in
            guard let file = disk.names[path] else { throw StorageFailure(errorNumber: 2) }
            guard disk.names[target] == nil else { throw StorageFailure(errorNumber: 17) }
            disk.names[target] = file
        }
    }

    func remove(_ path: String) throws(StorageFailure) {
        try disk.withLock { disk throws(StorageFailure) in
            guard disk.names.removeValue(forKey: path) != nil else {
                throw StorageFailure(errorNumber: 2)
            }
        }
    }

    func createDirectory(_ path: String) throws(StorageFailure) {}

    func list(_ path: String) throws(StorageFailure) -> [String] {
        disk.withLock { disk in
            disk.names.keys.filter { $0.hasPrefix(path + "/") }
                .map { String($0.dropFirst(path.count + 1)) }
                .filter { !$0.contains("/") }
        }
    }

    func random() -> UInt64 {
        disk.withLock { disk in
            disk.nextRandom += 1
            return disk.nextRandom &* 0x9E37_79B9_7F4A_7C15
        }
    }

    func processIdentity() -> String { "pid 4711 on test" }
}
