/// Takes a scalar's text apart into literal text and substitutions.
struct SubstitutionTemplate {
    enum Part: Equatable {
        case literal(String)
        case variable(name: String, fallback: String?, written: String)
        case file(written: String)
        case malformed(written: String)
    }

    private var rest: Substring

    init(_ text: String) {
        rest = Substring(text)
    }

    /// The next part, or nil at the end.
    mutating func next() -> Part? {
        guard !rest.isEmpty else { return nil }
        if rest.hasPrefix("$${") {
            rest = rest.dropFirst(3)
            return .literal("${")
        }
        if rest.hasPrefix("${") { return substitution() }
        var end = rest.index(after: rest.startIndex)
        while end < rest.endIndex && rest[end] != "$" { end = rest.index(after: end) }
        defer { rest = rest[end...] }
        return .literal(String(rest[..<end]))
    }

    private mutating func substitution() -> Part {
        guard let close = rest.firstIndex(of: "}") else {
            defer { rest = "" }
            return .malformed(written: String(rest))
        }
        let written = String(rest[...close])
        let body = rest[..<close].dropFirst(2)
        rest = rest[rest.index(after: close)...]
        if body.hasPrefix("file:") { return .file(written: written) }
        guard body.hasPrefix("env:") else { return .malformed(written: written) }
        let variable = body.dropFirst(4)
        let name = variable.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        let after = variable[name.endIndex...]
        // A "${" in the default would end at the wrong "}": refused rather than guessed.
        guard let first = name.first, !first.isNumber, !after.contains("${"),
            after.isEmpty || after.hasPrefix(":-")
        else { return .malformed(written: written) }
        let fallback = after.isEmpty ? nil : String(after.dropFirst(2))
        return .variable(name: String(name), fallback: fallback, written: written)
    }
}
