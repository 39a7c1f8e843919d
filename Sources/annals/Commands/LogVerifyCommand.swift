internal import ArgumentParser
internal import Bytes
internal import EventLog
internal import Pipeline
internal import Projections

/// `annals log verify`: every byte of the log against its checksums and the chain, and the
/// projections against the log.
struct LogVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every byte of the log, and the projections against it.",
        discussion: """
            Each projection is folded from the log once more and compared by its digest. Nothing is \
            changed. Exit code 65 if anything is damaged; the lost events are named.
            """
    )

    @OptionGroup var store: StoreArgument

    @Option(help: ArgumentHelp("Segments and projections checked at a time.", valueName: "count"))
    var jobs: Int = 0

    @Flag(inversion: .prefixedNo, help: "Compare the projections with the log, too.")
    var projections = true

    @Option(help: "How to print.")
    var format: OutputFormat = .text

    func validate() throws {
        guard jobs >= 0 else { throw ValidationError("--jobs must not be negative") }
    }

    func run() async throws {
        let folder = try store.folder()
        let jobs = jobs == 0 ? ProcessorCount.available : jobs
        let progress = ShareLine("checked")
        let report = try LogVerifier.verify(folder, jobs: jobs) { state in
            progress?.show(state.done, of: state.total)
        }
        progress?.end()
        // What a damaged log gives is no measure for a projection.
        var checks: [ProjectionCheck] = []
        var failure: (any Error)?
        do {
            // In the middle of a takedown they are to differ.
            let isSettled = !TakedownMark(store: folder).isThere
            if report.ok && report.events > 0 && projections && isSettled {
                checks = try await StoreProjections(store: folder).check(jobs: jobs)
            }
        } catch {
            failure = error
        }
        let account = try ErasureAccount(report, store: folder)
        let result = VerifyText(report: report, projections: checks, erasures: account)
        switch format {
        case .text: Console.out(result.text)
        case .json: Console.out(result.json)
        }
        if let failure {
            Console.error("annals: the projections could not be compared with the log\n")
            throw failure
        }
        guard result.isOK else { throw Failure(.badData) }
    }
}
