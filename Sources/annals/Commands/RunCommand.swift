internal import ArgumentParser
internal import Bytes
internal import Dispatch
internal import Events
internal import Glibc
internal import Pipeline
internal import Projections

/// `annals run`: documents in, events, exports and projections out.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a pipeline over its sources.",
        discussion: """
            Documents that an earlier run settled, with the same content and pipeline, are left \
            alone. A run that was interrupted or killed goes on where it stopped. Ctrl-C ends it \
            after the batches on their way; a second Ctrl-C ends it at once, and nothing is lost.

            Exit code 65 if documents failed, 66 if a source could not be read: everything else \
            was processed all the same.
            """
    )

    @Argument(help: "The pipeline file.", completion: .file(extensions: ["yaml", "yml"]))
    var pipeline: String

    @Option(help: ArgumentHelp("Batches to measure at a time.", valueName: "count"))
    var jobs: Int = 0

    @OptionGroup var profile: ProfileOption

    @Option(help: ArgumentHelp("The store's folder.", valueName: "folder"))
    var store: String?

    @Option(help: ArgumentHelp("Read at most so many records.", valueName: "count"))
    var limit: Int?

    @Option(help: "What runs the stages.")
    var engine: Engine = .local

    @Option(help: "How to print the balance sheet.")
    var format: OutputFormat = .text

    enum Engine: String, ExpressibleByArgument, CaseIterable {
        case local
    }

    func validate() throws {
        guard jobs >= 0 else { throw ValidationError("--jobs must not be negative") }
        guard limit ?? 1 > 0 else { throw ValidationError("--limit must be at least 1") }
    }

    func run() async throws {
        let definition = try await PipelineFile.loadToRun(pipeline, profile: profile.name)
        let folder = store ?? definition.store
        try await StoreTakedown(store: folder, pipeline: definition).completeInterrupted()
        let runner = Runner(
            pipeline: definition,
            options: RunOptions(jobs: jobs, limit: limit, store: folder),
            now: { WallClock.microseconds }
        )
        let interrupts = InterruptHandler(runner)
        let line = ProgressLine(runner)
        defer { line?.end() }
        let report = try await runner.run(notice: { Console.error("annals: \($0)\n") })
        interrupts.end()
        line?.end()
        let projections = await Self.caughtUp(folder, definition)
        printReport(report)
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
            Console.error("annals: interrupted; go on with: annals run \(commandLine)\n")
        }
    }

    /// The arguments that go on with this run.
    private var commandLine: String {
        let profiles = profile.name.map { " --profile " + $0 } ?? ""
        let stores = store.map { " --store " + $0 } ?? ""
        return TerminalText.escaped(pipeline + profiles + stores)
    }

    private func exitStatus(of report: RunReport) throws {
        if report.wasInterrupted { throw Failure(.interrupted) }
        if report.unreadableSources > 0 { throw Failure(.noInput) }
        if report.stages.contains(where: { $0.failed > 0 }) { throw Failure(.badData) }
    }
}

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
