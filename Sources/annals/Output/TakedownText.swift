internal import Bytes
internal import Pipeline

/// What a takedown will do or did, for people and for programs.
struct TakedownText {
    private let report: TakedownReport
    private let reason: String
    private let isPlan: Bool

    init(_ report: TakedownReport, reason: String, isPlan: Bool) {
        self.report = report
        self.reason = reason
        self.isPlan = isPlan
    }

    var text: String {
        var lines = report.documents.flatMap(document)
        if !isPlan { lines += done }
        return lines.map { TerminalText.escaped($0) + "\n" }.joined()
    }

    private func document(_ document: TakedownReport.Withdrawal) -> [String] {
        guard !document.wasRetracted else { return ["withdrawn before: \(document.document)"] }
        var lines = ["\(isPlan ? "to withdraw" : "withdrawn"): \(document.document) (\(reason))"]
        if isPlan {
            let exports = document.exports.isEmpty ? "none" : Self.list(document.exports)
            lines.append(
                "  events to erase: \(BalanceSheet.grouped(document.events));"
                    + " exports that hold it: \(exports)"
            )
        }
        if !document.copies.isEmpty {
            let copies = Self.list(document.copies)
            lines.append("  copies of it, which stay and are decided anew: \(copies)")
        }
        return lines
    }

    private var done: [String] {
        var lines = [
            "erased from the log: \(BalanceSheet.grouped(report.erasedEvents)) events,"
                + " \(BalanceSheet.grouped(report.erasedBytes)) bytes;"
                + " segments written anew: \(report.segments.count)"
        ]
        for path in report.exports { lines.append("written anew without it: \(path)") }
        for path in report.removed {
            lines.append("removed, because it may have held anything: \(path)")
        }
        for path in report.foreign {
            lines.append("left alone, and may hold it: \(path)")
        }
        if report.completesEarlier { lines.append("an interrupted takedown was completed, too") }
        if let count = report.decidedAnew {
            lines.append("copies decided anew: \(BalanceSheet.grouped(count))")
        } else if report.documents.contains(where: { !$0.copies.isEmpty }) {
            lines.append("the next 'annals run' decides the copies anew")
        }
        return lines
    }

    private static func list(_ names: [String]) -> String {
        names.count <= 5
            ? names.joined(separator: ", ")
            : names.prefix(4).joined(separator: ", ") + " and \(names.count - 4) more"
    }

    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("dry_run")
        writer.bool(isPlan)
        writer.key("reason")
        writer.string(reason)
        writer.key("documents")
        writer.beginArray()
        for document in report.documents { write(document, into: &writer) }
        writer.endArray()
        writer.key("position")
        if let position = report.position {
            writer.integer(Int(position))
        } else {
            writer.null()
        }
        writer.key("erased_events")
        writer.integer(report.erasedEvents)
        writer.key("erased_bytes")
        writer.integer(report.erasedBytes)
        writer.key("decided_anew")
        if let count = report.decidedAnew { writer.integer(count) } else { writer.null() }
        writer.key("completes_earlier")
        writer.bool(report.completesEarlier)
        write("segments", report.segments, into: &writer)
        write("exports", report.exports, into: &writer)
        write("removed", report.removed, into: &writer)
        write("left_alone", report.foreign, into: &writer)
        writer.endObject()
        writer.newline()
        return writer.bytes
    }

    private func write(
        _ document: TakedownReport.Withdrawal,
        into writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.key("document")
        writer.string(document.document)
        writer.key("source")
        writer.string(document.source)
        writer.key("events")
        writer.integer(document.events)
        writer.key("withdrawn_before")
        writer.bool(document.wasRetracted)
        write("exports", document.exports, into: &writer)
        write("copies", document.copies, into: &writer)
        writer.endObject()
    }

    private func write(_ key: String, _ names: [String], into writer: inout JSONWriter) {
        writer.key(key)
        writer.beginArray()
        for name in names { writer.string(name) }
        writer.endArray()
    }
}
