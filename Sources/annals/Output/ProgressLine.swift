internal import Dispatch
internal import Events
internal import Pipeline
internal import Synchronization

/// One line on the terminal that says how far a run has come; nothing where there is no terminal.
///
/// A class because a timer draws it while the run goes on.
final class ProgressLine: @unchecked Sendable {
    // The timer is made and cancelled only; everything else is a value or under a mutex.
    private let runner: Runner
    private let timer: any DispatchSourceTimer
    private let start: ContinuousClock.Instant
    private let isDrawn = Mutex(false)

    init?(_ runner: Runner) {
        guard Console.isErrorTerminal else { return nil }
        self.runner = runner
        start = ContinuousClock.now
        timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "annals.progress"))
        timer.schedule(deadline: .now() + 0.2, repeating: 0.2)
        timer.setEventHandler { [weak self] in self?.draw() }
        timer.resume()
    }

    /// Takes the line away.
    func end() {
        timer.cancel()
        if isDrawn.withLock({ $0 }) { Console.error("\r\u{1B}[K") }
    }

    private func draw() {
        isDrawn.withLock { $0 = true }
        let text = Self.text(runner.progress, elapsed: ContinuousClock.now - start)
        Console.error("\r\u{1B}[K" + String(text.prefix(Console.width - 1)))
    }

    /// Stages with what they kept, rate, share and time left, drops by reason.
    static func text(_ progress: RunProgress, elapsed: Duration) -> String {
        let seconds = max(
            Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18,
            0.001
        )
        var parts = ["\(BalanceSheet.grouped(progress.documents)) documents"]
        parts.append("\(BalanceSheet.grouped(Int(Double(progress.documents) / seconds)))/s")
        if let total = progress.read.bytesTotal, total > 0 {
            let share = min(1, Double(progress.read.bytesRead) / Double(total))
            parts.append("\(Int(share * 100)) %")
            if share > 0.01 && share < 1 {
                parts.append("\(clock(seconds / share - seconds)) left")
            }
        }
        for stage in progress.stages.dropFirst() {
            parts.append("\(stage.stage) \(BalanceSheet.grouped(stage.kept))")
        }
        for (reason, count) in progress.reasons.sorted(by: { $0.key < $1.key }) {
            parts.append("\(reason) -\(BalanceSheet.grouped(count))")
        }
        return parts.joined(separator: "  ")
    }

    private static func clock(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
    }
}
