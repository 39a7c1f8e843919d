/// Diagnostics collected on the way, so that all of them are reported at once.
///
/// Keeps the first `limit`, counts the rest: a broken dictionary must not fill memory.
package struct DiagnosticBag: Sendable {
    /// How many diagnostics are kept.
    package static let limit = 1_000

    /// What was kept, in the order in which it was added.
    package private(set) var diagnostics: [Diagnostic] = []
    /// How many were not kept.
    package private(set) var omittedCount = 0
    /// Whether any error was added, kept or not.
    package private(set) var hasErrors = false

    /// An empty bag.
    package init() {}

    /// Whether nothing was added.
    package var isEmpty: Bool { diagnostics.isEmpty }
    /// Whether more would only be counted: nothing more need be found out.
    package var isFull: Bool { diagnostics.count >= Self.limit }
    /// The errors that were kept.
    package var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }
    /// The warnings that were kept.
    package var warnings: [Diagnostic] { diagnostics.filter { $0.severity == .warning } }

    /// Adds one diagnostic.
    package mutating func add(_ diagnostic: Diagnostic) {
        hasErrors = hasErrors || diagnostic.severity == .error
        if diagnostics.count < Self.limit {
            diagnostics.append(diagnostic)
        } else {
            omittedCount += 1
        }
    }

    /// Adds everything that another bag collected.
    package mutating func add(contentsOf other: DiagnosticBag) {
        for diagnostic in other.diagnostics { add(diagnostic) }
        omittedCount += other.omittedCount
        hasErrors = hasErrors || other.hasErrors
    }

    /// Adds everything that the parser refused.
    package mutating func add(_ errors: YAMLErrors) {
        for diagnostic in errors.diagnostics { add(diagnostic) }
    }

    /// Reports an error at a node.
    package mutating func error(
        _ code: String,
        _ message: String,
        at node: Node,
        expected: String? = nil,
        found: String? = nil,
        hint: String? = nil,
        notes: [Diagnostic.Note] = [],
    ) {
        add(
            Diagnostic(
                .error,
                code: code,
                message,
                at: node.range,
                expected: expected,
                found: found,
                hint: hint,
                notes: notes,
            )
        )
    }

    /// Reports a warning at a node.
    package mutating func warning(
        _ code: String,
        _ message: String,
        at node: Node,
        hint: String? = nil,
        notes: [Diagnostic.Note] = [],
    ) {
        add(
            Diagnostic(.warning, code: code, message, at: node.range, hint: hint, notes: notes)
        )
    }

    /// What was kept, by file and place; those of a whole file first.
    package func sorted() -> [Diagnostic] {
        let order = diagnostics.enumerated().sorted { left, right in
            let leftKey = (left.element.file ?? "", left.element.range?.start.offset ?? -1)
            let rightKey = (right.element.file ?? "", right.element.range?.start.offset ?? -1)
            return leftKey == rightKey ? left.offset < right.offset : leftKey < rightKey
        }
        return order.map(\.element)
    }

    /// Throws what was collected if there is an error among it.
    package func throwIfErrors() throws(YAMLErrors) {
        if hasErrors { throw YAMLErrors(sorted()) }
    }
}
