internal import Glibc
internal import Synchronization

/// Named places at which a test kills the process (invariant 5: kill it anywhere).
///
/// `ANNALS_FAILPOINT=group.appended:2` ends the process without a word as it comes to that place
/// for the second time; `ANNALS_GROUP_DOCUMENTS=100` and `ANNALS_SEGMENT_BYTES=20000` make small
/// groups and segments, so that a small corpus comes to these places often. Builds for release
/// have none of this.
package enum Failpoint: String, CaseIterable {
    /// A batch is written, not yet synced.
    case logWritten = "log.written"
    /// A batch is durable, not yet promised.
    case logSynchronized = "log.synchronized"
    /// HEAD promises a batch, not yet acknowledged.
    case logPromised = "log.promised"
    /// A full segment has its footer, the next one is not yet made.
    case logSealed = "log.sealed"
    /// The next segment, with its first batch, is durable under a temporary name.
    case logPrepared = "log.prepared"
    /// The next segment has its name, HEAD does not name it yet.
    case logNamed = "log.named"
    /// A new projection's file is there, its tables are not.
    case projectionOpened = "projection.opened"
    /// A projection's rows and checkpoint are committed.
    case projectionCommitted = "projection.committed"
    /// A projection is rebuilt beside the live one.
    case projectionBuilt = "projection.built"
    /// A rebuilt projection has the place of the live one.
    case projectionSwapped = "projection.swapped"
    /// What begins a run is in the log.
    case runBegun = "run.begun"
    /// The exports are what the log says.
    case exportsOpened = "exports.opened"
    /// A group's events are durable, its records not yet in the exports.
    case groupAppended = "group.appended"
    /// A group's records are in the exports.
    case groupWritten = "group.written"
    /// All records are durable.
    case exportsSynchronized = "exports.synchronized"
    /// An export lies written anew beside the old one.
    case rewritePrepared = "rewrite.prepared"
    /// The log says that exports were written anew, the files are the old ones.
    case rewriteAppended = "rewrite.appended"
    /// An export is the new one.
    case rewriteReplaced = "rewrite.replaced"
    /// A damaged log is repaired; it does not say so yet.
    case repairPerformed = "repair.performed"
    /// A segment without what is to be erased lies beside the old one.
    case erasePrepared = "erase.prepared"
    /// A segment without what is to be erased has the place of the old one.
    case eraseReplaced = "erase.replaced"
    /// The log says that a document is withdrawn, nothing is erased yet.
    case retractAppended = "retract.appended"
    /// A withdrawn document is erased from the log, not yet from what was made of it.
    case retractErased = "retract.erased"
    /// Exports hold a withdrawn document no longer, projections may.
    case retractExported = "retract.exported"
    /// What ends a run is in the log.
    case runFinished = "run.finished"

    #if DEBUG
    private static let target: (name: String, count: Int)? = {
        let parts = variable("ANNALS_FAILPOINT")?.split(separator: ":") ?? []
        guard parts.count == 2, let count = Int(parts[1]) else { return nil }
        return (String(parts[0]), count)
    }()

    private static func variable(_ name: String) -> String? {
        guard let text = unsafe getenv(name) else { return nil }
        return unsafe String(cString: text)
    }

    /// A number that a test has set.
    package static func setting(_ name: String) -> Int? { variable(name).flatMap { Int($0) } }

    private static let reached = Atomic(0)

    /// Kills the process if a test asks for it here.
    package func reach() {
        guard let target = Self.target, target.name == rawValue else { return }
        if Self.reached.add(1, ordering: .relaxed).newValue == target.count {
            kill(getpid(), SIGKILL)
        }
    }
    #else
    package static func setting(_ name: String) -> Int? { nil }

    @inlinable package func reach() {}
    #endif
}
