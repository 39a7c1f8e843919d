internal import Bytes

extension Table {
    /// The table as aligned text for a terminal: numbers to the right, control characters escaped
    /// (invariant 8), columns narrowed, the widest first, until a line fits into `width`.
    package func text(width: Int?) -> String {
        let header = columns.map { TerminalText.escaped($0.uppercased()) }
        let body = rows.map { row in row.map { TerminalText.escaped($0.plainText) } }
        let widths = fitted(Self.widths([header] + body), into: width)
        var text = Self.line(header, widths, isRight: alignments)
        for line in body { text += Self.line(line, widths, isRight: alignments) }
        return text
    }

    /// A column is aligned to the right if it holds numbers and nothing else but null.
    private var alignments: [Bool] {
        columns.indices.map { column in
            let cells = rows.map { $0[column] }.filter { $0 != .null }
            return !cells.isEmpty && cells.allSatisfy(\.isNumber)
        }
    }

    private static let gap = 2

    private static func widths(_ lines: [[String]]) -> [Int] {
        var widths = [Int](repeating: 0, count: lines.first?.count ?? 0)
        for line in lines {
            for (column, text) in line.enumerated() {
                widths[column] = max(widths[column], DisplayWidth.of(text))
            }
        }
        return widths
    }

    private func fitted(_ widths: [Int], into width: Int?) -> [Int] {
        guard let width else { return widths }
        var widths = widths
        var excess = widths.reduce(0, +) + Self.gap * max(0, widths.count - 1) - width
        let least = 8
        while excess > 0, let widest = widths.max(), widest > least {
            let second = widths.filter { $0 < widest }.max() ?? least
            let count = widths.count { $0 == widest }
            let step = min(widest - max(second, least), max(1, excess / count))
            for column in widths.indices where widths[column] == widest && excess > 0 {
                widths[column] -= max(1, step)
                excess -= max(1, step)
            }
        }
        return widths
    }

    private static func line(_ cells: [String], _ widths: [Int], isRight: [Bool]) -> String {
        var line = ""
        for (column, cell) in cells.enumerated() {
            let shown = DisplayWidth.truncated(cell, to: widths[column])
            let room = max(0, widths[column] - DisplayWidth.of(shown))
            let padding = String(repeating: " ", count: room)
            line += isRight[column] ? padding + shown : shown + padding
            line += String(repeating: " ", count: gap)
        }
        while line.last == " " { line.removeLast() }
        return line + "\n"
    }
}
