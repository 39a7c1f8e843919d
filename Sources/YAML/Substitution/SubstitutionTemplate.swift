/// Takes a scalar's text apart into literal text and substitutions.
package struct SubstitutionTemplate {
    /// A stretch of the text; `written` is the substitution as it stands there.
    package enum Part: Equatable {
        /// Text as it is.
        case literal(String)
        /// `${env:NAME}` or `${env:NAME:-default}`.
        case variable(name: String, fallback: String?, written: String)
        /// `${file:PATH}`.
        case file(path: String, written: String)
        /// `${param:NAME}`.
        case parameter(name: String, written: String)
        /// Any other `${`.
        case malformed(written: String)
    }

    private var rest: Substring
    private let keepingEscapes: Bool

    /// Begins with a text; `keepingEscapes` leaves `$${` as it is, for a text that is read again.
    package init(_ text: String, keepingEscapes: Bool = false) {
        rest = Substring(text)
        self.keepingEscapes = keepingEscapes
    }

    /// The next part, or nil at the end.
    package mutating func next() -> Part? {
        guard !rest.isEmpty else { return nil }
        if rest.hasPrefix("$${") {
            rest = rest.dropFirst(3)
            return .literal(keepingEscapes ? "$${" : "${")
        }
        if rest.hasPrefix("${") { return substitution() }
        // By bytes, for texts of a megabyte; what begins at a "$" begins a character.
        let bytes = rest.utf8
        let second = bytes.index(after: bytes.startIndex)
        let end = bytes[second...].firstIndex(of: UInt8(ascii: "$")) ?? rest.endIndex
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
        // A "${" inside would end at the wrong "}": refused rather than guessed.
        guard !body.contains("${") else { return .malformed(written: written) }
        if body.hasPrefix("file:"), body.count > 5 {
            return .file(path: String(body.dropFirst(5)), written: written)
        }
        if body.hasPrefix("param:"), body.count > 6 {
            return .parameter(name: String(body.dropFirst(6)), written: written)
        }
        guard body.hasPrefix("env:") else { return .malformed(written: written) }
        let variable = body.dropFirst(4)
        let name = variable.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        let after = variable[name.endIndex...]
        guard let first = name.first, !first.isNumber, after.isEmpty || after.hasPrefix(":-")
        else { return .malformed(written: written) }
        let fallback = after.isEmpty ? nil : String(after.dropFirst(2))
        return .variable(name: String(name), fallback: fallback, written: written)
    }
}
