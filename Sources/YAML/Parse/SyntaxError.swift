/// libyaml's errors in the words of someone who has to repair the file.
struct SyntaxError {
    private let failure: ParserFailure
    private let place: SourceRange
    private let context: SourceRange

    init(_ failure: ParserFailure, at place: SourceRange, context: SourceRange) {
        self.failure = failure
        self.place = place
        self.context = context
    }

    /// What to say instead of libyaml's words, and what to do.
    private struct Wording {
        var message: String
        var expected: String
        var hint: String
        /// Whether the mistake is where the thing began, as with a quote that never closes.
        var isAtContext: Bool

        init(_ message: String, _ expected: String, _ hint: String, isAtContext: Bool = false) {
            self.message = message
            self.expected = expected
            self.hint = hint
            self.isAtContext = isAtContext
        }
    }

    var diagnostic: Diagnostic {
        let wording = wording
        let atContext = wording.isAtContext && failure.context != nil
        let range = atContext ? context : place
        var notes: [Diagnostic.Note] = []
        if let context = failure.context, failure.contextIndex != failure.index {
            notes = [
                atContext
                    ? Diagnostic.Note("this is where it was noticed", at: place)
                    : Diagnostic.Note(Self.contextNote(context), at: self.context)
            ]
        }
        return Diagnostic(
            code: failure.isOutOfMemory ? YAMLCode.tooLarge : YAMLCode.syntax,
            wording.message,
            at: range,
            expected: wording.expected,
            found: found,
            hint: wording.hint,
            notes: notes,
        )
    }

    /// libyaml's "while parsing a flow sequence" in the words of this module.
    private static func contextNote(_ context: String) -> String {
        let nouns = [
            ("flow sequence", "list"), ("block sequence", "list"), ("block collection", "list"),
            ("flow mapping", "mapping"), ("block mapping", "mapping"), ("simple key", "key"),
            ("quoted scalar", "quoted text"), ("scalar", "text"), ("anchor", "anchor"),
            ("alias", "alias"), ("tag", "tag"), ("directive", "directive"),
        ]
        let noun = nouns.first { context.contains($0.0) }?.1 ?? "part"
        return "in the \(noun) that begins here"
    }

    /// The character at the place, in words.
    private var found: String {
        let bytes = place.source.bytes
        guard place.start.offset < bytes.count else { return "the end of the file" }
        guard let scalar = UTF8Scalar(bytes.span, at: place.start.offset).value else {
            return "a byte that is not UTF-8"
        }
        switch scalar {
        case "\t": return "a tab"
        case "\n", "\r": return "the end of the line"
        default: return DisplayText.quoted(String(scalar))
        }
    }

    private var wording: Wording {
        if failure.isOutOfMemory {
            return Wording("there is not enough memory for this file", "a smaller file", "split it")
        }
        if failure.problem.contains("tab character") || isTab {
            let hint = "replace the tab by spaces"
            return Wording("a tab cannot be used for indentation", "spaces", hint)
        }
        if isSubstitutionInFlow {
            return Wording(
                "${…} must be quoted within brackets and braces",
                "a quoted value",
                "write \"${…}\" in double quotes"
            )
        }
        return structureWording ?? scalarWording
            ?? Wording(
                failure.problem,
                "valid YAML",
                "check indentation, quotes and brackets around here"
            )
    }

    /// Mistakes in the arrangement of keys, items and brackets.
    private var structureWording: Wording? {
        switch failure.problem {
        case "mapping values are not allowed in this context":
            Wording(
                "a key cannot end here",
                "a value, or a key on a line of its own",
                "quote a value that contains \": \", and indent keys of one mapping alike"
            )
        case "could not find expected ':'":
            Wording(
                "a \":\" is missing after this key",
                "\":\"",
                "write \"key: value\"; a text of several lines needs \"|\" or quotes",
                isAtContext: true
            )
        case "did not find expected key":
            Wording(
                "a key was expected here, not \(found)",
                "a key",
                "indent all keys of one mapping by the same number of spaces"
            )
        case "did not find expected '-' indicator":
            Wording(
                "a list item was expected here, not \(found)",
                "\"- \"",
                "begin each item with \"- \" in the same column"
            )
        case "did not find expected ',' or ']'":
            Wording(
                "\",\" or \"]\" was expected here, not \(found)",
                "\",\" or \"]\"",
                "close the list with \"]\""
            )
        case "did not find expected ',' or '}'":
            Wording(
                "\",\" or \"}\" was expected here, not \(found)",
                "\",\" or \"}\"",
                "close the mapping with \"}\""
            )
        case "block sequence entries are not allowed in this context":
            Wording(
                "a list cannot begin here",
                "a value",
                "begin the list on the next line, or quote the value"
            )
        case "did not find expected <document start>":
            Wording(
                "the document was already complete",
                "the end of the file",
                "indent it as part of what is above, or remove it"
            )
        default: nil
        }
    }

    /// Mistakes within a value.
    private var scalarWording: Wording? {
        switch failure.problem {
        case "found unexpected end of stream":
            Wording(
                "the quote that begins here is never closed",
                "a closing quote",
                "close the quote",
                isAtContext: true
            )
        case "found character that cannot start any token":
            Wording("a value cannot begin with \(found)", "a value", "quote the value")
        case "did not find expected node content":
            Wording(
                "a value was expected here, not \(found)",
                "a value",
                "give the value, or close what is open"
            )
        case "did not find expected alphabetic or numeric character":
            Wording(
                "the name of an anchor or alias was expected here, not \(found)",
                "letters or digits",
                "quote a value that begins with \"*\" or \"&\""
            )
        case "found unknown escape character":
            Wording(
                "there is no such escape",
                "an escape such as \\n or \\\"",
                "use single quotes, in which a backslash is only a backslash"
            )
        case "found undefined tag handle":
            Wording("the tag is not supported", "no tag", "remove the tag, or quote the value")
        case "found duplicate %YAML directive", "found incompatible YAML document":
            Wording(
                "this directive is not supported",
                "no directive",
                "remove the line that begins with %YAML"
            )
        default: nil
        }
    }

    /// Within brackets a plain value ends before "{", so that `[${env:DIR}]` is no YAML.
    private var isSubstitutionInFlow: Bool {
        let offset = place.start.offset
        let bytes = place.source.bytes
        return failure.problem.hasPrefix("did not find expected ','") && offset > 0
            && offset < bytes.count && bytes[offset] == UInt8(ascii: "{")
            && bytes[offset - 1] == UInt8(ascii: "$")
    }

    private var isTab: Bool {
        let offset = place.start.offset
        let bytes = place.source.bytes
        return offset < bytes.count && bytes[offset] == 0x09
            && failure.problem == "found character that cannot start any token"
    }
}
