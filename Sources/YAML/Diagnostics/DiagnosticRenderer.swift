/// Writes diagnostics the one way that all of them look.
struct DiagnosticRenderer {
    let color: Bool

    private enum Style: String {
        case bold = "1"
        case error = "1;31"
        case warning = "1;33"
        case note = "1;36"
        case caret = "1;32"
    }

    func render(_ diagnostic: Diagnostic) -> String {
        let style: Style = diagnostic.severity == .error ? .error : .warning
        let message = DisplayText.escaped(diagnostic.message)
        var lines = [
            heading(
                place(diagnostic.range, file: diagnostic.file),
                diagnostic.severity.rawValue,
                style
            )
                + "\(message) [\(DisplayText.escaped(diagnostic.code))]"
        ]
        if let range = diagnostic.range { lines += excerpt(range) }
        if let hint = diagnostic.hint {
            lines.append("  \(paint("hint:", .bold)) \(DisplayText.escaped(hint))")
        }
        for note in diagnostic.notes {
            let head = heading(place(note.range, file: nil), "note", .note)
            lines.append(head + DisplayText.escaped(note.message))
            lines += excerpt(note.range)
        }
        return lines.joined(separator: "\n")
    }

    private func heading(_ place: String, _ word: String, _ style: Style) -> String {
        let start = place.isEmpty ? "" : paint(place + ":", .bold) + " "
        return start + paint(word + ":", style) + " "
    }

    private func place(_ range: SourceRange?, file: String?) -> String {
        guard let range else { return DisplayText.escaped(file ?? "") }
        let name = DisplayText.escaped(range.source.name)
        return "\(name):\(range.start.line):\(range.start.column)"
    }

    private func excerpt(_ range: SourceRange) -> [String] {
        let excerpt = Excerpt(range)
        let number = String(excerpt.line)
        let margin = String(repeating: " ", count: number.count)
        let indent = String(repeating: " ", count: excerpt.indent)
        let caret = "^" + String(repeating: "~", count: excerpt.underline - 1)
        return [
            excerpt.text.isEmpty ? "  \(number) |" : "  \(number) | \(excerpt.text)",
            "  \(margin) | \(indent)\(paint(caret, .caret))",
        ]
    }

    private func paint(_ text: String, _ style: Style) -> String {
        color ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }
}
