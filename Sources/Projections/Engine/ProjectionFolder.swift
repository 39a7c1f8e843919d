internal import EventLog
internal import Glibc
internal import Synchronization

/// A store's `derived/projections` folder: a file per projection, and two locks.
///
/// `catch-up.lock` is held while rows change, so that two catch-ups never clash. `swap.lock` is shared
/// by whoever has a file open to ask it, and exclusive for the instant in which a file is replaced:
/// SQLite finds a journal by name, and a name must not change hands under an open file.
struct ProjectionFolder {
    /// The folder.
    let path: String

    init(store: String) {
        path = store + "/derived/projections"
    }

    /// The live file of a projection.
    func live(_ name: String) -> String { "\(path)/\(name).sqlite" }
    /// The file in which a projection is rebuilt beside the live one.
    func building(_ name: String) -> String { "\(path)/\(name).building" }
    /// The file of a projection as of a position.
    func asOf(_ name: String, _ position: UInt64) -> String { "\(path)/\(name)@\(position).sqlite" }

    /// A file of this process alone, unlinked as soon as it is open.
    func temporary(_ name: String) -> String { "\(path)/\(name).\(getpid()).\(Self.serial()).tmp" }

    private static let counter = Atomic<Int>(0)

    private static func serial() -> Int {
        counter.wrappingAdd(1, ordering: .relaxed).newValue
    }

    /// Makes the folder.
    func make() throws(ProjectionError) {
        var made = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            made += part
            if !part.isEmpty, unsafe mkdir(made, 0o755) != 0, errno != EEXIST {
                throw ProjectionError(system: "mkdir", made)
            }
            made += "/"
        }
    }

    /// Waits until no other process changes projections of this store.
    func lockForCatchUp() throws(ProjectionError) -> FileLock? {
        try FileLock.exclusive("\(path)/catch-up.lock")
    }

    /// Keeps files from being replaced while one is open to be asked.
    func lockForReading() throws(ProjectionError) -> FileLock? {
        try FileLock.shared("\(path)/swap.lock")
    }

    /// Gives a file at rest the name of a live one that is not there.
    func name(_ file: String, _ live: String) throws(ProjectionError) {
        guard unsafe rename(file, live) == 0 else { throw ProjectionError(system: "rename", file) }
    }

    /// Puts a finished file in the place of a live one, all or nothing.
    ///
    /// A journal left by a kill belongs to the old file: it must be gone before the name is the new
    /// file's, and the old file must not be used without it. So the old file goes first then.
    func swap(_ finished: String, into live: String) throws(ProjectionError) {
        try sync(finished)
        Failpoint.projectionBuilt.reach()
        let lock = try FileLock.exclusiveWithinAMinute("\(path)/swap.lock")
        let journals = Self.sidecars(live).filter(Self.exists)
        if !journals.isEmpty {
            remove(live)
            for journal in journals { remove(journal) }
        }
        try name(finished, live)
        Failpoint.projectionSwapped.reach()
        try sync(path)
        _ = consume lock
    }

    /// Has the disk begin with what ``swap(_:into:)`` waits for, and says nothing of errors: that
    /// one meets them too.
    func writeOut(_ files: [String]) async {
        for file in files { try? sync(file) }
    }

    /// Removes a file and what SQLite may have left beside it.
    func discard(_ file: String) {
        remove(file)
        for sidecar in Self.sidecars(file) { remove(sidecar) }
    }

    /// Removes all files of projections, live ones too, once nobody reads them.
    func discardAll() throws(ProjectionError) {
        let lock = try FileLock.exclusiveWithinAMinute("\(path)/swap.lock")
        defer { _ = lock }
        guard let directory = unsafe opendir(path) else {
            throw ProjectionError(system: "opendir", path)
        }
        defer { unsafe _ = closedir(directory) }
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { characters in
                unsafe characters.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            // Half-built files and journals as well: what is forgotten must be nowhere.
            if !name.hasPrefix("."), !name.hasSuffix(".lock") { discard("\(path)/\(name)") }
        }
    }

    /// Removes journals without their file, which a kill during ``swap(_:into:)`` can leave.
    func removeStrayJournals(of live: String) {
        guard !Self.exists(live) else { return }
        for sidecar in Self.sidecars(live) { remove(sidecar) }
    }

    /// Whether there is such a file.
    static func exists(_ path: String) -> Bool {
        unsafe access(path, F_OK) == 0
    }

    private static func sidecars(_ file: String) -> [String] {
        ["-journal", "-wal", "-shm"].map { file + $0 }
    }

    private func remove(_ file: String) {
        _ = unsafe unlink(file)
    }

    private func sync(_ path: String) throws(ProjectionError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ProjectionError(system: "open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw ProjectionError(system: "fsync", path) }
    }
}
