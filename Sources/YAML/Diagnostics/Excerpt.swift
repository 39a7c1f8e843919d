/// The line of a range as a terminal can show it, with the cells to underline.
struct Excerpt {
    /// The widest excerpt, in cells; what is farther from the caret is cut off with `…`.
    static let width = 100
    private static let widthBeforeCaret = 60
    private static let tabWidth = 4

    /// The number of the line.
    let line: Int
    /// The line, escaped, tabs as spaces, clipped around the caret.
    let text: String
    /// The cells before the caret.
    let indent: Int
    /// The cells to underline, at least one.
    let underline: Int

    private struct Cell {
        var text: String
        var width: Int
        var isUnderlined: Bool
    }

    /// The excerpt of a range; of several lines the first, with a single caret.
    init(_ range: SourceRange) {
        let bytes = range.source.bytes
        let start = min(range.start.offset, bytes.count)
        let end = range.end.line == range.start.line ? min(range.end.offset, bytes.count) : start
        let lineStart = Self.lineStart(of: start, in: bytes)
        let before = Self.cells(bytes, lineStart.offset..<start, underline: start..<start)
        let afterEnd = min(bytes.count, start + 4 * Self.width)
        let after = Self.cells(bytes, start..<afterEnd, underline: start..<max(end, start))
        (text, indent, underline) = Self.clip(
            before: before,
            isWhole: lineStart.isWhole,
            after: after
        )
        line = range.start.line
    }

    /// Where the line begins, looked for no farther back than an excerpt could show.
    private static func lineStart(
        of offset: Int,
        in bytes: [UInt8],
    ) -> (offset: Int, isWhole: Bool) {
        let earliest = max(0, offset - 4 * width)
        var start = offset
        while start > earliest && !isLineBreak(bytes[start - 1]) { start -= 1 }
        let isWhole = start == 0 || isLineBreak(bytes[start - 1])
        while !isWhole && start < offset && !UTF8Scalar.isStart(bytes[start]) { start += 1 }
        let hasMark = start == 0 && offset >= 3 && bytes.starts(with: SourceScan.byteOrderMark)
        return (hasMark ? 3 : start, isWhole)
    }

    private static func isLineBreak(_ byte: UInt8) -> Bool {
        byte == 0x0A || byte == 0x0D
    }

    private static func cells(
        _ bytes: [UInt8],
        _ range: Range<Int>,
        underline: Range<Int>,
    ) -> [Cell] {
        var cells: [Cell] = []
        let span = bytes.span
        var offset = range.lowerBound
        while offset < range.upperBound && !isLineBreak(bytes[offset]) {
            let decoded = UTF8Scalar(span, at: offset)
            var cell = cell(of: decoded.value, byte: bytes[offset])
            cell.isUnderlined = underline.contains(offset)
            cells.append(cell)
            offset += decoded.byteCount
        }
        return cells
    }

    private static func cell(of scalar: Unicode.Scalar?, byte: UInt8) -> Cell {
        guard let scalar else {
            let digits = String(byte, radix: 16, uppercase: true)
            return Cell(text: "\\x\(digits)", width: 4, isUnderlined: false)
        }
        if scalar == "\t" {
            let spaces = String(repeating: " ", count: tabWidth)
            return Cell(text: spaces, width: tabWidth, isUnderlined: false)
        }
        var text = ""
        DisplayText.appendEscaped(scalar, to: &text)
        let isEscaped = DisplayText.actsOrHides(scalar)
        let width = isEscaped ? text.utf8.count : DisplayText.cellCount(of: scalar)
        return Cell(text: text, width: width, isUnderlined: false)
    }

    private static func clip(
        before: [Cell],
        isWhole: Bool,
        after: [Cell],
    ) -> (text: String, indent: Int, underline: Int) {
        var first = before.count
        var indent = 0
        while first > 0 && indent + before[first - 1].width <= widthBeforeCaret {
            first -= 1
            indent += before[first].width
        }
        var text = before[first...].map(\.text).joined()
        if first > 0 || !isWhole {
            text = "…" + text
            indent += 1
        }
        var shown = indent
        var underline = 0
        for (position, cell) in after.enumerated() {
            guard shown + cell.width <= width else {
                text += "…"
                break
            }
            text += cell.text
            shown += cell.width
            if cell.isUnderlined && (position == 0 || underline > 0) { underline += cell.width }
        }
        return (text, indent, max(1, underline))
    }
}
