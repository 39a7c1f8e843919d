import Bytes
import EventLog
import Synchronization

/// A storage on a ``CrashDisk`` that keeps the disk as it was after each call that changed it.
final class CrashStorage: LogStorage {
    /// The disk after a call, and what the log had promised then.
    struct Moment: Sendable {
        let call: String
        let disk: CrashDisk
        let promise: Promise
    }

    /// What the caller was told: the log ends at `acknowledged`, or at `attempted` if the batch
    /// that is being appended turns out to be there.
    struct Promise: Hashable, Sendable {
        var acknowledged = 0
        var attempted = 0
    }

    private struct State {
        var disk: CrashDisk
        var open: [Int32: Int] = [:]
        var locks: [Int: Int32] = [:]
        var nextNumber = 1000
        var nextRandom: UInt64 = 77
        var calls = 0
        var promise = Promise()
        var moments: [Moment] = []
        /// Writes that fail for want of space, after half their bytes.
        var fullWrites = 0
        /// Syncs that fail and lose the pages.
        var failingSyncs = 0
        /// The first call that is not made any more: the process is gone.
        var end = Int.max
    }

    private let state: Mutex<State>

    init(_ image: CrashImage = CrashImage(), promise: Promise = Promise()) {
        var made = State(disk: CrashDisk(image.files, directories: image.directories))
        made.promise = promise
        // The words of a later process differ from those of the one before the crash.
        let byteCount = image.files.values.reduce(0) { $0 &+ $1.count }
        made.nextRandom = UInt64(1_000_003 * image.files.count + 997 * byteCount)
        state = Mutex(made)
    }

    /// The disk after each call that changed it.
    var moments: [Moment] { state.withLock { $0.moments } }
    /// How many calls were made.
    var callCount: Int { state.withLock { $0.calls } }
    /// The files as programs see them.
    var files: [String: [UInt8]] { state.withLock { $0.disk.visible } }
    /// How many files are open.
    var openCount: Int { state.withLock { $0.open.count } }

    /// Says that a batch up to a position is about to be appended.
    func attempt(_ position: Int) { state.withLock { $0.promise.attempted = position } }

    /// Says that the log was reported to end at a position.
    func acknowledge(_ position: Int) {
        state.withLock { $0.promise = Promise(acknowledged: position, attempted: position) }
    }

    /// Makes the next writes fail halfway, the disk being full.
    func fill(writes: Int) { state.withLock { $0.fullWrites = writes } }

    /// Kills the process that makes the calls before call number `call`; nothing is lost by that.
    func kill(at call: Int) { state.withLock { $0.end = call } }

    /// Starts another process, and forgets the moments before it.
    func restart() {
        state.withLock { state in
            state.end = .max
            state.fullWrites = 0
            state.failingSyncs = 0
            state.moments = []
            state.open = [:]
            state.locks = [:]
        }
    }

    /// Makes the next syncs fail, as Linux does: the pages are clean then, and not on the disk.
    func failSyncs(_ count: Int) { state.withLock { $0.failingSyncs = count } }

    /// Makes a call, and keeps what it left.
    private func call<Value: Sendable>(
        _ name: String,
        changes: Bool = true,
        _ body: (inout State) throws(StorageFailure) -> Value
    ) throws(StorageFailure) -> Value {
        try state.withLock { state throws(StorageFailure) in
            state.calls += 1
            guard state.calls <= state.end else { throw StorageFailure(errorNumber: 5) }
            defer {
                if changes {
                    state.moments.append(
                        Moment(call: name, disk: state.disk, promise: state.promise)
                    )
                }
            }
            return try body(&state)
        }
    }

    private static func number(
        _ file: StorageFile,
        _ state: State
    ) throws(StorageFailure) -> Int {
        guard let number = state.open[file.descriptor] else {
            throw StorageFailure(errorNumber: 9)
        }
        return number
    }

    private static func checkParent(_ path: String, _ state: State) throws(StorageFailure) {
        let parent = CrashDisk.parent(path)
        guard parent == "." || parent == "/" || state.disk.node(parent) == .directory else {
            throw StorageFailure(errorNumber: 2)
        }
    }

    private static func descriptor(of number: Int, _ state: inout State) -> StorageFile {
        state.nextNumber += 1
        let descriptor = Int32(state.nextNumber)
        state.open[descriptor] = number
        return StorageFile(descriptor: descriptor)
    }

    func open(_ path: String, writable: Bool) throws(StorageFailure) -> StorageFile {
        try call("open", changes: false) { state throws(StorageFailure) in
            guard case .file(let number)? = state.disk.node(path) else {
                throw StorageFailure(errorNumber: 2)
            }
            return Self.descriptor(of: number, &state)
        }
    }

    func create(_ path: String) throws(StorageFailure) -> StorageFile {
        try call("create \(path)") { state throws(StorageFailure) in
            try Self.checkParent(path, state)
            guard state.disk.node(path) == nil else { throw StorageFailure(errorNumber: 17) }
            state.nextNumber += 1
            let number = state.nextNumber
            state.disk.files[number] = CrashDisk.File()
            state.disk.setNode(path, .file(number))
            return Self.descriptor(of: number, &state)
        }
    }

    func close(_ file: StorageFile) {
        state.withLock { state in
            guard let number = state.open.removeValue(forKey: file.descriptor) else { return }
            if state.locks[number] == file.descriptor { state.locks[number] = nil }
        }
    }

    func read(
        _ file: StorageFile,
        into buffer: inout [UInt8],
        _ range: Range<Int>,
        at offset: UInt64
    ) throws(StorageFailure) -> Int {
        let found = try call("read", changes: false) { state throws(StorageFailure) in
            let bytes = state.disk.files[try Self.number(file, state)]?.bytes ?? []
            let start = min(Int(offset), bytes.count)
            return Array(bytes[start..<min(start + range.count, bytes.count)])
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
        var copy = [UInt8](copying: bytes)
        return try call("write") { state throws(StorageFailure) in
            let number = try Self.number(file, state)
            let isFull = state.fullWrites > 0
            if isFull {
                state.fullWrites -= 1
                copy.removeLast(copy.count - copy.count / 2)
            }
            state.disk.files[number]?.write(copy, at: Int(offset))
            if isFull { throw StorageFailure(errorNumber: 28) }
            return copy.count
        }
    }

    func size(_ file: StorageFile) throws(StorageFailure) -> UInt64 {
        try call("size", changes: false) { state throws(StorageFailure) in
            UInt64(state.disk.files[try Self.number(file, state)]?.bytes.count ?? 0)
        }
    }

    func truncate(_ file: StorageFile, to size: UInt64) throws(StorageFailure) {
        try call("truncate") { state throws(StorageFailure) in
            state.disk.files[try Self.number(file, state)]?.truncate(to: Int(size))
        }
    }

    func synchronizeData(_ file: StorageFile) throws(StorageFailure) {
        try call("synchronizeData") { state throws(StorageFailure) in
            let number = try Self.number(file, state)
            guard state.failingSyncs > 0 else {
                state.disk.files[number]?.synchronize()
                return
            }
            state.failingSyncs -= 1
            state.disk.files[number]?.failToSynchronize()
            throw StorageFailure(errorNumber: 5)
        }
    }

    func synchronizeDirectory(_ path: String) throws(StorageFailure) {
        try call("synchronizeDirectory \(path)") { state throws(StorageFailure) in
            guard path == "." || path == "/" || state.disk.node(path) == .directory else {
                throw StorageFailure(errorNumber: 2)
            }
            state.disk.synchronizeDirectory(path)
        }
    }

    func dropCache(_ file: StorageFile, from offset: UInt64) {
        state.withLock { state in
            guard let number = state.open[file.descriptor] else { return }
            state.disk.files[number]?.dropCache(from: Int(offset))
        }
    }

    func lock(_ file: StorageFile) throws(StorageFailure) -> Bool {
        try call("lock", changes: false) { state throws(StorageFailure) in
            let number = try Self.number(file, state)
            if let owner = state.locks[number], owner != file.descriptor { return false }
            state.locks[number] = file.descriptor
            return true
        }
    }

    func rename(_ path: String, to target: String) throws(StorageFailure) {
        try call("rename to \(target)") { state throws(StorageFailure) in
            guard let node = state.disk.node(path) else { throw StorageFailure(errorNumber: 2) }
            state.disk.setNode(path, nil)
            state.disk.setNode(target, node)
        }
    }

    func identity(at path: String) throws(StorageFailure) -> FileIdentity {
        try call("identity", changes: false) { state throws(StorageFailure) in
            guard case .file(let number)? = state.disk.node(path) else {
                throw StorageFailure(errorNumber: 2)
            }
            return FileIdentity(device: 1, inode: UInt64(number))
        }
    }

    func identity(of file: StorageFile) throws(StorageFailure) -> FileIdentity {
        try call("identity", changes: false) { state throws(StorageFailure) in
            FileIdentity(device: 1, inode: UInt64(try Self.number(file, state)))
        }
    }

    func link(_ path: String, to target: String) throws(StorageFailure) {
        try call("link to \(target)") { state throws(StorageFailure) in
            guard let node = state.disk.node(path) else { throw StorageFailure(errorNumber: 2) }
            guard state.disk.node(target) == nil else { throw StorageFailure(errorNumber: 17) }
            state.disk.setNode(target, node)
        }
    }

    func remove(_ path: String) throws(StorageFailure) {
        try call("remove \(path)") { state throws(StorageFailure) in
            guard state.disk.node(path) != nil else { throw StorageFailure(errorNumber: 2) }
            state.disk.setNode(path, nil)
        }
    }

    func createDirectory(_ path: String) throws(StorageFailure) {
        try call("createDirectory \(path)") { state throws(StorageFailure) in
            try Self.checkParent(path, state)
            if state.disk.node(path) == nil { state.disk.setNode(path, .directory) }
        }
    }

    func list(_ path: String) throws(StorageFailure) -> [String] {
        try call("list", changes: false) { state throws(StorageFailure) in
            guard state.disk.node(path) == .directory else {
                throw StorageFailure(errorNumber: 2)
            }
            return state.disk.names.keys
                .filter { CrashDisk.parent($0) == path && state.disk.node($0) != nil }
                .map { String($0.dropFirst(path.count + 1)) }
        }
    }

    func random() -> UInt64 {
        state.withLock { state in
            state.nextRandom += 1
            return state.nextRandom &* 0x9E37_79B9_7F4A_7C15
        }
    }

    func processIdentity() -> String { "pid 4711 on test" }
}
