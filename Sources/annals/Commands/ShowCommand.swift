internal import ArgumentParser
internal import Projections

/// `annals show`: a projection as a table, JSON or CSV.
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a projection: leaders, topics, documents, duplicates, failures, runs …",
        discussion: """
            A projection that is behind the log is brought up to date first. With --pipeline the \
            projections are those that the file declares by now, answered from the whole history \
            without a run; else those of the last run.

            With --as-of it shows what it showed then, as it was declared then; one that was declared \
            later, or with --pipeline, is answered from what was known then. \
            \(MomentArgument.help)
            """
    )

    @Argument(help: "The projection's name.")
    var projection: String

    @Argument(help: "What to ask it, where a plugin answers: a document's id, say.")
    var arguments: [String] = []

    @OptionGroup var store: StoreArgument

    @Option(help: "How to print.")
    var format: TableFormat = .table

    @Option(
        help: ArgumentHelp(
            "Show it as it was before a position, at a time or after a run.",
            valueName: "\(MomentArgument.valueName)"
        )
    )
    var asOf: MomentArgument?

    @Option(help: ArgumentHelp("Show at most so many rows (tables only).", valueName: "count"))
    var limit: Int?

    func validate() throws {
        guard limit ?? 1 > 0 else { throw ValidationError("--limit must be at least 1") }
    }

    func run() async throws {
        let limit = try asOf?.limit()
        let table = try await table(try store.projections().asOf(limit), asOf: limit)
        switch format {
        case .json: Console.out(table.json + "\n")
        case .csv: Console.out(Self.harmless(table.csv))
        case .table: show(table)
        }
    }

    private func table(
        _ projections: StoreProjections,
        asOf limit: ReplayLimit?
    ) async throws -> Table {
        if let plugin = try projections.plugins.projection(projection) {
            return try await projections.plugins.table(plugin, arguments, asOf: limit)
        }
        let declaration = try projections.declaration(projection)
        guard arguments.isEmpty else {
            throw Failure(.usage, "the projection '\(projection)' takes no further arguments")
        }
        return try projections.view(declaration, asOf: limit).table()
    }

    /// CSV knows no escapes: a control character, which could act on a terminal, becomes U+FFFD.
    static func harmless(_ csv: String) -> String {
        var text = String.UnicodeScalarView()
        for scalar in csv.unicodeScalars {
            let isLayout = scalar == "\t" || scalar == "\n" || scalar == "\r"
            let isControl = scalar.properties.generalCategory == .control && !isLayout
            text.append(isControl ? "\u{FFFD}" : scalar)
        }
        return String(text)
    }

    private func show(_ table: Table) {
        guard !table.rows.isEmpty else {
            Console.error("annals: \(projection) is empty\n")
            return
        }
        let rows = limit.map { Array(table.rows.prefix($0)) } ?? table.rows
        let width = Console.isOutputTerminal ? Console.width : nil
        Console.out(Table(columns: table.columns, rows: rows).text(width: width))
        if rows.count < table.rows.count {
            Console.error("annals: \(table.rows.count - rows.count) more rows\n")
        }
    }
}
