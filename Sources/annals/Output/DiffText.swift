internal import Bytes
internal import Projections

/// The difference of two runs as people read it: a paragraph a cause.
struct DiffText {
    let diff: RunDiff
    /// Documents listed of each cause; nil for all.
    let limit: Int?

    var lines: [StyledLine] {
        var lines = [
            StyledLine(
                "run \(diff.before.id), \(Timestamp.iso8601(diff.before.started)),"
                    + " up to position \(diff.positions.before)"
            ),
            StyledLine(
                "run \(diff.after.id), \(Timestamp.iso8601(diff.after.started)),"
                    + " up to position \(diff.positions.after)"
            ),
        ]
        for change in diff.stages { lines.append(StyledLine("  " + change)) }
        lines.append(StyledLine())
        if diff.groups.isEmpty {
            lines.append(StyledLine("no document's fate changed" + again))
            return lines
        }
        for group in diff.groups { lines += tell(group) }
        let changed = diff.groups.reduce(0) { $0 + $1.changes.count }
        lines.append(StyledLine(Self.documents(changed) + " changed" + again))
        return lines
    }

    /// How many came out as they were.
    private var again: String {
        diff.same == 0 ? "" : "; \(Self.documents(diff.same)) stated again came out the same"
    }

    private func tell(_ group: RunDiff.Group) -> [StyledLine] {
        var head = StyledLine()
        head.add(group.cause.text, strong: true)
        head.add(": " + Self.documents(group.changes.count) + Self.sums(group.changes))
        var lines = [head]
        let shown = group.changes.prefix(limit ?? .max)
        let width = min(
            60,
            shown.map { DisplayWidth.of(TerminalText.escaped($0.document)) }.max() ?? 0
        )
        for change in shown {
            var line = StyledLine("  ")
            line.add(change.document)
            line.add(String(repeating: " ", count: max(0, width + 2 - line.columns)) + "  ")
            line.add(FateText.difference(change.before, change.after))
            lines.append(line)
        }
        if shown.count < group.changes.count {
            lines.append(StyledLine("  … and \(group.changes.count - shown.count) more (--limit)"))
        }
        return lines + [StyledLine()]
    }

    /// `, 12 dropped → kept, 3 kept → duplicate`.
    private static func sums(_ changes: [FateChange]) -> String {
        var order: [String] = []
        var sums: [String: Int] = [:]
        for change in changes {
            let before = change.before.map(FateText.status)
            let after = FateText.status(change.after)
            guard before != after else { continue }
            let way = before.map { "\($0) → \(after)" } ?? after
            if sums[way] == nil { order.append(way) }
            sums[way, default: 0] += 1
        }
        guard !order.isEmpty else { return "" }
        return " ("
            + order.map { "\(BalanceSheet.grouped(sums[$0] ?? 0)) \($0)" }.joined(separator: ", ")
            + ")"
    }

    private static func documents(_ count: Int) -> String {
        count == 1 ? "1 document" : "\(BalanceSheet.grouped(count)) documents"
    }
}
