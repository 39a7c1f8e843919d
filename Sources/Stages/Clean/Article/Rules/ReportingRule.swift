internal import Events

extension LineRule {
    /// Who reported and edited.
    ///
    /// `(Reporting by Jane Doe; editing by John Roe)`, `Additional reporting by …`,
    /// `… contributed to this report.`
    static let reporting = LineRule(name: "reporting") { line, fields in
        guard line.place == .foot, line.text.count <= 400 else { return false }
        if isContribution(line) { return true }
        var scanner = LineScanner(line)
        let isBracketed = scanner.accept("(") || scanner.accept("[")
        guard scanner.accept(anyOf: credits) else { return false }
        let isWriter = line.contains("reporting by ") && !line.contains("additional reporting")
        let start = scanner.index
        let words = PersonNames.names(&scanner)
        let names = start..<scanner.index
        guard words > 0 else { return false }
        if scanner.accept(anyOf: [" in ", " from ", " at "]) {
            guard PersonNames.names(&scanner) > 0 else { return false }
        }
        let isClosed = scanner.isAtEnd || [0x2E, 0x3B, 0x2C, 0x29, 0x5D].contains(scanner.next)
        let isCredit = isBracketed || isClosed || line.contains("editing by ")
        guard isCredit && (words >= 2 || isBracketed || isClosed) else { return false }
        if isWriter { fields.byline = fields.byline ?? line.string(names) }
        return true
    }

    private static let credits = [
        "reporting by ", "additional reporting by ", "with additional reporting by ",
        "reporting and writing by ", "writing by ", "written by ", "editing by ", "edited by ",
        "compiled by ", "with reporting by ", "reporting and editing by ",
    ]

    private static func isContribution(_ line: Line) -> Bool {
        guard !line.contains(". "), line.contains("contribut") else { return false }
        return ["contributed to this report", "contributed to this story", "contributed reporting"]
            .contains { line.contains($0) }
    }
}
