internal import Glibc

/// The real storage: files of a POSIX system.
@safe
package struct POSIXStorage: LogStorage {
    package init() {}

    package func open(
        _ path: String,
        writable: Bool
    ) throws(StorageFailure) -> StorageFile {
        let flags = (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC
        return StorageFile(descriptor: try checked(unsafe Glibc.open(path, flags)))
    }

    package func create(_ path: String) throws(StorageFailure) -> StorageFile {
        let flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC
        return StorageFile(descriptor: try checked(unsafe Glibc.open(path, flags, 0o644)))
    }

    package func close(_ file: StorageFile) {
        _ = Glibc.close(file.descriptor)
    }

    package func read(
        _ file: StorageFile,
        into buffer: inout [UInt8],
        _ range: Range<Int>,
        at offset: UInt64
    ) throws(StorageFailure) -> Int {
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            let target = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[range])
            return unsafe pread(file.descriptor, target.baseAddress, target.count, off_t(offset))
        }
        return try checked(count)
    }

    package func write(
        _ file: StorageFile,
        _ bytes: Span<UInt8>,
        at offset: UInt64
    ) throws(StorageFailure) -> Int {
        let count = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe pwrite(file.descriptor, bytes.baseAddress, bytes.count, off_t(offset))
        }
        return try checked(count)
    }

    package func size(_ file: StorageFile) throws(StorageFailure) -> UInt64 {
        UInt64(try checked(lseek(file.descriptor, 0, SEEK_END)))
    }

    package func truncate(_ file: StorageFile, to size: UInt64) throws(StorageFailure) {
        _ = try checked(ftruncate(file.descriptor, off_t(size)))
    }

    package func synchronizeData(_ file: StorageFile) throws(StorageFailure) {
        _ = try checked(fdatasync(file.descriptor))
    }

    package func synchronizeDirectory(_ path: String) throws(StorageFailure) {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        let descriptor = try checked(unsafe Glibc.open(path, flags))
        defer { _ = Glibc.close(descriptor) }
        _ = try checked(fsync(descriptor))
    }

    package func dropCache(_ file: StorageFile, from offset: UInt64) {
        _ = posix_fadvise(file.descriptor, off_t(offset), 0, POSIX_FADV_DONTNEED)
    }

    package func lock(_ file: StorageFile) throws(StorageFailure) -> Bool {
        if flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
        if errno == EWOULDBLOCK { return false }
        throw StorageFailure(errorNumber: errno)
    }

    package func identity(at path: String) throws(StorageFailure) -> FileIdentity {
        var status = stat()
        _ = try checked(unsafe stat(path, &status))
        return FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }

    package func identity(of file: StorageFile) throws(StorageFailure) -> FileIdentity {
        var status = stat()
        _ = try checked(unsafe fstat(file.descriptor, &status))
        return FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }

    package func link(_ path: String, to target: String) throws(StorageFailure) {
        _ = try checked(unsafe Glibc.link(path, target))
    }

    package func rename(_ path: String, to target: String) throws(StorageFailure) {
        _ = try checked(unsafe Glibc.rename(path, target))
    }

    package func remove(_ path: String) throws(StorageFailure) {
        _ = try checked(unsafe unlink(path))
    }

    package func createDirectory(_ path: String) throws(StorageFailure) {
        if unsafe mkdir(path, 0o755) != 0, errno != EEXIST {
            throw StorageFailure(errorNumber: errno)
        }
    }

    package func list(_ path: String) throws(StorageFailure) -> [String] {
        guard let directory = unsafe opendir(path) else {
            throw StorageFailure(errorNumber: errno)
        }
        defer { unsafe _ = closedir(directory) }
        var names: [String] = []
        errno = 0
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { characters in
                unsafe characters.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw StorageFailure(errorNumber: errno) }
        return names
    }

    package func random() -> UInt64 {
        UInt64.random(in: 0...UInt64.max)
    }

    package func processIdentity() -> String {
        var name = [CChar](repeating: 0, count: 256)
        let found = unsafe gethostname(&name, 255) == 0
        let letters = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let host = found ? String(decoding: letters, as: UTF8.self) : "an unknown host"
        return "pid \(getpid()) on \(host)"
    }

    private func checked<Value: SignedInteger>(_ result: Value) throws(StorageFailure) -> Value {
        guard result >= 0 else { throw StorageFailure(errorNumber: errno) }
        return result
    }
}
