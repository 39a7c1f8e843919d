internal import Bytes
internal import Projections

/// A line for a terminal: what is untrusted in it is escaped when it is put in (invariant 8).
struct StyledLine {
    /// A stretch of one style.
    struct Piece {
        let text: String
        let isStrong: Bool
    }

    private(set) var pieces: [Piece] = []

    /// A line of plain text.
    init(_ text: String = "") {
        add(text)
    }

    /// Adds a stretch, escaped.
    mutating func add(_ text: String, strong: Bool = false) {
        guard !text.isEmpty else { return }
        pieces.append(Piece(text: TerminalText.escaped(text), isStrong: strong))
    }

    /// Adds an excerpt.
    mutating func add(_ excerpt: TextExcerpt) {
        add("“" + excerpt.before)
        add(excerpt.mark.isEmpty ? "" : "«\(excerpt.mark)»", strong: true)
        add(excerpt.after + "”")
    }

    /// The columns that it takes.
    var columns: Int { pieces.reduce(0) { $0 + DisplayWidth.of($1.text) } }

    /// As it is printed: strong stretches in bold where there is colour.
    func rendered(isColored: Bool) -> String {
        pieces.map { piece in
            piece.isStrong && isColored ? "\u{1B}[1m\(piece.text)\u{1B}[0m" : piece.text
        }.joined()
    }
}

/// A stretch of a text on one line, with a place in it marked.
struct TextExcerpt {
    /// What stands before the mark.
    let before: String
    /// The marked place; empty for none.
    let mark: String
    /// What stands behind it.
    let after: String

    /// The beginning of a text, in so many columns.
    init(_ text: String, columns: Int) {
        before = ""
        mark = ""
        after = DisplayWidth.truncated(Self.line(text), to: max(8, columns))
    }

    /// The text around a place in bytes, in so many columns.
    ///
    /// A place outside the text, which a damaged or foreign record may name, is no place.
    init?(around span: Range<Int>, of text: [UInt8], columns: Int) {
        guard span.lowerBound >= 0, span.upperBound <= text.count, !span.isEmpty else { return nil }
        let columns = max(16, columns)
        mark = DisplayWidth.truncated(
            Self.line(String(decoding: text[span], as: UTF8.self)),
            to: max(8, columns - 8)
        )
        let room = max(0, columns - DisplayWidth.of(mark) - 2)
        let first = Self.boundary(in: text, from: max(0, span.lowerBound - room * 4))
        let head = Self.line(String(decoding: text[first..<span.lowerBound], as: UTF8.self))
        let end = Self.boundary(in: text, from: min(text.count, span.upperBound + room * 4))
        let tail = Self.line(String(decoding: text[span.upperBound..<end], as: UTF8.self))
        let least = min(DisplayWidth.of(tail), room / 2)
        before = Self.end(of: head, columns: room - least)
        after = DisplayWidth.truncated(tail, to: max(1, room - DisplayWidth.of(before)))
    }

    /// The first offset from one on where a code point begins.
    private static func boundary(in text: [UInt8], from offset: Int) -> Int {
        var offset = offset
        while offset < text.count, text[offset] & 0xC0 == 0x80 { offset += 1 }
        return offset
    }

    /// The end of a text, from a word's beginning on, with `…` before it if anything was cut.
    private static func end(of text: String, columns: Int) -> String {
        guard DisplayWidth.of(text) > columns else { return text }
        var kept: [Unicode.Scalar] = []
        var used = 1
        for scalar in text.unicodeScalars.reversed() {
            used += DisplayWidth.of(String(scalar))
            if used > columns { break }
            kept.append(scalar)
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: kept.reversed())
        let end = String(view)
        guard let space = end.firstIndex(of: " "), space != end.index(before: end.endIndex) else {
            return "…" + end
        }
        return "…" + end[end.index(after: space)...]
    }

    /// A text on one line: line breaks and runs of spaces are one space.
    static func line(_ text: String) -> String {
        var line = String.UnicodeScalarView()
        var isSpace = false
        for scalar in text.unicodeScalars {
            if scalar == " " || scalar == "\n" || scalar == "\t" || scalar == "\r" {
                if !isSpace { line.append(" ") }
                isSpace = true
            } else {
                line.append(scalar)
                isSpace = false
            }
        }
        return String(line)
    }
}
