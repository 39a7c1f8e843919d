internal import Bytes
internal import EventLog
internal import Pipeline

/// Which erased events of a log which takedown accounts for.
struct ErasureAccount {
    /// A takedown of a document, and how many events it has erased.
    private struct Entry {
        let document: String
        let position: EventPosition
        let events: Int
    }

    private let batches: Int
    private let events: Int
    /// Whether the log could be asked who erased them.
    private let isKnown: Bool
    private var entries: [Entry] = []
    /// Erased events of which no takedown speaks: somebody else erased them.
    private(set) var unexplained: [EventPosition] = []

    /// Holds what is erased against the log's withdrawals, if the log can be read.
    init(_ report: VerifyReport, store: String) throws {
        batches = report.erasedBatches
        events = report.erased.count
        isKnown = report.ok
        guard report.ok, !report.erased.isEmpty else { return }
        var left = Set(report.erased)
        for withdrawal in try Withdrawal.all(in: EventLogReader.open(store)) {
            // A takedown comes after what it erases.
            let erased = withdrawal.erases.filter {
                $0 < withdrawal.position && left.contains($0)
            }
            left.subtract(erased)
            let entry = Entry(
                document: withdrawal.document,
                position: withdrawal.position,
                events: erased.count
            )
            entries.append(entry)
        }
        unexplained = left.sorted()
    }

    private static let linesMax = 20

    var lines: [String] {
        guard isKnown else {
            let count = BalanceSheet.grouped(events)
            return events == 0
                ? [] : ["  erased: \(count) events; by which takedown, a whole log would tell"]
        }
        var lines = entries.prefix(Self.linesMax).map { entry in
            "  erased: \(BalanceSheet.grouped(entry.events)) events of \(entry.document),"
                + " by the takedown at position \(entry.position)"
        }
        let more = entries.dropFirst(Self.linesMax)
        if !more.isEmpty {
            let events = more.reduce(0) { $0 + $1.events }
            lines.append(
                "  erased: \(BalanceSheet.grouped(events)) events of"
                    + " \(BalanceSheet.grouped(more.count)) more documents"
            )
        }
        for position in unexplained.prefix(Self.linesMax) {
            lines.append("  event \(position) is erased, and no takedown speaks of it")
        }
        if unexplained.count > Self.linesMax {
            lines.append("  … \(BalanceSheet.grouped(unexplained.count)) such events")
        }
        return lines
    }

    /// Writes the key `erased` and what belongs to it.
    func write(into writer: inout JSONWriter) {
        writer.key("erased")
        writer.beginObject()
        writer.key("events")
        writer.integer(events)
        writer.key("batches")
        writer.integer(batches)
        writer.key("takedowns")
        writer.beginArray()
        for entry in entries {
            writer.beginObject()
            writer.key("position")
            writer.integer(Int(entry.position.rawValue))
            writer.key("document")
            writer.string(entry.document)
            writer.key("events")
            writer.integer(entry.events)
            writer.endObject()
        }
        writer.endArray()
        writer.key("unexplained")
        writer.beginArray()
        for position in unexplained { writer.integer(Int(position.rawValue)) }
        writer.endArray()
        writer.endObject()
    }
}
