internal import Glibc
internal import Pipeline
internal import Synchronization

/// Whether the command is to end, and the run that is to know of it.
final class StopSwitch: Sendable {
    private let state = Mutex<(isStopped: Bool, runner: Runner?)>((false, nil))
    /// Becomes readable when the command is to end; -1 where the system has none to give.
    let descriptor: Int32
    private let writeEnd: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        _ = unsafe socketpair(AF_UNIX, kind, 0, &ends)
        (descriptor, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(descriptor)
        close(writeEnd)
    }

    /// Whether the command is to end.
    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Whether a run is under way.
    var isRunning: Bool { state.withLock { $0.runner != nil } }

    /// The run that is under way from now on; nil after it.
    func follow(_ runner: Runner?) {
        let isStopped = state.withLock { state in
            state.runner = runner
            return state.isStopped
        }
        if isStopped { _ = runner?.stop() }
    }

    /// Has the command end; false if it was to end before.
    func stop() -> Bool {
        let (wasStopped, runner) = state.withLock { state in
            defer { state.isStopped = true }
            return (state.isStopped, state.runner)
        }
        guard !wasStopped else { return false }
        _ = runner?.stop()
        _ = unsafe write(writeEnd, [0], 1)
        return true
    }
}
