/// One thing wrong (or doubtful) in a file: code, place, expected, found and what to do next.
///
/// The texts may hold raw input; `rendered` and whoever writes JSON escape them (invariant 8).
package struct Diagnostic: Error, Sendable {
    /// Whether the file can be used all the same.
    package enum Severity: String, Sendable {
        /// The file is refused.
        case error
        /// The file is used, and its author should know.
        case warning
    }

    /// A second place that explains the first.
    package struct Note: Sendable {
        /// What is to be seen there.
        package let message: String
        /// Where it is.
        package let range: SourceRange

        /// A note at a place.
        package init(_ message: String, at range: SourceRange) {
            self.message = message
            self.range = range
        }
    }

    /// Error or warning.
    package let severity: Severity
    /// The stable code, such as `yaml.duplicate-key`.
    package let code: String
    /// One sentence without a full stop.
    package let message: String
    /// The place, unless it concerns a file as a whole.
    package let range: SourceRange?
    /// The file, also where there is no range.
    package let file: String?
    /// What would have been right, such as `a number from 0 to 1`.
    package let expected: String?
    /// What was there, such as `the string "high"`.
    package let found: String?
    /// What to do next.
    package let hint: String?
    /// Further places.
    package let notes: [Note]

    /// A diagnostic; `file` is taken from the range where there is one.
    package init(
        _ severity: Severity = .error,
        code: String,
        _ message: String,
        at range: SourceRange? = nil,
        file: String? = nil,
        expected: String? = nil,
        found: String? = nil,
        hint: String? = nil,
        notes: [Note] = [],
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.range = range
        self.file = range?.source.name ?? file
        self.expected = expected
        self.found = found
        self.hint = hint
        self.notes = notes
    }

    /// The same, with one more note.
    package func with(_ note: Note) -> Diagnostic {
        Diagnostic(
            severity,
            code: code,
            message,
            at: range,
            file: file,
            expected: expected,
            found: found,
            hint: hint,
            notes: notes + [note],
        )
    }

    /// The diagnostic as text for a terminal, without a final line break.
    ///
    /// ```
    /// leaders.yaml:7:26: error: "threshold" must be … [pipeline.type]
    ///   7 |       near: {threshold: high}
    ///     |                         ^~~~
    ///   hint: …
    /// ```
    package func rendered(color: Bool = false) -> String {
        DiagnosticRenderer(color: color).render(self)
    }
}

/// Everything that is wrong with one source, in the order of the file; never empty.
package struct YAMLErrors: Error, Sendable {
    /// The diagnostics, at least one of them an error.
    package let diagnostics: [Diagnostic]

    /// Errors from a list that holds at least one.
    package init(_ diagnostics: [Diagnostic]) {
        precondition(!diagnostics.isEmpty, "YAMLErrors without a diagnostic")
        self.diagnostics = diagnostics
    }

    /// All diagnostics as text for a terminal, one after the other.
    package func rendered(color: Bool = false) -> String {
        diagnostics.map { $0.rendered(color: color) }.joined(separator: "\n")
    }
}
