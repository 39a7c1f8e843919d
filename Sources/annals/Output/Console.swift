internal import Glibc

/// Results go to standard output, everything else to standard error.
enum Console {
    /// Writes a result.
    static func out(_ text: String) {
        write(Array(text.utf8), to: STDOUT_FILENO)
    }

    /// Writes a result.
    static func out(_ bytes: [UInt8]) {
        write(bytes, to: STDOUT_FILENO)
    }

    /// Writes a message.
    static func error(_ text: String) {
        write(Array(text.utf8), to: STDERR_FILENO)
    }

    /// Whether results go to a terminal.
    static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    /// Whether messages go to a terminal.
    static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

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
            if count < 0 && errno == EPIPE { return }
            guard count > 0 else {
                // Results that cannot be written must not look like success (sysexits: EX_IOERR).
                if descriptor == STDOUT_FILENO { exit(ExitStatus.inputOutput.rawValue) }
                return
            }
            done += count
        }
    }
}
