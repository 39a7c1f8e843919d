internal import Dispatch
internal import Glibc

/// Ctrl-C: the first asks the command to end, the second ends the process.
final class InterruptHandler: @unchecked Sendable {
    // The sources are made and cancelled only; Dispatch objects are thread-safe.
    private let sources: [any DispatchSourceSignal]

    init(_ stop: StopSwitch) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(
                signal: number,
                queue: DispatchQueue(label: "annals.signal")
            )
            source.setEventHandler {
                let isRunning = stop.isRunning
                guard stop.stop() else { _exit(ExitStatus.interrupted.rawValue) }
                guard isRunning else { return }
                Console.error("\nannals: ending after the batches on their way …\n")
            }
            source.resume()
            return source
        }
    }

    /// From now on Ctrl-C ends the process as usual.
    func end() {
        for source in sources { source.cancel() }
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }
}
