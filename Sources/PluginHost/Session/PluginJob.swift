internal import Synchronization

/// A batch that is being worked on, which can be called off.
final class PluginJob: Sendable {
    private let state = Mutex<(isCancelled: Bool, process: PluginProcess?)>((false, nil))

    /// Whether nobody waits for it any more.
    var isCancelled: Bool { state.withLock(\.isCancelled) }

    /// Tells which process works on it, if one does.
    func use(_ process: PluginProcess?) {
        let isOver = state.withLock { state in
            state.process = process
            return state.isCancelled
        }
        if isOver { process?.kill() }
    }

    /// Ends the process that works on it.
    func cancel() {
        let process = state.withLock { state in
            state.isCancelled = true
            return state.process
        }
        process?.kill()
    }

    /// Waits; no longer than somebody waits for it.
    func pause(seconds: Double) {
        let end = PluginChannel.deadline(seconds)
        while !isCancelled, PluginChannel.now < end { PluginChannel.pause(seconds: 0.01) }
    }
}
