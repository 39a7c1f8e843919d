internal import Glibc

/// The few values of `errno` that the log treats apart.
enum SystemError {
    static let interrupted = EINTR
    static let noSuchFile = ENOENT
    static let fileExists = EEXIST
    static let notPermitted = EACCES

    /// Whether a file system says with this that it has no hard links.
    static func isWithoutLinks(_ errorNumber: Int32) -> Bool {
        [EPERM, EOPNOTSUPP, ENOSYS].contains(errorNumber)
    }

    /// Whether the disk or the user's share of it is full.
    static func isNoSpace(_ errorNumber: Int32) -> Bool {
        errorNumber == ENOSPC || errorNumber == EDQUOT
    }

    /// The system's words for an error.
    static func message(_ errorNumber: Int32) -> String {
        let known: [Int32: String] = [
            ENOSPC: "no space left on device", EDQUOT: "disk quota exceeded",
            EIO: "input/output error", EACCES: "permission denied", EPERM: "not permitted",
            ENOENT: "no such file or directory", EROFS: "read-only file system",
            EMFILE: "too many open files", ENFILE: "too many open files in the system",
            ENOTDIR: "not a directory", EISDIR: "is a directory", EEXIST: "file exists",
            EFBIG: "file too large", ENAMETOOLONG: "file name too long",
        ]
        return known[errorNumber] ?? "system error \(errorNumber)"
    }
}

extension LogError {
    /// A failed system call.
    init(_ failure: StorageFailure, doing call: String, path: String, offset: UInt64? = nil) {
        let noSpace = SystemError.isNoSpace(failure.errorNumber)
        self.init(
            noSpace ? .noSpace : .inputOutput,
            path: path,
            offset: offset,
            expected: "to \(call)",
            found: SystemError.message(failure.errorNumber),
            hint: noSpace ? "free some space and run the command again" : "",
            systemError: failure.errorNumber
        )
    }

    /// The same failure where a full disk, too, leaves in doubt what is on it.
    var inDoubt: LogError {
        guard code == .noSpace else { return self }
        var failure = self
        failure.code = .inputOutput
        failure.hint = "free some space and open the store again"
        return failure
    }
}
