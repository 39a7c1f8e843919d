internal import Bytes
internal import Dispatch
internal import Synchronization

/// The processes of a plugin: started when there is work, started anew when they fell, and ended.
///
/// A batch that a process falls over is cut until the one document that does it is alone; that one
/// fails, and the others have their answers.
final class PluginPool: Sendable {
    /// What a document came to.
    typealias Answer = Result<CBORValue, PluginFault>

    let manifest: PluginManifest
    let limits: Limits
    private let options: CBORValue
    /// What of the options must not come back in an answer.
    private let mask: SecretMask
    private let program: @Sendable (_ instance: Int) throws(PluginFault) -> PluginProcess.Program
    private let log: @Sendable (PluginLogLine) -> Void
    private let onEnd: @Sendable () -> Void
    private let state: Mutex<State>
    private let queue = DispatchQueue(label: "annals.plugins", attributes: .concurrent)

    /// When enough is enough.
    struct Limits: Sendable {
        /// Processes at a time.
        var instances = 2
        /// Documents that may fail by the plugin's fault.
        var failuresMax = 100
        /// Starts, one after the other, that came to nothing.
        var startsMax = 5
        /// Before a process that fell is started again; twice as long after each start in vain.
        var pauseSeconds = 0.1
        var pauseSecondsMax = 5.0
    }

    private struct State {
        var idle: [PluginSeat] = []
        var waiting: [CheckedContinuation<PluginSeat, Never>] = []
        var failures = 0
        var failedStarts = 0
        var isClosed = false
        var fatal: PluginFault?
    }

    init(
        _ manifest: PluginManifest,
        options: CBORValue,
        limits: Limits,
        mask: SecretMask = SecretMask(),
        program: @escaping @Sendable (_ instance: Int) throws(PluginFault) -> PluginProcess.Program,
        log: @escaping @Sendable (PluginLogLine) -> Void,
        onEnd: @escaping @Sendable () -> Void = {}
    ) {
        self.onEnd = onEnd
        self.manifest = manifest
        self.options = options
        self.limits = limits
        self.mask = mask
        self.program = program
        self.log = log
        var state = State()
        state.idle = (0..<limits.instances).map { PluginSeat($0) }
        self.state = Mutex(state)
    }

    /// Why the run must stop, if it must.
    var fatal: PluginFault? { state.withLock(\.fatal).map(mask.masked) }

    /// An answer for each document, in order; throws when the plugin has failed too often, or the
    /// task was cancelled, whose process is then ended.
    func answers(
        to documents: [CBORValue],
        as member: String = "documents"
    ) async throws(PluginFault) -> [Answer] {
        if let fatal { throw fatal }
        let seat = await takeSeat()
        defer { leave(seat) }
        if let fatal { throw fatal }
        let job = PluginJob()
        let answers = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                queue.async {
                    continuation.resume(returning: self.work(documents, member, seat, job))
                }
            }
        } onCancel: {
            job.cancel()
        }
        if let fatal { throw fatal }
        guard !job.isCancelled else {
            throw PluginFault(.cancelled, manifest.name, "the run ended before it had answered")
        }
        return mask.isEmpty ? answers : answers.map(mask.masked)
    }

    /// Ends all processes, all at a time; those at work end with their work.
    func shutDown() async {
        let seats = state.withLock { state in
            state.isClosed = true
            return state.idle
        }
        await withTaskGroup { group in
            for seat in seats {
                group.addTask {
                    await withCheckedContinuation { continuation in
                        self.queue.async {
                            seat.end()
                            continuation.resume()
                        }
                    }
                }
            }
        }
        onEnd()
    }

    private func takeSeat() async -> PluginSeat {
        await withCheckedContinuation { continuation in
            let seat = state.withLock { state -> PluginSeat? in
                if let seat = state.idle.popLast() { return seat }
                state.waiting.append(continuation)
                return nil
            }
            if let seat { continuation.resume(returning: seat) }
        }
    }

    private func leave(_ seat: PluginSeat) {
        if state.withLock({ $0.isClosed && $0.waiting.isEmpty }) { seat.end() }
        let next = state.withLock { state -> CheckedContinuation<PluginSeat, Never>? in
            if !state.waiting.isEmpty { return state.waiting.removeFirst() }
            state.idle.append(seat)
            return nil
        }
        next?.resume(returning: seat)
    }

    /// Starts a process, several times if it must be.
    func begin(_ instance: Int, _ job: PluginJob) throws(PluginFault) -> PluginSession {
        var pause = limits.pauseSeconds
        while true {
            do throws(PluginFault) {
                let program = try program(instance)
                var session = try PluginSession.begin(manifest, program, log: log) { job.use($0) }
                try session.start(options)
                state.withLock { $0.failedStarts = 0 }
                return session
            } catch {
                if job.isCancelled || noteFailedStart(error) { throw error }
                say("it could not be started: \(error.message); it is tried again")
                job.pause(seconds: pause)
                if job.isCancelled { throw error }
                pause = min(limits.pauseSecondsMax, pause * 2)
            }
        }
    }

    /// Answers whether it was the last.
    private func noteFailedStart(_ fault: PluginFault) -> Bool {
        state.withLock { state in
            state.failedStarts += 1
            // It will not be another plugin, nor on another machine, the next time.
            if fault.code == .handshake || fault.code == .sandbox {
                state.fatal = state.fatal ?? fault
            } else if state.failedStarts >= limits.startsMax {
                let text = "it was started \(state.failedStarts) times in vain; \(fault.message)"
                state.fatal = state.fatal ?? PluginFault(fault.code, manifest.name, text)
            }
            return state.fatal != nil
        }
    }

    /// Counts a document that failed by the plugin's fault.
    func noteFailure(_ fault: PluginFault) {
        state.withLock { state in
            state.failures += 1
            guard state.failures > limits.failuresMax, state.fatal == nil else { return }
            state.fatal = PluginFault(
                .budget,
                manifest.name,
                "\(state.failures) documents failed by its fault, the last because \(fault.message)"
            )
        }
    }

    /// Tells the run's log what happened to it.
    func say(_ text: String) { log(PluginLogLine(manifest.name, level: "warning", text)) }
}

/// The place of a process, used by one batch at a time.
final class PluginSeat: Sendable {
    let number: Int
    let session = Mutex<PluginSession?>(nil)

    init(_ number: Int) { self.number = number }

    /// Asks its process to go, and sees to it.
    func end() {
        session.withLock { session in
            if let last = session.take() { _ = last.shutDown() }
        }
    }
}
