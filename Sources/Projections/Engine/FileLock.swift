internal import Glibc

/// An advisory lock on a file of its own (flock), held until it is let go or the process ends.
final class FileLock {
    private let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Waits until nobody else holds the lock.
    static func exclusive(_ path: String) throws(ProjectionError) -> FileLock? {
        try take(path, LOCK_EX)
    }

    /// Waits for nobody but an exclusive holder; nil where the folder cannot be written to, since
    /// nobody can swap a file there either.
    static func shared(_ path: String) throws(ProjectionError) -> FileLock? {
        do throws(ProjectionError) {
            return try take(path, LOCK_SH)
        } catch {
            if errno == EROFS || errno == EACCES || errno == ENOENT { return nil }
            throw error
        }
    }

    /// Waits a minute at most until nobody else holds the lock.
    static func exclusiveWithinAMinute(_ path: String) throws(ProjectionError) -> FileLock {
        for _ in 0..<1200 {
            if let lock = try take(path, LOCK_EX, waits: false) { return lock }
            usleep(50_000)
        }
        throw ProjectionError(
            .busy,
            path: path,
            found: "a process that reads a projection and does not end",
            hint: "end it, or try again"
        )
    }

    private static func take(
        _ path: String,
        _ mode: Int32,
        waits: Bool = true
    ) throws(ProjectionError) -> FileLock? {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw ProjectionError(system: "open", path) }
        let lock = FileLock(descriptor: descriptor)
        while flock(descriptor, waits ? mode : mode | LOCK_NB) != 0 {
            if errno == EWOULDBLOCK, !waits { return nil }
            guard errno == EINTR else { throw ProjectionError(system: "flock", path) }
        }
        return lock
    }
}

extension ProjectionError {
    /// A failed system call.
    init(system call: String, _ path: String) {
        let reason = unsafe String(cString: strerror(errno))
        self.init(.inputOutput, path: path, found: "\(call): \(reason)")
    }
}
