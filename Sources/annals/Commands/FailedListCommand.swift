internal import ArgumentParser
internal import Bytes
internal import Projections

/// `annals failed list`: the failures that stand, by code.
struct FailedListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the failures that stand: how many of each code, then each.",
        discussion:
            "A failure stands until the document succeeds, or its source no longer holds it."
    )

    @Argument(help: ArgumentHelp("A pipeline file whose store to read.", valueName: "pipeline"))
    var file: String?

    @OptionGroup var store: StoreArgument

    @Option(help: ArgumentHelp("Only those of these codes.", valueName: "code"))
    var code: [String] = []

    @Flag(help: "Only those that can succeed when they are tried again.")
    var retryable = false

    @Option(help: "How to print.")
    var format: TableFormat = .table

    @Option(help: ArgumentHelp("List at most so many of each code.", valueName: "count"))
    var limit: Int?

    func validate() throws {
        guard limit ?? 1 > 0 else { throw ValidationError("--limit must be at least 1") }
        guard file == nil || store.store == nil && store.pipeline == nil else {
            throw ValidationError("name the store once: by a pipeline file, --pipeline or --store")
        }
    }

    func run() throws {
        var argument = store
        if let file { argument.pipeline = file }
        let projections = try argument.projections()
        let view = try projections.view(.failures, asOf: nil)
        let rows = try view.failures().filter { row in
            (code.isEmpty || code.contains(row.code)) && (!retryable || row.isRetryable)
        }
        switch format {
        case .json: Console.out(FailureRow.list(rows).json + "\n")
        case .csv: Console.out(ShowCommand.harmless(FailureRow.list(rows).csv))
        case .table: show(rows)
        }
    }

    private func show(_ rows: [FailureRow]) {
        guard !rows.isEmpty else {
            let narrowed = !code.isEmpty || retryable
            Console.error("annals: \(narrowed ? "no such failure stands" : "nothing failed")\n")
            return
        }
        var lines: [StyledLine] = []
        for group in Self.groups(rows) {
            let first = group.rows[0]
            let again = group.rows.count(where: \.isRetryable)
            var head = StyledLine()
            head.add(group.code, strong: true)
            head.add(": \(BalanceSheet.grouped(group.rows.count))")
            head.add(again == 0 ? "" : ", \(BalanceSheet.grouped(again)) of which can be retried")
            lines.append(head)
            lines.append(
                StyledLine(
                    "  " + FailureAdvice.text(code: group.code, isRetryable: first.isRetryable)
                )
            )
            for row in group.rows.prefix(limit ?? 20) { lines.append(line(row)) }
            let left = group.rows.count - (limit ?? 20)
            if left > 0 { lines.append(StyledLine("  … and \(left) more (--limit)")) }
        }
        let isColored = Console.isOutputColored
        Console.out(lines.map { $0.rendered(isColored: isColored) + "\n" }.joined())
    }

    private func line(_ row: FailureRow) -> StyledLine {
        let width = Console.isOutputTerminal ? Console.width : 140
        var line = StyledLine("  \(row.document)  ")
        if row.file != row.document { line.add("\(row.file) ") }
        line.add("byte \(BalanceSheet.grouped(row.offset))")
        line.add(row.attempt > 1 ? ", attempt \(row.attempt)" : "")
        line.add("  ")
        line.add(TextExcerpt(row.message, columns: max(40, width - line.columns)).after)
        return line
    }

    /// By code, the most first.
    private static func groups(_ rows: [FailureRow]) -> [(code: String, rows: [FailureRow])] {
        Dictionary(grouping: rows, by: \.code).map { (code: $0, rows: $1) }
            .sorted { ($1.rows.count, $0.code) < ($0.rows.count, $1.code) }
    }
}
