internal import Glibc

/// A file that an export stage writes; a class because it owns a descriptor.
final class ExportFile {
    private let path: String
    private let descriptor: Int32

    /// Opens or makes a file and its folders.
    init(path: String, truncating: Bool = false) throws(RunError) {
        self.path = path
        try Self.makeFolders(for: path)
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | (truncating ? O_TRUNC : 0)
        descriptor = unsafe open(path, flags, 0o644)
        guard descriptor >= 0 else { throw .export(path, errno) }
        var status = stat()
        unsafe fstat(descriptor, &status)
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .exportNotFile(path)
        }
    }

    deinit {
        close(descriptor)
    }

    /// The file's length, in bytes.
    func size() throws(RunError) -> Int {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .export(path, errno) }
        return Int(status.st_size)
    }

    /// Cuts or extends the file.
    func truncate(to size: Int) throws(RunError) {
        guard ftruncate(descriptor, size) == 0 else { throw .export(path, errno) }
    }

    /// Writes bytes at an offset, however many calls it takes.
    func write(_ bytes: [UInt8], at offset: Int) throws(RunError) {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe pwrite(
                    descriptor,
                    buffer.baseAddress.map { unsafe $0 + done },
                    buffer.count - done,
                    offset + done
                )
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw .export(path, count == 0 ? ENOSPC : errno) }
            done += count
        }
    }

    /// Makes what was written durable.
    func synchronize() throws(RunError) {
        guard fdatasync(descriptor) == 0 else { throw .export(path, errno) }
    }

    /// Whether a file is there that holds more, or something else, than a preamble.
    static func holdsOther(than preamble: [UInt8], _ path: String) throws(RunError) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size > 0
        else { return false }
        guard Int(status.st_size) == preamble.count else { return true }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .export(path, errno) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: preamble.count)
        let count = unsafe pread(descriptor, &bytes, bytes.count, 0)
        return count != bytes.count || bytes != preamble
    }

    /// Puts a finished file in the place of another.
    static func replace(_ path: String, by temporary: String) throws(RunError) {
        guard unsafe rename(temporary, path) == 0 else { throw .export(path, errno) }
        let folder = parent(of: path) ?? "."
        let directory = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw .export(folder, errno) }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw .export(folder, errno) }
    }

    /// Makes the folders above a path.
    static func makeFolders(for path: String) throws(RunError) {
        guard let folder = parent(of: path), !folder.isEmpty else { return }
        if unsafe access(folder, F_OK) == 0 { return }
        try makeFolders(for: folder)
        guard unsafe mkdir(folder, 0o755) == 0 || errno == EEXIST else {
            throw .export(folder, errno)
        }
    }

    private static func parent(of path: String) -> String? {
        path.lastIndex(of: "/").map { String(path[..<$0]) }
    }
}
