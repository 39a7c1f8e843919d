internal import Bytes
internal import Dispatch
internal import Events
internal import Pipeline
internal import Synchronization

/// How far a run has come, a line for the whole and one for each stage; nothing where there is no
/// terminal.
///
/// A class because a timer draws it while the run goes on.
final class ProgressLine: @unchecked Sendable {
    // The timer is made and cancelled only; everything else is a value or under a mutex.
    private let runner: Runner
    private let timer: any DispatchSourceTimer
    private let start: ContinuousClock.Instant
    private let linesDrawn = Mutex(0)

    init?(_ runner: Runner) {
        guard Console.isErrorTerminal else { return nil }
        self.runner = runner
        start = ContinuousClock.now
        timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "annals.progress"))
        timer.schedule(deadline: .now() + 0.2, repeating: 0.2)
        timer.setEventHandler { [weak self] in self?.draw() }
        timer.resume()
    }

    /// Draws where the run came to, if it was drawn at all, and takes the lines away.
    func end() {
        timer.cancel()
        if linesDrawn.withLock({ $0 > 0 }) { draw() }
        linesDrawn.withLock { drawn in
            if drawn > 0 { Console.error(Self.upwards(drawn) + "\r\u{1B}[J") }
            drawn = -1
        }
    }

    private func draw() {
        let lines = Self.lines(runner.progress, elapsed: ContinuousClock.now - start)
        let width = Console.width - 1
        linesDrawn.withLock { drawn in
            guard drawn >= 0 else { return }
            let text = lines.map { "\r\u{1B}[K" + String($0.prefix(width)) }
            Console.error(Self.upwards(drawn) + text.joined(separator: "\n"))
            drawn = max(drawn, lines.count)
        }
    }

    /// Moves from the last of some lines to the first.
    private static func upwards(_ lines: Int) -> String {
        lines > 1 ? "\u{1B}[\(lines - 1)A" : ""
    }

    /// Rate, share and time left; then what each stage took in and took out; then drops by rule.
    static func lines(_ progress: RunProgress, elapsed: Duration) -> [String] {
        let seconds = max(
            Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18,
            0.001
        )
        var parts = ["\(BalanceSheet.grouped(progress.documents)) documents"]
        if progress.recorded > 0 {
            parts.append("\(BalanceSheet.grouped(progress.recorded)) looked at again in the log")
        }
        let all = progress.documents + progress.recorded
        parts.append("\(BalanceSheet.grouped(Int(Double(all) / seconds)))/s")
        if let total = progress.read.bytesTotal, total > 0 {
            let share = min(1, Double(progress.read.bytesRead) / Double(total))
            parts.append("\(Int(share * 100)) %")
            if share > 0.01 && share < 1 {
                parts.append("\(clock(seconds / share - seconds)) left")
            }
        }
        var lines = [parts.joined(separator: "  ")]
        for stage in progress.stages {
            var line = "  \(stage.stage): \(BalanceSheet.grouped(stage.kept)) kept"
            let others = [
                ("dropped", stage.dropped), ("duplicates", stage.duplicates),
                ("failed", stage.failed),
            ]
            for (name, count) in others where count > 0 {
                line += ", \(BalanceSheet.grouped(count)) \(name)"
            }
            lines.append(line)
        }
        let reasons = progress.reasons.sorted { $0.key < $1.key }
            .map { "\(TerminalText.escaped($0.key)) \(BalanceSheet.grouped($0.value))" }
        if !reasons.isEmpty { lines.append("  dropped by " + reasons.joined(separator: ", ")) }
        return lines
    }

    private static func clock(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        return whole < 60 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
    }
}
