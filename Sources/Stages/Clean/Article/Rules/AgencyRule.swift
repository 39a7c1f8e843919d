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
        let marks: [UInt8] = [0x28, 0x29, 0x5B, 0x5D, 0x2D, 0x20, 0x2E]
        var core = line.text[...]
        while let first = core.first {
            if marks.contains(first) {
                core = core.dropFirst()
            } else if core.starts(with: "—".utf8) || core.starts(with: "–".utf8) {
                core = core.dropFirst(3)
            } else {
                break
            }
        }
        while let last = core.last, marks.contains(last) { core = core.dropLast() }
        let text = String(decoding: core, as: UTF8.self)
        if AgencyNames.contains(text) { return text }
        let phrases = [
            "with inputs from ", "with input from ", "inputs from ", "with ", "from ",
        ]
        let folded = text.lowercased()
        for phrase in phrases where folded.hasPrefix(phrase) {
            let rest = String(text.dropFirst(phrase.count))
            if AgencyNames.contains(rest) { return rest }
            if rest.lowercased() == "agency inputs" { return text }
        }
        return nil
    }
}
