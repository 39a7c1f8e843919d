internal import Bytes
internal import EventLog
internal import Projections

/// What `annals log verify` found, for people and for programs.
struct VerifyText {
    let report: VerifyReport
    let projections: [ProjectionCheck]
    let erasures: ErasureAccount

    var isOK: Bool {
        report.ok && erasures.unexplained.isEmpty && projections.allSatisfy { $0.fault == nil }
    }

    var text: String {
        var lines = [
            "\(BalanceSheet.grouped(Int(report.events))) events in \(report.segments) segments: "
                + verdict
        ]
        if report.unacknowledgedBytes > 0 {
            let count = BalanceSheet.grouped(Int(report.unacknowledgedBytes))
            lines.append(
                "  \(count) bytes behind the end were never acknowledged: opening for writing settles them"
            )
        }
        for damage in report.damage {
            let place = "  \(damage.segment) at byte \(damage.offset)"
            lines.append("\(place)\(Self.events(damage.first, damage.last)): \(damage.reason)")
        }
        if !report.ok { lines.append("hint: 'annals log repair' shows what can be done") }
        for gap in report.gaps {
            let (first, last) = (gap.positions.lowerBound, gap.positions.upperBound)
            lines.append("  \(gap.segment)\(Self.events(first, last)): lost, as a repair recorded")
        }
        lines += erasures.lines
        for check in projections {
            if let fault = check.fault {
                lines.append("  projection \(check.projection): \(fault)")
            }
        }
        let faults = projections.count { $0.fault != nil }
        if faults > 0 {
            lines.append("hint: 'annals replay' builds projections anew")
        } else if !projections.isEmpty {
            lines.append("\(projections.count) projections: as the log gives them")
        }
        return TerminalText.escaped(lines.joined(separator: "\n"), keepingLines: true) + "\n"
    }

    private var verdict: String {
        if !report.ok { return "damaged" }
        if !erasures.unexplained.isEmpty { return "events are erased that nobody withdrew" }
        return report.gaps.isEmpty && report.erased.isEmpty
            ? "every byte is as it was written" : "all that is left is as it was written"
    }

    private static func events(_ first: EventPosition?, _ last: EventPosition?) -> String {
        guard let first, let last else { return "" }
        return first == last ? ", event \(first)" : ", events \(first) to \(last)"
    }

    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("events")
        writer.integer(Int(report.events))
        writer.key("segments")
        writer.integer(report.segments)
        writer.key("ok")
        writer.bool(isOK)
        if report.unacknowledgedBytes > 0 {
            writer.key("unacknowledged_bytes")
            writer.integer(Int(report.unacknowledgedBytes))
        }
        writer.key("damage")
        writer.beginArray()
        for damage in report.damage {
            place(damage.segment, damage.first, damage.last, damage.reason, into: &writer)
        }
        writer.endArray()
        writer.key("gaps")
        writer.beginArray()
        for gap in report.gaps {
            let (first, last) = (gap.positions.lowerBound, gap.positions.upperBound)
            place(gap.segment, first, last, "lost, as a repair recorded", into: &writer)
        }
        writer.endArray()
        writer.key("projections")
        writer.beginArray()
        for check in projections { projection(check, into: &writer) }
        writer.endArray()
        erasures.write(into: &writer)
        writer.endObject()
        writer.newline()
        return writer.bytes
    }

    private func place(
        _ segment: String,
        _ first: EventPosition?,
        _ last: EventPosition?,
        _ reason: String,
        into writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.key("segment")
        writer.string(segment)
        writer.key("first")
        position(first, into: &writer)
        writer.key("last")
        position(last, into: &writer)
        writer.key("reason")
        writer.string(reason)
        writer.endObject()
    }

    private func projection(_ check: ProjectionCheck, into writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("projection")
        writer.string(check.projection)
        writer.key("position")
        position(check.position, into: &writer)
        writer.key("digest")
        writer.string(check.digest?.description)
        writer.key("ok")
        writer.bool(check.fault == nil)
        writer.key("reason")
        writer.string(check.fault)
        writer.endObject()
    }

    private func position(_ position: EventPosition?, into writer: inout JSONWriter) {
        if let position { writer.integer(Int(position.rawValue)) } else { writer.null() }
    }
}
