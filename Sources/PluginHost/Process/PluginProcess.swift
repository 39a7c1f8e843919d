internal import Bytes
internal import CLauncher
internal import Glibc
internal import Synchronization

/// A program that was started, and the descriptors to talk with it.
///
/// It is alive until ``end(within:)``, or until this process ends by whatever means: the warden
/// above it notices that the lifeline is gone and kills all that the program started.
final class PluginProcess: Sendable {
    /// What to start, and the walls around it.
    struct Program: Sendable {
        /// The program's path and its arguments.
        var arguments: [String]
        /// The whole environment.
        var environment: [String: String]
        /// Its working folder.
        var folder: String
        /// Files and folders that it may read.
        var readable: [String]
        /// Folders that it may write to.
        var writable: [String]
        /// Whether it may use the network.
        var hasNetwork = false
        /// Whether there are walls at all.
        var isSandboxed = true
        /// Bytes of memory of all its processes; 0 for no limit.
        var memoryLimit: UInt64 = 0
        /// The folder of those that it may write to whose size is bounded, if one is.
        var scratch: String?
        /// Bytes on disk of the files in that folder.
        var scratchLimit: UInt64 = 4 << 30
        /// Processes at a time.
        var processLimit = 256
        /// What the machine is taken not to have, for tests.
        var lacks: Lack = []
    }

    /// What a kernel, or who administers it, may not give.
    struct Lack: OptionSet, Sendable {
        let rawValue: UInt32

        /// Namespaces of users, and with them those of processes, networks and messages.
        static let namespaces = Lack(rawValue: annals_lacks_namespaces.rawValue)
        /// Landlock, without which nothing runs but by `sandbox: off`.
        static let landlock = Lack(rawValue: annals_lacks_landlock.rawValue)
    }

    /// How it ended.
    enum Ending: Sendable, Equatable {
        /// With a status.
        case exit(Int)
        /// By a signal.
        case signal(Int)
        /// It was killed for its memory.
        case memory
        /// It was killed for the number of its processes.
        case processes
        /// It was killed for the size of its scratch folder.
        case scratch

        /// In words: what "it" or its name did.
        var words: String {
            switch self {
            case .exit(let status): "ended with status \(status)"
            case .signal(let signal): "was ended by signal \(signal)"
            case .memory: "was ended for its memory"
            case .processes: "was ended for the number of its processes"
            case .scratch: "was ended for the size of its scratch folder"
            }
        }
    }

    private let warden: pid_t
    /// To it.
    let input: Int32
    /// From it.
    let output: Int32
    /// What it prints.
    let prints: Int32
    private let lifeline: Int32
    private let ending = Mutex<Ending?>(nil)

    /// Starts a program.
    init(_ program: Program, name: String) throws(PluginFault) {
        let pipes = try Self.pipes(4, name)
        (input, output, prints, lifeline) = (
            pipes[0].write, pipes[1].read, pipes[2].read, pipes[3].write
        )
        var fault = unsafe annals_launch_fault()
        let started = unsafe Self.withLists(program) { arguments, environment, readable, writable in
            unsafe Self.withNames(program.folder, program.scratch ?? "") { folder, scratch in
                var launch = unsafe annals_program(
                    arguments: arguments,
                    environment: environment,
                    folder: folder,
                    messages_in: pipes[0].read,
                    messages_out: pipes[1].write,
                    prints: pipes[2].write,
                    lifeline: pipes[3].read,
                    memory_limit: program.memoryLimit,
                    is_sandboxed: program.isSandboxed ? 1 : 0,
                    has_network: program.hasNetwork ? 1 : 0,
                    readable: readable,
                    writable: writable,
                    scratch: scratch,
                    scratch_limit: program.scratch == nil ? 0 : program.scratchLimit,
                    process_limit: Int32(clamping: program.processLimit),
                    lacks: Int32(program.lacks.rawValue)
                )
                return unsafe annals_launch(&launch, &fault)
            }
        }
        for end in [pipes[0].read, pipes[1].write, pipes[2].write, pipes[3].read] { close(end) }
        warden = started
        guard started > 0 else {
            for end in [input, output, prints, lifeline] { close(end) }
            let step = unsafe String(cString: fault.step)
            throw Self.fault(step, unsafe fault.error, program, name)
        }
        for end in [input, output, prints] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    }

    /// The processes are gone when this returns.
    deinit {
        for end in [input, output, prints, lifeline] { close(end) }
        if ending.withLock({ $0 == nil }) { _ = wait() }
    }

    /// Waits for it to end by itself for a while, then kills it.
    func end(within milliseconds: Int) -> Ending {
        var waited = 0
        while waited < milliseconds {
            if let ending = poll() { return ending }
            usleep(2000)
            waited += 2
        }
        kill()
        return wait()
    }

    /// Kills it with all that it started.
    func kill() {
        if ending.withLock({ $0 == nil }) { _ = Glibc.kill(warden, SIGTERM) }
    }

    /// How it ended; nil while it runs.
    func poll() -> Ending? { reap(WNOHANG) }

    private func wait() -> Ending { reap(0) ?? .exit(0) }

    private func reap(_ options: Int32) -> Ending? {
        ending.withLock { ending in
            if let known = ending { return known }
            var status: Int32 = 0
            var found: pid_t
            repeat {
                found = unsafe waitpid(warden, &status, options)
            } while found < 0
                && errno == EINTR
            guard found == warden else { return nil }
            let signal = status & 0x7F
            let code = Int(status >> 8 & 0xFF)
            let known: Ending =
                switch UInt32(signal) {
                case 0: code > 128 ? .signal(code - 128) : .exit(code)
                case annals_memory.rawValue: .memory
                case annals_processes.rawValue: .processes
                case annals_scratch.rawValue: .scratch
                default: .signal(Int(signal))
                }
            ending = known
            return known
        }
    }

    private static func pipes(
        _ count: Int,
        _ name: String
    ) throws(PluginFault) -> [(read: Int32, write: Int32)] {
        var pipes: [(read: Int32, write: Int32)] = []
        for number in 0..<count {
            var ends: [Int32] = [0, 0]
            // What is written to must not raise a signal when the other side is gone.
            guard unsafe (number == 0 ? annals_pair(&ends) : annals_pipe(&ends)) == 0 else {
                let reason = unsafe String(cString: strerror(errno))
                for pipe in pipes {
                    close(pipe.read)
                    close(pipe.write)
                }
                throw PluginFault(.launch, name, "no pipe to it can be made: \(reason)")
            }
            pipes.append((ends[0], ends[1]))
        }
        return pipes
    }

    private static func fault(
        _ step: String,
        _ error: Int32,
        _ program: Program,
        _ name: String
    ) -> PluginFault {
        let reason = unsafe String(cString: strerror(error))
        switch step {
        case "landlock", "seccomp":
            return PluginFault(
                .sandbox,
                name,
                "the kernel refuses the sandbox (\(step): \(reason)); it needs Linux 5.13 with"
                    + " Landlock; a pipeline can do without by sandbox: off"
            )
        case "exec":
            return PluginFault(.launch, name, "\(program.arguments[0]) cannot be run: \(reason)")
        case "folder":
            return PluginFault(.launch, name, "\(program.folder) cannot be entered: \(reason)")
        default: return PluginFault(.launch, name, "no process can be made (\(step): \(reason))")
        }
    }
}
