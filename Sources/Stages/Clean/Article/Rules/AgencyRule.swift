internal import Events

extension LineRule {
    /// Where it comes from: `SOURCE:TRTWorld and agencies`, `Source: AP`, `(With agency inputs)`.
    static let agency = LineRule(name: "agency") { line, fields in
        guard line.text.count <= 120 else { return false }
        guard let agency = labelled(line) ?? bare(line) else { return false }
        fields.agency = fields.agency ?? agency
        return true
    }

    private static func labelled(_ line: Line) -> String? {
        guard line.has(":") else { return nil }
        var scanner = LineScanner(line)
        guard scanner.accept(anyOf: ["source", "sources", "agency", "agencies"]) else { return nil }
        _ = scanner.accept("s")
        scanner.skipSpaces()
        guard scanner.accept(":") else { return nil }
        let agency = line.string(scanner.rest)
        let words = agency.split(separator: " ").count
        let isSentence = words > 4 && agency.hasSuffix(".")
        return agency.isEmpty || words > 10 || isSentence ? nil : agency
    }

    /// An agency's name alone, in brackets or after a dash.
    private static func bare(_ line: Line) -> String? {
        guard line.text.count <= longestName else { return nil }
        let range = withoutMarks(line)
        if AgencyNames.contains(line.folded[range]) { return line.string(range) }
        var scanner = LineScanner(line, from: range.lowerBound)
        guard scanner.accept(anyOf: openings) else { return nil }
        let rest = scanner.index..<max(scanner.index, range.upperBound)
        if AgencyNames.contains(line.folded[rest]) { return line.string(rest) }
        return scanner.accept("agency inputs") ? line.string(range) : nil
    }

    /// A line without dashes, brackets and full stops at its ends.
    private static func withoutMarks(_ line: Line) -> Range<Int> {
        var start = 0
        var end = line.text.count
        while start < end {
            if marks.contains(line.text[start]) {
                start += 1
            } else if line.has("—", at: start) || line.has("–", at: start) {
                start += 3
            } else {
                break
            }
        }
        while end > start, marks.contains(line.text[end - 1]) { end -= 1 }
        return start..<end
    }

    private static let longestName = 60
    private static let marks = Array("()[]- .".utf8)
    private static let openings = [
        "with inputs from ", "with input from ", "inputs from ", "with ", "from ",
    ]
}
