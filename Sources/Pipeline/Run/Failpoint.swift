internal import Glibc
internal import Synchronization

/// Named places at which a test kills the process (invariant 5: kill it anywhere).
///
/// `ANNALS_FAILPOINT=group.appended:2` ends the process without a word as it comes to that place
/// for the second time; `ANNALS_GROUP_DOCUMENTS=100` makes small groups, so that a small corpus
/// comes to these places often. Builds for release have none of this.
enum Failpoint: String {
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
    static func setting(_ name: String) -> Int? { variable(name).flatMap { Int($0) } }

    private static let reached = Atomic(0)

    func reach() {
        guard let target = Self.target, target.name == rawValue else { return }
        if Self.reached.add(1, ordering: .relaxed).newValue == target.count {
            kill(getpid(), SIGKILL)
        }
    }
    #else
    static func setting(_ name: String) -> Int? { nil }

    @inline(__always) func reach() {}
    #endif
}
