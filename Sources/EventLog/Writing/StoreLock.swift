/// The exclusive lock of a store: the `flock` on LOCK, and that LOCK still is the file locked.
///
/// The first keeps other writers out, the second tells a writer that was stopped while somebody
/// took LOCK away that it is no longer the one (FORMAT.md §3.1).
struct StoreLock: Sendable {
    private let file: OpenFile
    private let identity: FileIdentity
    private let directory: StorageDirectory
    /// Whether a writer from before may still live: LOCK is new, or the one who made it never got
    /// as far as ``sign()``.
    let isUnsigned: Bool
    /// Whether the lock was seen to keep a second taker out.
    let excludes: Bool

    private static let name = "LOCK"

    /// Takes the lock or says who has it.
    static func take(_ directory: StorageDirectory) throws(LogError) -> StoreLock {
        let path = directory.path + "/" + name
        for _ in 0..<100 {
            let (file, isNew) = try OpenFile.openOrCreate(path, storage: directory.storage)
            let holder = try file.bytes(at: 0, count: 256)
            guard try file.lock() else { throw locked(directory.path, holder) }
            let identity = try file.identity()
            let excludes = try isExclusive(path, directory.storage)
            // LOCK may have been removed between opening and locking it.
            guard try directory.identity(of: name) == identity else { continue }
            // Who cannot rely on the lock must not end what another may have begun.
            if holder.isEmpty, !isNew, !excludes { throw locked(directory.path, holder) }
            return StoreLock(
                file: file,
                identity: identity,
                directory: directory,
                isUnsigned: isNew || holder.isEmpty,
                excludes: excludes
            )
        }
        throw locked(directory.path, [])
    }

    /// Whether a second taker is refused: some file systems grant every `flock`.
    private static func isExclusive(
        _ path: String,
        _ storage: any LogStorage
    ) throws(LogError) -> Bool {
        guard let second = try OpenFile.openIfPresent(path, writable: true, storage: storage)
        else { return true }
        return try !second.lock()
    }

    /// Writes the holder's name, for people; its being there says that ``isUnsigned`` was dealt
    /// with.
    func sign() throws(LogError) {
        let text = Array((directory.storage.processIdentity() + "\n").utf8)
        // In this order LOCK is at no time empty.
        try file.write(text.span, at: 0)
        try file.truncate(to: UInt64(text.count))
        if isUnsigned { try file.synchronize() }
    }

    /// Throws ``LogError/Code/fenced`` if LOCK is another file by now, or gone: one `stat`.
    func check() throws(LogError) {
        do throws(LogError) {
            guard try directory.identity(of: Self.name) != identity else { return }
            throw try fenced()
        } catch {
            throw error.inDoubt
        }
    }

    private func fenced() throws(LogError) -> LogError {
        let path = directory.path + "/" + Self.name
        let present = try OpenFile.openIfPresent(
            path,
            writable: false,
            storage: directory.storage
        )
        let holder = Self.text(try present?.bytes(at: 0, count: 256) ?? [])
        return LogError(
            .fenced,
            path: directory.path,
            expected: "to be the only writer",
            found: "LOCK was removed while this process held it",
            hint: holder.isEmpty
                ? "open the store again; LOCK must not be removed while a writer lives"
                : "\(holder) holds the store now: wait until it ends, then run the command again"
        )
    }

    private static func locked(_ path: String, _ holder: [UInt8]) -> LogError {
        let holder = text(holder)
        return LogError(
            .locked,
            path: path,
            expected: "to be the only writer",
            found: "a lock held by "
                + (holder.isEmpty ? "a process that is just opening the store" : holder),
            hint: "wait until that process ends; reading needs no lock"
        )
    }

    private static func text(_ holder: [UInt8]) -> String {
        String(decoding: holder.prefix { $0 != 0x0A }, as: UTF8.self)
    }
}
