import Glibc

/// Runs a command of the shell.
enum Shell {
    /// Its status; -1 if it was ended by a signal or could not be started.
    ///
    /// Not by Foundation's `Process`: it may wait for any child of ours, and take what another test
    /// waits for.
    static func run(_ command: String) -> Int32 {
        let words: [String] = ["/bin/sh", "-c", command]
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        defer {
            for index in unsafe arguments.indices { unsafe free(arguments[index]) }
        }
        var process: pid_t = 0
        guard unsafe posix_spawn(&process, "/bin/sh", nil, nil, &arguments, environ) == 0 else {
            return -1
        }
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { return -1 }
        }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -1
    }
}
