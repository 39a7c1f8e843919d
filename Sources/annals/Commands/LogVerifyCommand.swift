internal import ArgumentParser
internal import Bytes
internal import EventLog

/// `annals log verify`: every byte of the log against its checksums and the chain.
struct LogVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every byte of the log.",
        discussion: "Exit code 65 if anything is damaged; the lost positions are named."
    )

    @OptionGroup var store: StoreArgument

    @Option(help: "How to print.")
    var format: OutputFormat = .text

    func run() throws {
        let report = try LogVerifier.verify(try store.folder())
        switch format {
        case .text: Console.out(text(report))
        case .json: Console.out(json(report))
        }
        guard report.ok else { throw Failure(.badData) }
    }

    private func text(_ report: VerifyReport) -> String {
        var lines = [
            "\(BalanceSheet.grouped(Int(report.events))) events in \(report.segments) segments: "
                + (report.ok ? "every byte is as it was written" : "damaged")
        ]
        for damage in report.damage {
            let first = damage.first?.description ?? "?"
            let last = damage.last?.description ?? "?"
            lines.append(
                "  \(damage.segment) at byte \(damage.offset), events \(first) to \(last):"
                    + " \(damage.reason)"
            )
        }
        return TerminalText.escaped(lines.joined(separator: "\n"), keepingLines: true) + "\n"
    }

    private func json(_ report: VerifyReport) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("events")
        writer.integer(Int(report.events))
        writer.key("segments")
        writer.integer(report.segments)
        writer.key("ok")
        writer.bool(report.ok)
        writer.key("damage")
        writer.beginArray()
        for damage in report.damage {
            writer.beginObject()
            writer.key("segment")
            writer.string(damage.segment)
            writer.key("first")
            if let first = damage.first {
                writer.integer(Int(first.rawValue))
            } else {
                writer.null()
            }
            writer.key("last")
            if let last = damage.last { writer.integer(Int(last.rawValue)) } else { writer.null() }
            writer.key("reason")
            writer.string(damage.reason)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        writer.newline()
        return writer.bytes
    }
}
