import Glibc
import Synchronization

/// The program under test as a user starts it: arguments, a working folder, a terminal or none.
///
/// Output goes to files, so that no pipe fills up; a class because it is one running process.
final class AnnalsProcess {
    /// What came of a process.
    struct Outcome {
        /// The exit code, or 128 and the number of the signal that ended it.
        let status: Int32
        let output: String
        let messages: String
    }

    struct LaunchFailure: Error {
        let reason: String
    }

    /// Where a process reads its standard input.
    enum Input {
        case nothing
        case file(String)
        /// A pipe that the test writes to.
        case pipe
    }

    let processID: pid_t
    private let outputPath: String
    private let messagesPath: String
    private var inputEnd: Int32
    private var outcome: Outcome?

    /// Starts `annals`, or another program that is given its path.
    ///
    /// Standard output goes to a file in the folder unless `output` names another.
    init(
        _ arguments: [String],
        in folder: TestFolder,
        program: String = Binary.path,
        environment: [String: String] = [:],
        input: Input = .nothing,
        output: String? = nil
    ) throws {
        let number = folder.nextNumber()
        outputPath = output ?? folder.path + "/.output-\(number)"
        messagesPath = folder.path + "/.messages-\(number)"
        // env changes the folder and the variables, then becomes the program: the same process.
        let variables = environment.merging(["NO_COLOR": "1"]) { given, _ in given }
        let command =
            ["/usr/bin/env", "-C", folder.path] + variables.map { "\($0.key)=\($0.value)" }
            + [program] + arguments
        let (standardOutput, standardError) = (outputPath, messagesPath)
        (processID, inputEnd) = try Self.starting.withLock { _ in
            try Self.start(command, input, standardOutput, standardError)
        }
    }

    /// Held so that no process inherits the pipe of another.
    private static let starting = Mutex(())

    private static func start(
        _ command: [String],
        _ input: Input,
        _ outputPath: String,
        _ messagesPath: String
    ) throws -> (process: pid_t, inputEnd: Int32) {
        var ends: [Int32] = [-1, -1]
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        switch input {
        case .nothing:
            unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        case .file(let path):
            unsafe posix_spawn_file_actions_addopen(&actions, 0, path, O_RDONLY, 0)
        case .pipe:
            // A process that ends before it has read everything must not end the tests.
            Glibc.signal(SIGPIPE, SIG_IGN)
            guard unsafe pipe(&ends) == 0 else { throw LaunchFailure(reason: "pipe: \(errno)") }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            unsafe posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        }
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        unsafe posix_spawn_file_actions_addopen(&actions, 1, outputPath, flags, 0o644)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, messagesPath, flags, 0o644)
        var arguments = unsafe command.map { unsafe strdup($0) } + [nil]
        defer {
            for index in unsafe arguments.indices { unsafe free(arguments[index]) }
        }
        var process: pid_t = 0
        let result = unsafe posix_spawn(
            &process,
            command[0],
            &actions,
            nil,
            &arguments,
            environ
        )
        if ends[0] >= 0 { close(ends[0]) }
        guard result == 0 else { throw LaunchFailure(reason: "\(command): \(result)") }
        return (process, ends[1])
    }

    deinit {
        if inputEnd >= 0 { close(inputEnd) }
        guard outcome == nil else { return }
        kill(processID, SIGKILL)
        _ = waitpid(processID, nil, 0)
    }

    /// Sends a signal.
    func signal(_ number: Int32) {
        kill(processID, number)
    }

    /// Writes to the pipe that is the process's standard input.
    func write(_ text: String) {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    inputEnd,
                    buffer.baseAddress.map { unsafe $0 + done },
                    buffer.count - done
                )
            }
            guard count > 0 else { return }
            done += count
        }
    }

    /// Ends the process's standard input.
    func endInput() {
        close(inputEnd)
        inputEnd = -1
    }

    /// What the process has written to standard error so far.
    var messages: String { TestFolder.read(messagesPath) }
    /// What the process has written to standard output so far.
    var output: String { TestFolder.read(outputPath) }

    /// Whether the process has ended by itself or by a signal.
    var hasEnded: Bool {
        var information = unsafe siginfo_t()
        let options = WEXITED | WNOHANG | WNOWAIT
        let found = unsafe waitid(P_PID, id_t(processID), &information, options) == 0
        return found && (unsafe information.si_signo) == SIGCHLD
    }

    /// Waits until a condition holds or the process ends; false if it never held.
    func waitUntil(_ condition: () -> Bool) -> Bool {
        for _ in 0..<6000 {
            if condition() { return true }
            if hasEnded { return condition() }
            usleep(5_000)
        }
        return false
    }

    /// Waits for the process to end; the most memory that it was seen to hold, in bytes.
    ///
    /// What `wait4` reports counts the memory of the process that spawned it, the tests', too:
    /// a spawned child shares it until it becomes another program.
    func waitForPeakMemory() -> Int {
        var peak = 0
        while !hasEnded {
            let status = TestFolder.read("/proc/\(processID)/status")
            // env, which becomes the program, holds some megabytes at most.
            if let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
                let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first
                    .flatMap({ Int($0) })
            {
                peak = max(peak, kilobytes << 10)
            }
            usleep(500)
        }
        return peak
    }

    /// Waits for the process to end.
    @discardableResult
    func wait() -> Outcome {
        if let outcome { return outcome }
        var status: Int32 = 0
        while unsafe waitpid(processID, &status, 0) < 0 && errno == EINTR {}
        let signal = status & 0x7F
        let outcome = Outcome(
            status: signal == 0 ? (status >> 8) & 0xFF : 128 + signal,
            output: outputPath.hasPrefix("/dev/") ? "" : output,
            messages: messages
        )
        self.outcome = outcome
        return outcome
    }
}

/// Where the built program lies: beside the tests.
enum Binary {
    static let path: String = {
        if let path = unsafe getenv("ANNALS_BINARY") { return unsafe String(cString: path) }
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        let own = String(decoding: buffer.prefix(max(0, count)).map(UInt8.init), as: UTF8.self)
        // The tests run as <build folder>/annalsPackageTests.xctest, or inside a helper that was
        // given its path.
        for candidate in [own] + CommandLine.arguments where candidate.contains(".xctest") {
            let path =
                candidate.split(separator: "/", omittingEmptySubsequences: false)
                .prefix { !$0.hasSuffix(".xctest") }.joined(separator: "/") + "/annals"
            if unsafe access(path, X_OK) == 0 { return path }
        }
        return "annals"
    }()
}
