internal import Bytes
internal import EventLog
internal import Events
internal import Pipeline

/// The end of a run, as people and as programs read it (invariant 3).
struct BalanceSheet {
    let report: RunReport

    /// A table of the stages, then what was dropped and what failed.
    var text: String {
        var lines = [
            line("stage", ["in", "kept", "dropped", "duplicates", "failed"])
        ]
        for stage in report.stages {
            lines.append(
                line(
                    stage.stage,
                    [stage.input, stage.kept, stage.dropped, stage.duplicates, stage.failed]
                        .map(Self.grouped)
                )
            )
        }
        lines.append("")
        lines.append(summary)
        for drop in report.drops {
            let rule = TerminalText.escaped(drop.rule)
            lines.append("dropped by \(rule): \(Self.grouped(drop.documents))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// `{"run","events","position","stages":[…]}` on one line, with what else is known behind.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("run")
        writer.string(report.run)
        writer.key("events")
        writer.integer(report.events)
        writer.key("position")
        writer.integer(Int(report.position.rawValue))
        writer.key("stages")
        writer.beginArray()
        for stage in report.stages { write(stage, into: &writer) }
        writer.endArray()
        writer.key("unchanged")
        writer.integer(report.unchanged)
        writer.key("interrupted")
        writer.bool(report.wasInterrupted)
        writer.key("resumed")
        writer.bool(report.wasResumed)
        writer.key("removed")
        writer.integer(report.removed)
        writer.endObject()
        writer.newline()
        return writer.bytes
    }

    private func write(_ stage: StageBalance, into writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("stage")
        writer.string(stage.stage)
        writer.key("in")
        writer.integer(stage.input)
        writer.key("kept")
        writer.integer(stage.kept)
        writer.key("dropped")
        writer.integer(stage.dropped)
        writer.key("duplicates")
        writer.integer(stage.duplicates)
        writer.key("failed")
        writer.integer(stage.failed)
        writer.endObject()
    }

    private var summary: String {
        let events = "run \(report.run): \(Self.grouped(report.events)) events appended"
        var parts = [events]
        if report.unchanged > 0 {
            let count =
                report.unchanged == 1
                ? "1 document" : "\(Self.grouped(report.unchanged)) documents"
            parts.append("\(count) unchanged since earlier runs")
        }
        if report.removed > 0 {
            let count =
                report.removed == 1 ? "1 document" : "\(Self.grouped(report.removed)) documents"
            parts.append("\(count) removed, gone from the sources")
        }
        return parts.joined(separator: ", ")
    }

    private func line(_ name: String, _ cells: [String]) -> String {
        let width = max(12, report.stages.map(\.stage.count).max() ?? 0)
        let first = name + String(repeating: " ", count: max(0, width - name.count))
        return first
            + cells.map { String(repeating: " ", count: max(1, 12 - $0.count)) + $0 }
            .joined()
    }

    /// A number with commas between thousands.
    static func grouped(_ value: Int) -> String {
        var digits = Array(String(value))
        var index = digits.count - 3
        while index > 0 && digits[index - 1] != "-" {
            digits.insert(",", at: index)
            index -= 3
        }
        return String(digits)
    }
}
