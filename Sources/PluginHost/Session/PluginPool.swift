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

    private let manifest: PluginManifest
    private let options: CBORValue
    private let limits: Limits
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
    }

    private struct State {
        var idle: [Seat] = []
        var waiting: [CheckedContinuation<Seat, Never>] = []
        var failures = 0
        var failedStarts = 0
        var fatal: PluginFault?
    }

    /// The place of a process, used by one batch at a time.
    private final class Seat: Sendable {
        let number: Int
        let session = Mutex<PluginSession?>(nil)

        init(_ number: Int) { self.number = number }
    }

    init(
        _ manifest: PluginManifest,
        options: CBORValue,
        limits: Limits,
        program: @escaping @Sendable (_ instance: Int) throws(PluginFault) -> PluginProcess.Program,
        log: @escaping @Sendable (PluginLogLine) -> Void,
        onEnd: @escaping @Sendable () -> Void = {}
    ) {
        self.onEnd = onEnd
        self.manifest = manifest
        self.options = options
        self.limits = limits
        self.program = program
        self.log = log
        var state = State()
        state.idle = (0..<limits.instances).map { Seat($0) }
        self.state = Mutex(state)
    }

    /// An answer for each document, in order; throws when the plugin has failed too often.
    func answers(
        to documents: [CBORValue],
        as member: String = "documents"
    ) async throws(PluginFault) -> [Answer] {
        if let fatal = state.withLock({ $0.fatal }) { throw fatal }
        let seat = await takeSeat()
        defer { leave(seat) }
        let answers = await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.work(documents, member, seat)) }
        }
        if let fatal = state.withLock({ $0.fatal }) { throw fatal }
        return answers
    }

    /// Ends all processes.
    func shutDown() async {
        let seats = state.withLock { state in
            defer { state.idle = [] }
            return state.idle
        }
        await withCheckedContinuation { continuation in
            queue.async {
                for seat in seats {
                    seat.session.withLock { session in
                        if let last = session.take() { _ = last.shutDown() }
                    }
                }
                self.onEnd()
                continuation.resume()
            }
        }
    }

    private func takeSeat() async -> Seat {
        await withCheckedContinuation { continuation in
            let seat = state.withLock { state -> Seat? in
                if let seat = state.idle.popLast() { return seat }
                state.waiting.append(continuation)
                return nil
            }
            if let seat { continuation.resume(returning: seat) }
        }
    }

    private func leave(_ seat: Seat) {
        let next = state.withLock { state -> CheckedContinuation<Seat, Never>? in
            if !state.waiting.isEmpty { return state.waiting.removeFirst() }
            state.idle.append(seat)
            return nil
        }
        next?.resume(returning: seat)
    }

    private func work(_ documents: [CBORValue], _ member: String, _ seat: Seat) -> [Answer] {
        var answers: [Answer] = []
        // The parts still to be asked for, the next one last.
        var parts = stride(from: 0, to: documents.count, by: manifest.needs.batch).map {
            $0..<min(documents.count, $0 + manifest.needs.batch)
        }
        parts.reverse()
        while let part = parts.popLast() {
            let outcome = seat.session.withLock { session -> PluginSession.Outcome in
                do throws(PluginFault) {
                    if session == nil { session = try begin(seat.number) }
                } catch {
                    return PluginSession.Outcome(fault: error)
                }
                guard var current = session.take() else { return PluginSession.Outcome() }
                let outcome = current.answers(to: Array(documents[part]), as: member)
                if outcome.fault == nil { session = consume current }
                return outcome
            }
            answers += outcome.answers.map { .success($0) }
            guard let fault = outcome.fault else { continue }
            if state.withLock({ $0.fatal }) != nil { return answers }
            let rest = part.lowerBound + outcome.answers.count..<part.upperBound
            if rest.count == 1 {
                answers.append(.failure(fault))
                noteFailure(fault)
            } else {
                // It answers one by one: the first without an answer did it. Else it may be any.
                let size = outcome.answers.isEmpty ? rest.count / 2 : 1
                let middle = rest.lowerBound + size
                parts.append(middle..<rest.upperBound)
                parts.append(rest.lowerBound..<middle)
            }
        }
        return answers
    }

    /// Starts a process, several times if it must be.
    private func begin(_ instance: Int) throws(PluginFault) -> PluginSession {
        var pause = 0.1
        while true {
            do throws(PluginFault) {
                var session = try PluginSession.begin(manifest, try program(instance), log: log)
                try session.start(options)
                state.withLock { $0.failedStarts = 0 }
                return session
            } catch {
                let isOver = state.withLock { state in
                    state.failedStarts += 1
                    let isFinal = error.code == .handshake || error.code == .sandbox
                    guard isFinal || state.failedStarts >= limits.startsMax else { return false }
                    if state.fatal == nil { state.fatal = error }
                    return true
                }
                if isOver { throw error }
                PluginChannel.pause(seconds: pause)
                pause = min(5, pause * 2)
            }
        }
    }

    private func noteFailure(_ fault: PluginFault) {
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
}
