internal import Events

extension LineRule {
    /// A line that is a date: `November 21, 2017`, `Published: 21 Nov 2017 10:04 GMT`.
    ///
    /// A date of an update is no date of publication.
    static let date = LineRule(name: "date") { line, fields in
        guard line.place == .head, let found = DateLine(line) else { return false }
        fields.dateline = fields.dateline ?? line.string
        if !found.isUpdate { fields.published = fields.published ?? found.date.day }
        return true
    }
}

/// What a line that holds a date and nothing else says.
private struct DateLine {
    var date: WrittenDate
    var isUpdate: Bool

    private static let longest = 120
    private static let published = [
        "published", "first published", "posted", "date", "created", "released", "issued",
    ]
    private static let updated = ["last updated", "updated", "last modified", "modified"]
    private static let separators = [
        " | ", " - ", " – ", " — ", " / ", ", ", " at ", " @ ", "; ", " ",
    ]

    init?(_ line: Line) {
        guard line.text.count <= Self.longest, line.hasDigit else { return nil }
        var scanner = LineScanner(line)
        let isUpdate = Self.label(&scanner) == false
        if WrittenDate.skipTime(&scanner) { _ = scanner.accept(anyOf: Self.separators) }
        guard let date = Self.date(&scanner), date.day != nil || !scanner.line.isBareDate else {
            return nil
        }
        // A time, a second date with its own label, or both may follow.
        while !scanner.isAtEnd {
            guard scanner.accept(anyOf: Self.separators) else { return nil }
            let before = scanner.index
            _ = Self.label(&scanner)
            if WrittenDate.skipTime(&scanner) { continue }
            guard WrittenDate.read(&scanner) != nil, scanner.index > before else { return nil }
        }
        self.date = date
        self.isUpdate = isUpdate
    }

    /// Steps over `Published on` or `Updated:`; false for an update.
    private static func label(_ scanner: inout LineScanner) -> Bool? {
        let isPublished = scanner.accept(anyOf: published)
        guard isPublished || scanner.accept(anyOf: updated) else { return nil }
        _ = scanner.accept(anyOf: [" on", " at", " :", ":"])
        scanner.skipSpaces()
        return isPublished
    }

    /// A date, or a place and a date.
    private static func date(_ scanner: inout LineScanner) -> WrittenDate? {
        if let date = WrittenDate.read(&scanner) { return date }
        let start = scanner.index
        if PersonNames.name(&scanner) > 0, scanner.accept(", "),
            let date = WrittenDate.read(&scanner), date.day != nil
        {
            return date
        }
        scanner.index = start
        return nil
    }
}

extension Line {
    /// Whether nothing but the date itself can say that it is one.
    fileprivate var isBareDate: Bool {
        !["published", "posted", "updated", "last updated"].contains { begins(with: $0) }
    }
}
