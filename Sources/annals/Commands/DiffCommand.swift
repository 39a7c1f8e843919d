internal import ArgumentParser
internal import EventLog
internal import Projections

/// `annals diff`: what became another between the ends of two runs, and why.
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare two runs: documents whose fate changed, grouped by cause.",
        discussion: """
            A run is named by its id, the beginning of it, or as 'last' and 'previous'. With one \
            run, it is compared with the one before; with none, the last two are compared.
            """
    )

    @Argument(help: ArgumentHelp("At most two runs.", valueName: "run"))
    var runs: [String] = []

    @OptionGroup var store: StoreArgument

    @Option(help: "How to print.")
    var format: OutputFormat = .text

    @Option(help: ArgumentHelp("List at most so many documents a cause.", valueName: "count"))
    var limit: Int?

    func validate() throws {
        guard runs.count <= 2 else { throw ValidationError("two runs can be compared, not more") }
        guard limit ?? 1 > 0 else { throw ValidationError("--limit must be at least 1") }
    }

    func run() throws {
        let folder = try store.folder()
        let engine = ProjectionEngine(store: folder, reader: try StoreArgument.reader(of: folder))
        let history = try engine.history()
        let (first, second) = try places(in: history)
        let diff = try RunDiff(first, second, history, engine)
        switch format {
        case .text:
            let isColored = Console.isOutputColored
            let lines = DiffText(diff: diff, limit: limit ?? 20).lines
            Console.out(lines.map { $0.rendered(isColored: isColored) + "\n" }.joined())
        case .json: Console.out(DiffJSON(diff: diff, limit: limit).bytes)
        }
    }

    /// The two runs by their places, the earlier first.
    private func places(in history: LogHistory) throws -> (Int, Int) {
        guard history.runs.count > 1 else {
            throw Failure(.noInput, "there is nothing to compare: the store has one run or none")
        }
        let named = try runs.map { try RunDiff.run($0, in: history) }
        switch named.count {
        case 0: return (history.runs.count - 2, history.runs.count - 1)
        case 1:
            guard named[0] > 0 else {
                throw Failure(.noInput, "there is no run before \(history.runs[0].id)")
            }
            return (named[0] - 1, named[0])
        default:
            guard named[0] != named[1] else {
                throw Failure(.usage, "both are run \(history.runs[named[0]].id)")
            }
            return (min(named[0], named[1]), max(named[0], named[1]))
        }
    }
}
