internal import ArgumentParser
internal import Events
internal import Glibc
internal import Pipeline
internal import Projections

/// `annals retract`: documents withdrawn, and erased from everything the store has made of them.
struct RetractCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retract",
        abstract: "Withdraw documents: out of projections and exports, erased from the log.",
        discussion: """
            The log keeps that there was a document, what became of it, when and why it was \
            withdrawn; of its text, titles, metadata and annotations it keeps a hash of the words, so \
            that the same content does not come back with the next run, under this name or another. \
            Positions and the chain over the log stay, and 'annals log verify' tells what was erased.

            Copies of it that the log knows are documents of their own and are decided anew; \
            --copies withdraws them, too. Backups, snapshots of the file system and blocks that a \
            disk has not yet written over are beyond this command.

            Killed at any time, the same command or the next 'annals run' completes it.
            """
    )

    @Argument(help: "Each document's id, source path or a part of its title.")
    var documents: [String]

    @Option(help: ArgumentHelp("Why; the log keeps it.", valueName: "text"))
    var reason: String

    @Option(help: ArgumentHelp("Who withdraws it; the log keeps it.", valueName: "name"))
    var by: String?

    @OptionGroup var store: StoreArgument

    @Flag(help: "Withdraw the documents that are copies of them, too.")
    var copies = false

    @Flag(help: "Say what would be done, and change nothing.")
    var dryRun = false

    @Flag(help: "Do not ask.")
    var yes = false

    @Option(help: "How to print.")
    var format: OutputFormat = .text

    func validate() throws {
        guard !documents.isEmpty else { throw ValidationError("name a document") }
        guard reason.contains(where: { !$0.isWhitespace }) else {
            throw ValidationError("--reason must say why")
        }
    }

    func run() async throws {
        let folder = try store.folder()
        let pipeline = try store.pipeline.map { try PipelineFile.load($0) }
        let takedown = StoreTakedown(store: folder, pipeline: pipeline)
        var ids = try lookUp(in: folder)
        var plan = try takedown.plan(ids)
        if copies {
            let found = plan.documents.flatMap(\.copies).map { DocumentID(rawValue: $0) }
            ids += Set(found).subtracting(ids).sorted()
            plan = try takedown.plan(ids)
        }
        guard !dryRun else { return show(plan) }
        try confirm(plan)
        let request = Takedown.Request(documents: ids, reason: reason, by: by)
        let result = await Self.result { try await takedown.perform(request) }
        for stage in pipeline?.stages ?? [] { await stage.close() }
        show(try result.get())
        let projections = try pipeline.map { try StoreProjections(store: folder, pipeline: $0) }
        try (projections ?? StoreProjections(store: folder)).catchUp()
    }

    private static func result(
        _ body: () async throws -> TakedownReport
    ) async -> Result<TakedownReport, any Error> {
        do {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }

    /// The documents that are meant; refuses what may be several.
    private func lookUp(in folder: String) throws -> [DocumentID] {
        let view = try StoreProjections(store: folder).documents()
        var ids: [DocumentID] = []
        for text in documents {
            switch try view.find(text) {
            case .one(let row):
                let id = DocumentID(rawValue: row.document)
                if !ids.contains(id) { ids.append(id) }
            case .several(let rows):
                let list = rows.map { "  \($0.document)  \($0.title ?? "")" }
                throw Failure(
                    .usage,
                    "'\(text)' may be several documents; name one by id:\n"
                        + list.joined(separator: "\n")
                )
            case .none:
                throw Failure(
                    .noInput,
                    "no document has '\(text)' as its id or source, or in its title"
                        + " (annals show documents lists them)"
                )
            }
        }
        return ids
    }

    /// Asks on a terminal; elsewhere `--yes` has to be said.
    private func confirm(_ plan: TakedownReport) throws {
        guard !yes else { return }
        Console.error(TakedownText(plan, reason: reason, isPlan: true).text)
        guard isatty(STDIN_FILENO) == 1, Console.isErrorTerminal else {
            throw Failure(.usage, "nothing was changed: say --yes, or --dry-run to look only")
        }
        Console.error("What is erased cannot be brought back. Withdraw? [y/N] ")
        let answer = readLine()?.lowercased() ?? ""
        guard answer == "y" || answer == "yes" else {
            throw Failure(.usage, "nothing was changed")
        }
    }

    private func show(_ report: TakedownReport) {
        let text = TakedownText(report, reason: reason, isPlan: dryRun)
        switch format {
        case .text: Console.out(text.text)
        case .json: Console.out(text.json)
        }
    }
}
