internal import Events

extension LineRule {
    /// Who wrote it: `By Staff Reporter`, `By Jane Doe, Reuters`, `Author: Jane Doe`.
    static let byline = LineRule(name: "byline") { line, fields in
        guard line.text.count <= 160, let first = line.folded.first, initials.contains(first) else {
            return false
        }
        var scanner = LineScanner(line)
        guard scanner.accept(anyOf: labels) else { return false }
        let start = scanner.index
        guard let end = author(&scanner), tail(scanner, &fields) else { return false }
        let byline = line.string(start..<end)
        fields.byline = fields.byline ?? byline
        return true
    }

    private static let labels = [
        "by: ", "by ", "written by ", "written by: ", "author: ", "authors: ", "story by ",
        "text by ", "posted by ", "byline: ",
    ]

    private static let initials = Set(labels.compactMap(\.utf8.first))

    /// Desks that sign in place of a person.
    private static let desks = [
        "staff", "our ", "the editorial board", "editorial board", "agencies", "wire ", "news desk",
        "web desk", "the associated press",
    ]

    /// Steps over names and what they are; returns the offset where the byline ends.
    private static func author(_ scanner: inout LineScanner) -> Int? {
        let start = scanner.index
        let isDesk = scanner.accept(anyOf: desks)
        scanner.index = start
        let words = PersonNames.names(&scanner)
        let isAgency = AgencyNames.contains(scanner.line.string(start..<scanner.index))
        guard words >= 2 || isDesk || isAgency else { return nil }
        if isDesk && words == 0 { scanner.index = scanner.line.text.count }
        return affiliation(&scanner)
    }

    /// Steps over `, staff writer`, `in Moscow`, ` | Reuters`: few words and no sentence.
    private static func affiliation(_ scanner: inout LineScanner) -> Int? {
        var end = scanner.index
        if scanner.accept(anyOf: [" in ", " at ", " for ", " of "]) {
            guard PersonNames.name(&scanner) > 0 else { return nil }
            end = scanner.index
        }
        let separators = [", ", " | ", " / ", "/", " - ", " – ", " — ", " (", " and "]
        while !scanner.isAtEnd {
            guard scanner.accept(anyOf: separators) else { return nil }
            let before = scanner.index
            if WrittenDate.read(&scanner) != nil {
                scanner.index = before
                return end
            }
            guard words(&scanner) else { return nil }
            end = scanner.index
        }
        return end
    }

    /// Steps over one to six words.
    private static func words(_ scanner: inout LineScanner) -> Bool {
        for count in 0..<6 {
            guard scanner.word() != nil else { return count > 0 && scanner.index > 0 }
            if scanner.next == 0x2E, scanner.index + 1 < scanner.line.text.count {
                scanner.index += 1
            }
            if scanner.next == 0x29 { scanner.index += 1 }
            let before = scanner.index
            guard scanner.accept(" ") else { return true }
            if !scanner.isAtEnd, scanner.word() == nil {
                scanner.index = before
                return true
            }
            scanner.index = before + 1
        }
        return false
    }

    /// Whether nothing follows the byline but a date, which is then taken too.
    private static func tail(_ scanner: LineScanner, _ fields: inout DocumentFields) -> Bool {
        var scanner = scanner
        if scanner.isAtEnd { return true }
        let start = scanner.index
        guard let date = WrittenDate.read(&scanner) else { return false }
        let end = scanner.index
        scanner.skipSpaces()
        _ = WrittenDate.skipTime(&scanner)
        guard scanner.isAtEnd else { return false }
        fields.dateline = fields.dateline ?? scanner.line.string(start..<end)
        fields.published = fields.published ?? date.day
        return true
    }
}
