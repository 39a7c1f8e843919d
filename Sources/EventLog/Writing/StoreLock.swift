/// The exclusive lock of a store: held as long as the file is open.
enum StoreLock {
    /// Takes the lock or says who has it.
    static func take(
        _ directory: String,
        storage: any LogStorage
    ) throws(LogError) -> OpenFile {
        let path = StorePath.lock(directory)
        let file = try openOrCreate(path, storage: storage)
        guard try file.lock() else {
            let holder = try file.bytes(at: 0, count: 256).prefix { $0 != 0x0A }
            throw LogError(
                .locked,
                path: directory,
                expected: "to be the only writer",
                found: "a lock held by " + String(decoding: holder, as: UTF8.self),
                hint: "wait until that process ends; reading needs no lock"
            )
        }
        // For people only: the lock is the flock, not the text.
        let text = Array((storage.processIdentity() + "\n").utf8)
        try file.truncate(to: 0)
        try file.write(text.span, at: 0)
        return file
    }

    private static func openOrCreate(
        _ path: String,
        storage: any LogStorage
    ) throws(LogError) -> OpenFile {
        if let file = try OpenFile.openIfPresent(path, writable: true, storage: storage) {
            return file
        }
        do throws(LogError) {
            return try OpenFile.create(path, knownAs: path, storage: storage)
        } catch {
            // Another process was quicker.
            guard error.systemError == SystemError.fileExists else { throw error }
            return try OpenFile.open(path, writable: true, storage: storage)
        }
    }
}
