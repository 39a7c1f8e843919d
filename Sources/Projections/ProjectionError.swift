package import EventLog

/// What went wrong with a projection, where, and what can be done.
package struct ProjectionError: Error, Hashable, Sendable {
    /// Stable names of the failures; scripts and exit codes depend on them.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// A declaration that names no projection that there is.
        case invalidDeclaration = "projection.declaration"
        /// An event of a newer schema than this program knows: it stops, it does not skip.
        case newerEvent = "projection.newer-event"
        /// An event whose facts cannot be read.
        case undecodableEvent = "projection.undecodable-event"
        /// More events cannot be read than may be left out.
        case tooManyLeftOut = "projection.too-many-left-out"
        /// The projection's file is not there, or not of this log.
        case notBuilt = "projection.not-built"
        /// The projection's file is damaged or is no database of ours.
        case damaged = "projection.damaged"
        /// Another process holds the projection for longer than was waited (exit 75).
        case busy = "projection.busy"
        /// A position or time past the end of the log.
        case noSuchPosition = "projection.no-such-position"
        /// A run that the log has not.
        case noSuchRun = "projection.no-such-run"
        /// The beginning of the names of several runs.
        case ambiguousRun = "projection.ambiguous-run"
        /// An answer of more groups than anybody can use.
        case tooManyGroups = "projection.too-many-groups"
        /// A system call or SQLite failed for another reason.
        case inputOutput = "projection.io"
    }

    /// Which failure.
    package let code: Code
    /// The projection's file, or its name.
    package var path: String
    /// The event at fault.
    package var position: EventPosition?
    /// The event's stream: for most events a document's identity.
    package var document: String?
    /// What was needed.
    package var expected: String
    /// What was there instead.
    package var found: String
    /// What the user can do about it, or empty.
    package var hint: String

    package init(
        _ code: Code,
        path: String = "",
        position: EventPosition? = nil,
        expected: String = "",
        found: String = "",
        hint: String = ""
    ) {
        self.code = code
        self.path = path
        self.position = position
        self.expected = expected
        self.found = found
        self.hint = hint
    }
}

extension ProjectionError: CustomStringConvertible {
    package var description: String {
        var text = path
        if let position { text += (text.isEmpty ? "" : " ") + "at event \(position)" }
        if let document { text += " of \(document)" }
        text += ":"
        if !expected.isEmpty { text += " expected \(expected)" }
        if !expected.isEmpty, !found.isEmpty { text += "," }
        if !found.isEmpty { text += " found \(found)" }
        text += " [\(code.rawValue)]"
        if !hint.isEmpty { text += "\nhint: \(hint)" }
        return text
    }
}
