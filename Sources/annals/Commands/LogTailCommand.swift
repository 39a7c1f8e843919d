internal import ArgumentParser
internal import EventLog
internal import Glibc

/// `annals log tail`: the last events, and those to come.
struct LogTailCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Show the last events; with -f, each further one once it is durable."
    )

    @OptionGroup var store: StoreArgument

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("How many.", valueName: "count"))
    var lines: Int = 10

    @Flag(name: [.customShort("f"), .long], help: "Go on with each event that is committed.")
    var follow = false

    @Option(help: "How to print.")
    var format: OutputFormat = .text

    /// How often HEAD is looked at: one read of 1 KiB.
    private static let pollMicroseconds: UInt32 = 20_000

    func validate() throws {
        guard lines >= 0 else { throw ValidationError("--lines must not be negative") }
    }

    func run() throws {
        var reader = try store.reader()
        let end = reader.end.rawValue
        var next = EventPosition(end - min(end, UInt64(lines)))
        while true {
            next = try show(reader, from: next)
            guard follow && !Console.isOutputGone else { return }
            usleep(Self.pollMicroseconds)
            try reader.refresh()
        }
    }

    private func show(_ reader: EventLogReader, from: EventPosition) throws -> EventPosition {
        guard from < reader.end else { return from }
        var printer = EventPrinter(format: format)
        try reader.scan(from: from) { (batch) throws in
            for index in batch.indices where batch[index].position >= from {
                try printer.line(batch, index)
            }
            return .continue
        }
        printer.flush()
        return reader.end
    }
}
