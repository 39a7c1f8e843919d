internal import Dispatch
internal import Glibc
internal import Pipeline

/// Ctrl-C: the first asks the run to end, the second ends the process.
final class InterruptHandler: @unchecked Sendable {
    // The sources are made and cancelled only; Dispatch objects are thread-safe.
    private let sources: [any DispatchSourceSignal]

    init(_ runner: Runner) {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(
                signal: number,
                queue: DispatchQueue(label: "annals.signal")
            )
            source.setEventHandler {
                guard runner.stop() else { _exit(ExitStatus.interrupted.rawValue) }
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
