extension Table {
    /// The table as CSV (RFC 4180): a header, CRLF line ends, quotes where they are needed.
    ///
    /// Text that a spreadsheet would take for a formula gets a leading `'` (invariant 8).
    package var csv: String {
        var text = columns.map(Self.quoted).joined(separator: ",") + "\r\n"
        for row in rows {
            text += row.map(\.csv).joined(separator: ",") + "\r\n"
        }
        return text
    }

    fileprivate static func quoted(_ field: String) -> String {
        // By bytes: "\r\n" is one Character, and hides both of its halves.
        let needsQuotes = field.utf8.contains { byte in
            byte == 0x2C || byte == 0x22 || byte == 0x0A || byte == 0x0D
        }
        guard needsQuotes else { return field }
        var quoted = "\""
        for scalar in field.unicodeScalars {
            if scalar == "\"" { quoted.unicodeScalars.append(scalar) }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}

extension Table.Cell {
    var csv: String {
        let text = plainText
        return Table.quoted(isNumber ? text : Self.harmless(text))
    }

    /// The text with a leading `'` if it begins like a formula and is no plain number.
    private static func harmless(_ text: String) -> String {
        guard let first = text.utf8.first else { return text }
        switch first {
        case 0x3D, 0x2B, 0x40, 0x09, 0x0D, 0x0A: return "'" + text
        case 0x2D: return isPlainNegative(text) ? text : "'" + text
        default: return text
        }
    }

    /// Whether it is `-` and digits, with at most one point between digits.
    private static func isPlainNegative(_ text: String) -> Bool {
        let parts = text.utf8.dropFirst().split(separator: 0x2E, omittingEmptySubsequences: false)
        return (1...2).contains(parts.count)
            && parts.allSatisfy { part in
                !part.isEmpty && part.allSatisfy { (0x30...0x39).contains($0) }
            }
    }
}
