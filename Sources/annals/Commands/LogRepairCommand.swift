internal import ArgumentParser
internal import Bytes
internal import EventLog
internal import Events

/// `annals log repair`: makes a damaged log usable again, and records what is lost.
struct LogRepairCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Show how a damaged log would be repaired; with --apply, do it.",
        discussion: """
            What can be computed again is; events whose bytes are damaged are lost, and a gap takes \
            their place, so that all others keep their positions. Every damaged file is kept in the \
            store's quarantine folder, and the log says what was done. Nothing is guessed: what \
            cannot be proved is refused. A backup is always better: restore one first if you can.

            Exit code 65 if there is damage and --apply was not given.
            """
    )

    @OptionGroup var store: StoreArgument

    @Flag(help: "Repair, rather than show how.")
    var apply = false

    func run() throws {
        let folder = try store.folder()
        let plan = try LogRepair.plan(folder)
        Console.out(text(plan))
        if plan.isEmpty { return }
        guard apply else {
            throw Failure(.badData, "nothing was changed; 'annals log repair --apply' does it")
        }
        let report = try LogRepair.perform(folder)
        try record(report, in: folder)
        // They may hold what is lost: a projection is what the log gives, no more.
        if !report.plan.lost.isEmpty { try StoreProjections.discardAll(store: folder) }
        Console.out("repaired; what was damaged is kept:\n" + lines(report.quarantine))
    }

    private func text(_ plan: RepairPlan) -> String {
        if plan.isEmpty { return "there is nothing to repair\n" + lines(plan.notes) }
        let lost = plan.lost.map { loss in
            let (first, last) = (loss.gap.positions.lowerBound, loss.gap.positions.upperBound)
            return "lost: events \(first) to \(last) in \(loss.gap.segment): \(loss.reason)"
        }
        return lines(plan.steps.map(\.description) + lost + plan.notes)
    }

    private func lines(_ lines: [String]) -> String {
        lines.map { "  " + TerminalText.escaped($0) + "\n" }.joined()
    }

    /// Appends what was done, as the log's own event.
    private func record(_ report: RepairReport, in folder: String) throws {
        let event = LogRepaired(
            lost: report.plan.lost.map { loss in
                LogRepaired.Loss(
                    first: Int(loss.gap.positions.lowerBound.rawValue),
                    last: Int(loss.gap.positions.upperBound.rawValue),
                    segment: loss.gap.segment,
                    reason: loss.reason
                )
            },
            steps: report.plan.steps.map(\.description),
            quarantine: report.quarantine
        )
        let writer = try EventLogWriter.open(folder)
        defer { writer.close() }
        var builder = EventBatchBuilder(firstPosition: writer.nextPosition, run: "")
        builder.append(
            stream: "log",
            streamVersion: 0,
            type: LogRepaired.type.rawValue,
            schemaVersion: LogRepaired.schemaVersion,
            stage: "",
            cause: nil,
            facts: event.encoded.span,
            content: nil
        )
        try writer.append(try builder.encode(), time: WallClock.microseconds)
    }
}
