/// Puts copies in the place of the files that an earlier writer may still have open: what it writes
/// when it wakes up goes to files without a name (FORMAT.md §3.1).
struct StoreIsolation {
    let lock: StoreLock
    let root: StorageDirectory
    let log: StorageDirectory
    let search: DurableEndSearch

    /// Copies HEAD and the last segment, each as it is: what is sound in them is judged later.
    func run() throws(LogError) {
        try copy("HEAD", in: root)
        if let last = try search.bases().last {
            try copy(StorePath.segmentName(base: last), in: log)
        }
    }

    private func copy(_ name: String, in directory: StorageDirectory) throws(LogError) {
        let original = try OpenFile.openIfPresent(
            directory.path + "/" + name,
            writable: false,
            storage: directory.storage
        )
        guard let original else { return }
        let temporary = try TemporaryFile.create(
            for: name,
            word: directory.storage.random(),
            in: directory
        )
        do throws(LogError) {
            try original.copy(0..<original.size(), to: temporary.file)
            try temporary.file.synchronize()
            try lock.check()
            try temporary.replace()
        } catch {
            temporary.discard()
            throw error
        }
    }
}
