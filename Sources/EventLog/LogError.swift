/// What went wrong in the log, where, and what can be done.
package struct LogError: Error, Hashable, Sendable {
    /// Stable names of the failures; scripts and exit codes depend on them.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// Another process writes to this store (exit 75).
        case locked = "log.locked"
        /// Another process took the store over: nothing more is written here (exit 75).
        case fenced = "log.fenced"
        /// Another process made a file first that only the holder of the lock makes.
        case conflict = "log.conflict"
        /// The directory holds no store.
        case notAStore = "log.not-a-store"
        /// The store was written by a newer program, or uses a feature that this one lacks.
        case newerFormat = "log.newer-format"
        /// The store may be read but not written by this version.
        case readOnlyFeature = "log.read-only-feature"
        /// Committed bytes are damaged, missing or foreign.
        case corrupt = "log.corrupt"
        /// No room: nothing was appended, the store stays readable and this writer stays usable.
        case noSpace = "log.no-space"
        /// A system call failed; if the log was being written, the writer is now poisoned.
        case inputOutput = "log.io"
        /// An earlier failure left the writer in doubt about the disk: open the store anew.
        case poisoned = "log.poisoned"
        /// The writer was closed.
        case closed = "log.closed"
        /// A batch with no event.
        case emptyBatch = "log.empty-batch"
        /// A batch, a name or a record over the format's limits.
        case limitExceeded = "log.limit-exceeded"
        /// A batch made for another position than the log's next.
        case wrongPosition = "log.wrong-position"
        /// A segment file that cannot join a log: unfinished, empty, or part of a log already.
        case unjoinable = "log.unjoinable"
        /// A producer's batch older than its newest in the log.
        case staleSequence = "log.stale-sequence"
        /// A position at or past the durable end.
        case noSuchPosition = "log.no-such-position"
        /// An event that was lost; a repair has put a gap in its place.
        case lost = "log.lost"
        /// Damage that cannot be repaired without guessing: nothing was changed.
        case beyondRepair = "log.beyond-repair"
    }

    /// Which failure.
    package internal(set) var code: Code
    /// The file or directory at fault.
    package internal(set) var path: String
    /// The byte in the file where the fault was met.
    package var offset: UInt64?
    /// The events that cannot be read because of it, where that is known.
    package var positions: ClosedRange<EventPosition>?
    /// What the log needed to see.
    package var expected: String
    /// What was there instead.
    package var found: String
    /// What the user can do about it, or empty.
    package var hint: String
    /// The `errno` of a failed system call.
    package var systemError: Int32?

    package init(
        _ code: Code,
        path: String,
        offset: UInt64? = nil,
        positions: ClosedRange<EventPosition>? = nil,
        expected: String = "",
        found: String = "",
        hint: String = "",
        systemError: Int32? = nil
    ) {
        self.code = code
        self.path = path
        self.offset = offset
        self.positions = positions
        self.expected = expected
        self.found = found
        self.hint = hint
        self.systemError = systemError
    }
}

extension LogError: CustomStringConvertible {
    package var description: String {
        var text = path
        if let offset { text += " at byte \(offset)" }
        text += ":"
        if !expected.isEmpty { text += " expected \(expected)" }
        if !expected.isEmpty, !found.isEmpty { text += "," }
        if !found.isEmpty { text += " found \(found)" }
        if let positions {
            text += "; events \(positions.lowerBound) to \(positions.upperBound) cannot be read"
        }
        text += " [\(code.rawValue)]"
        if !hint.isEmpty { text += "\nhint: \(hint)" }
        return text
    }
}
