internal import Glibc

/// Writes a small file atomically.
enum TextFile {
    /// Puts a new file in an old one's place, once its bytes are durable.
    static func replace(_ path: String, with text: String) throws(PluginLockError) {
        let temporary = "\(path).\(getpid()).tmp"
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
        let file = unsafe open(temporary, flags, 0o644)
        guard file >= 0 else { throw PluginLockError(.unwritable, path, errno) }
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe write(file, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            done += count
        }
        guard done == bytes.count, fsync(file) == 0 else {
            let number = errno
            close(file)
            unsafe unlink(temporary)
            throw PluginLockError(.unwritable, path, number)
        }
        close(file)
        guard unsafe rename(temporary, path) == 0 else {
            let number = errno
            unsafe unlink(temporary)
            throw PluginLockError(.unwritable, path, number)
        }
        syncFolder(of: path)
    }

    /// The new name is durable only with its folder.
    private static func syncFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
