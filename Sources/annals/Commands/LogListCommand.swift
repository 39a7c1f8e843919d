internal import ArgumentParser
internal import EventLog

/// `annals log list`: events in order, a line each.
struct LogListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List events, oldest first."
    )

    @OptionGroup var store: StoreArgument

    @Option(help: ArgumentHelp("Begin at a position.", valueName: "position"))
    var from: UInt64 = 0

    @Option(help: ArgumentHelp("List at most so many events.", valueName: "count"))
    var limit: Int?

    @Option(help: ArgumentHelp("List events of these types only.", valueName: "type"))
    var type: [String] = []

    @Option(help: "How to print.")
    var format: OutputFormat = .text

    func validate() throws {
        guard limit ?? 1 > 0 else { throw ValidationError("--limit must be at least 1") }
    }

    func run() throws {
        let reader = try store.reader()
        let types = type.isEmpty ? nil : Set(type)
        var left = limit ?? .max
        var printer = EventPrinter(format: format)
        try reader.scan(from: EventPosition(from), types: types) { (batch) throws in
            for index in batch.indices {
                guard left > 0 && !Console.isOutputGone else { return .stop }
                if let types, !types.contains(batch.type(index)) { continue }
                if batch[index].position < EventPosition(from) { continue }
                try printer.line(batch, index)
                left -= 1
            }
            printer.flush()
            return .continue
        }
        printer.flush()
    }
}
