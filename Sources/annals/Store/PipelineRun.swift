internal import Bytes
internal import Events
internal import Pipeline
internal import Projections

/// One run from the command line: with progress, Ctrl-C, projections and the balance sheet.
struct PipelineRun {
    let definition: PipelineDefinition
    let options: RunOptions
    let format: OutputFormat
    /// What goes on with the run when it was interrupted.
    let command: String
    /// Whether a run that found nothing to do is told, too.
    var tellsNothingNew = true

    /// Runs until Ctrl-C, prints what came of it, and throws what it comes to for scripts.
    func run() async throws {
        let stop = StopSwitch()
        let interrupts = InterruptHandler(stop)
        defer { interrupts.end() }
        try await run(until: stop)
    }

    /// Runs, prints what came of it, and throws what it comes to for scripts.
    func run(until stop: StopSwitch) async throws {
        let folder = options.store
        guard !definition.source.readsStore(at: folder) else {
            throw Failure(
                .usage,
                "the store \(folder) lies among the sources: give it a folder that is not read"
            )
        }
        try await StoreTakedown(store: folder, pipeline: definition).completeInterrupted()
        let runner = Runner(
            pipeline: definition,
            options: options,
            now: { WallClock.microseconds }
        )
        let line = ProgressLine(runner)
        stop.follow(runner)
        defer {
            stop.follow(nil)
            line?.end()
        }
        let report = try await runner.run(notice: { Console.error("annals: \($0)\n") })
        stop.follow(nil)
        line?.end()
        let projections = await Self.caughtUp(folder, definition)
        if tellsNothingNew || report.didSomething { printReport(report) }
        if case .failure = projections {
            Console.error(
                "annals: the run is committed and its exports are written, but the projections"
                    + " could not be brought up to date; annals show tries again\n"
            )
        }
        try projections.get()
        try exitStatus(of: report)
    }

    private static func caughtUp(
        _ folder: String,
        _ pipeline: PipelineDefinition
    ) async -> Result<Void, any Error> {
        do {
            let projections = try StoreProjections(store: folder, pipeline: pipeline)
            try projections.catchUp()
            try await projections.plugins.catchUp()
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    private func printReport(_ report: RunReport) {
        if let recovered = report.recovered {
            Console.error(
                "annals: a crash had left \(recovered.length) torn bytes at the log's end;"
                    + " they were moved to the store's quarantine, nothing committed was lost\n"
            )
        }
        for failure in report.failures {
            let text =
                "\(failure.file), byte \(failure.offset): \(failure.message) [\(failure.code)]"
            Console.error("annals: failed: \(TerminalText.escaped(text))\n")
        }
        if report.unplanned > 0 {
            let isOne = report.unplanned == 1
            Console.error(
                "annals: \(report.unplanned) " + (isOne ? "document" : "documents")
                    + " came, changed or went since the plan was made and "
                    + (isOne ? "was left as it was" : "were left as they were")
                    + "; make another plan for " + (isOne ? "it" : "them") + "\n"
            )
        }
        let failed = report.stages.reduce(0) { $0 + $1.failed }
        if failed > report.failures.count {
            Console.error("annals: … \(failed) documents failed: annals show failures\n")
        }
        if report.standingFailures > 0 {
            Console.error(
                "annals: \(report.standingFailures) records failed in earlier runs and have not"
                    + " changed: annals show failures\n"
            )
        }
        switch format {
        case .text: Console.out(BalanceSheet(report: report).text)
        case .json: Console.out(BalanceSheet(report: report).json)
        }
        if report.wasInterrupted {
            Console.error("annals: interrupted; go on with: \(TerminalText.escaped(command))\n")
        }
    }

    private func exitStatus(of report: RunReport) throws {
        if report.wasInterrupted { throw Failure(.interrupted) }
        if report.unplanned > 0 { throw Failure(.tryAgain) }
        if report.unreadableSources > 0 { throw Failure(.noInput) }
        let failed = report.stages.reduce(0) { $0 + $1.failed }
        guard failed > 0 else { return }
        guard let budget = definition.errorBudget else { throw Failure(.badData) }
        let read = report.unchanged + (report.stages.first?.input ?? 0)
        if budget.isExceeded(failed: failed, of: read, atEnd: true) {
            throw Failure(
                .badData,
                "\(failed) of \(read) documents failed, more than max_failed (\(budget))"
            )
        }
    }
}
