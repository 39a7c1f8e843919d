internal import Bytes
internal import Glibc
internal import Synchronization

/// Results go to standard output, everything else to standard error.
enum Console {
    /// Writes a result.
    static func out(_ text: String) {
        out(Array(text.utf8))
    }

    /// Writes a result.
    static func out(_ bytes: [UInt8]) {
        write(masked(bytes), to: STDOUT_FILENO)
    }

    /// Writes a message.
    static func error(_ text: String) {
        write(masked(Array(text.utf8)), to: STDERR_FILENO)
    }

    /// From now on these values are masked in whatever is written, whoever writes it.
    static func mask(_ secrets: [String]) {
        guard !secrets.isEmpty else { return }
        secretState.withLock { state in
            state.values = Array(Set(state.values + secrets)).sorted()
            state.mask = SecretMask(state.values)
        }
    }

    private static let secretState = Mutex((values: [String](), mask: SecretMask()))

    private static func masked(_ bytes: [UInt8]) -> [UInt8] {
        let mask = secretState.withLock { $0.mask }
        return mask.isEmpty ? bytes : mask.masked(bytes)
    }

    /// Whether the reader of results went away: nothing more need be found out for it.
    static var isOutputGone: Bool { outputIsGone.load(ordering: .relaxed) }
    private static let outputIsGone = Atomic(false)

    /// Whether results go to a terminal.
    static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    /// Whether messages go to a terminal.
    static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Whether results may be coloured (no-color.org).
    static var isOutputColored: Bool {
        unsafe isOutputTerminal && getenv("NO_COLOR") == nil
    }

    /// Whether messages may be coloured (no-color.org).
    static var isErrorColored: Bool {
        unsafe isErrorTerminal && getenv("NO_COLOR") == nil
    }

    /// The width of the terminal that messages go to.
    static var width: Int {
        var size = winsize()
        guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return 80
        }
        return Int(size.ws_col)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    descriptor,
                    buffer.baseAddress.map { unsafe $0 + done },
                    buffer.count - done
                )
            }
            if count < 0 && errno == EINTR { continue }
            if count < 0 && errno == EPIPE {
                if descriptor == STDOUT_FILENO { outputIsGone.store(true, ordering: .relaxed) }
                return
            }
            guard count > 0 else {
                guard descriptor == STDOUT_FILENO else { return }
                // Results that cannot be written must not look like success (sysexits: EX_IOERR).
                let reason = unsafe String(cString: strerror(errno))
                error("annals: the results cannot be written to standard output: \(reason)\n")
                exit(ExitStatus.inputOutput.rawValue)
            }
            done += count
        }
    }
}
