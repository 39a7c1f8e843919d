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
        // What else a repair that was interrupted has left to do; a damaged log cannot be asked.
        let unrecorded = plan.isEmpty ? try Self.unrecordedGaps(folder) : []
        let isHeadSound = try !plan.isEmpty || EventLogReader.open(folder).isHeadSound()
        Console.out(text(plan, unrecorded, isHeadSound))
        if plan.isEmpty, unrecorded.isEmpty, isHeadSound { return }
        guard apply else {
            throw Failure(.badData, "nothing was changed; 'annals log repair --apply' does it")
        }
        // They may hold what is lost: a projection is what the log gives, no more. First, so that a
        // repair that is interrupted leaves none; again afterwards, as a log with a segment missing
        // cannot be opened before, and somebody may ask meanwhile.
        if !plan.lost.isEmpty || !unrecorded.isEmpty {
            try? StoreProjections.discardAll(store: folder)
        }
        let report = plan.isEmpty ? nil : try LogRepair.perform(folder)
        Failpoint.repairPerformed.reach()
        try record(report, in: folder)
        if !plan.lost.isEmpty || !unrecorded.isEmpty {
            try StoreProjections.discardAll(store: folder)
        }
        guard let files = report?.quarantine, !files.isEmpty else {
            return Console.out("repaired\n")
        }
        Console.out("repaired; what was damaged is kept:\n" + lines(files))
    }

    /// The gaps that no event of the log speaks of.
    private static func unrecordedGaps(_ folder: String) throws -> [Gap] {
        let reader = try EventLogReader.open(folder)
        let gaps = try reader.gaps()
        guard !gaps.isEmpty else { return [] }
        var recorded: Set<Int> = []
        try reader.scan(types: [LogRepaired.type.rawValue]) { batch in
            for index in batch.indices where batch.type(index) == LogRepaired.type.rawValue {
                let event = try LogRepaired(cbor: batch.facts(index))
                for loss in event.lost { recorded.insert(loss.first) }
            }
            return .continue
        }
        return gaps.filter { !recorded.contains(Int($0.positions.lowerBound.rawValue)) }
    }

    private func text(_ plan: RepairPlan, _ unrecorded: [Gap], _ isHeadSound: Bool) -> String {
        var open = unrecorded.map { gap in
            let (first, last) = (gap.positions.lowerBound, gap.positions.upperBound)
            return "an interrupted repair gave up events \(first) to \(last): to be recorded"
        }
        if !isHeadSound { open.append("HEAD: written anew") }
        if plan.isEmpty, open.isEmpty { return "there is nothing to repair\n" + lines(plan.notes) }
        let lost = plan.lost.map { loss in
            let (first, last) = (loss.gap.positions.lowerBound, loss.gap.positions.upperBound)
            return "lost: events \(first) to \(last) in \(loss.gap.segment): \(loss.reason)"
        }
        return lines(plan.steps.map(\.description) + lost + open + plan.notes)
    }

    private func lines(_ lines: [String]) -> String {
        lines.map { "  " + TerminalText.escaped($0) + "\n" }.joined()
    }

    /// Appends what was done, as the log's own event; opening for that renews HEAD.
    private func record(_ report: RepairReport?, in folder: String) throws {
        let reasons = (report?.plan.lost ?? []).map { ($0.gap.positions.lowerBound, $0.reason) }
        let writer = try EventLogWriter.open(folder)
        defer { writer.close() }
        let lost = try Self.unrecordedGaps(folder).map { gap in
            let first = gap.positions.lowerBound
            return LogRepaired.Loss(
                first: Int(first.rawValue),
                last: Int(gap.positions.upperBound.rawValue),
                segment: gap.segment,
                reason: reasons.first { $0.0 == first }?.1
                    ?? "lost to a repair that was interrupted"
            )
        }
        if report == nil, lost.isEmpty { return }
        let event = LogRepaired(
            lost: lost,
            steps: report?.plan.steps.map(\.description) ?? [],
            quarantine: report?.quarantine ?? []
        )
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
