/// Turns libyaml's character indices into marks.
///
/// libyaml counts characters, not bytes, and ends lines at U+0085, U+2028 and U+2029 as YAML 1.1
/// did; an editor does not. So only its index is used, and line, column and byte offset are
/// worked out here. Linear over a whole parse, because marks arrive almost in order.
struct PositionMap {
    private struct Line {
        var offset: Int
        var index: Int
    }

    private let bytes: [UInt8]
    private var lines: [Line]
    private let end: Line
    // Where the last answer was, so that one long line is not walked again for each mark.
    private var current: (line: Int, offset: Int, index: Int)

    /// A map of the bytes from `contentStart` (after a byte order mark) on.
    init(_ bytes: [UInt8], contentStart: Int) {
        self.bytes = bytes
        var lines = [Line(offset: contentStart, index: 0)]
        var index = 0
        for offset in contentStart..<bytes.count {
            let byte = bytes[offset]
            if UTF8Scalar.isStart(byte) { index += 1 }
            let isBreak =
                byte == 0x0A
                || (byte == 0x0D && (offset + 1 == bytes.count || bytes[offset + 1] != 0x0A))
            if isBreak { lines.append(Line(offset: offset + 1, index: index)) }
        }
        self.lines = lines
        end = Line(offset: bytes.count, index: index)
        current = (0, contentStart, 0)
    }

    /// The mark of a character, or of the end for indices beyond it.
    mutating func mark(index: Int) -> Mark {
        let index = min(index, end.index)
        let line = lineNumber { $0.index <= index }
        let start = lines[line]
        let next = line + 1 < lines.count ? lines[line + 1] : end
        var place = (offset: start.offset, index: start.index)
        if next.offset - start.offset == next.index - start.index {
            place = (start.offset + index - start.index, index)
        } else if line == current.line && current.index <= index {
            place = (current.offset, current.index)
        }
        while place.index < index {
            place.offset += 1
            while place.offset < bytes.count && !UTF8Scalar.isStart(bytes[place.offset]) {
                place.offset += 1
            }
            place.index += 1
        }
        current = (line, place.offset, place.index)
        return Mark(line: line + 1, column: index - start.index + 1, offset: place.offset)
    }

    /// The mark of a byte.
    mutating func mark(offset: Int) -> Mark {
        let line = lineNumber { $0.offset <= offset }
        let start = lines[line].offset
        let column = bytes[min(start, offset)..<offset].count(where: UTF8Scalar.isStart)
        return Mark(line: line + 1, column: column + 1, offset: offset)
    }

    /// The last line that begins at or before a place.
    private func lineNumber(where isAtOrBefore: (Line) -> Bool) -> Int {
        var low = 0
        var high = lines.count
        if isAtOrBefore(lines[current.line]) {
            low = current.line
            let near = min(current.line + 2, lines.count)
            if near == lines.count || !isAtOrBefore(lines[near]) { high = near }
        }
        while high - low > 1 {
            let middle = (low + high) / 2
            if isAtOrBefore(lines[middle]) { low = middle } else { high = middle }
        }
        return low
    }
}
