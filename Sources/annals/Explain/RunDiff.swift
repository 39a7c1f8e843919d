internal import EventLog
internal import Events
internal import Pipeline
internal import Projections
internal import YAML

/// The documents whose fate changed between the ends of two runs, grouped by cause.
struct RunDiff {
    /// Documents that changed for one reason.
    struct Group {
        let cause: ChangeCause
        let changes: [FateChange]
    }

    let before: LogHistory.Run
    let after: LogHistory.Run
    /// The positions up to which the log had come.
    let positions: (before: EventPosition, after: EventPosition)
    /// What changed of the pipeline, in words, a line each stage.
    let stages: [String]
    /// The groups: the largest first.
    let groups: [Group]
    /// Documents that were stated again and came out as they were.
    let same: Int

    /// Compares the ends of two runs, by their places among the runs.
    init(_ first: Int, _ second: Int, _ history: LogHistory, _ engine: ProjectionEngine) throws {
        before = history.runs[first]
        after = history.runs[second]
        positions = (history.end(of: first), history.end(of: second))
        let found = try engine.fateChanges(from: positions.before, to: positions.after)
        let causes = ChangeCauses(
            Self.definition(before: positions.before, history),
            Self.definition(before: positions.after, history),
            changes: found.changes
        )
        stages = causes.stageChanges.map(causes.words)
        same = found.same
        var order: [ChangeCause] = []
        var groups: [ChangeCause: [FateChange]] = [:]
        for change in found.changes {
            let cause = causes.cause(change.before, change.after)
            if groups[cause] == nil { order.append(cause) }
            groups[cause, default: []].append(change)
        }
        self.groups =
            order.map { Group(cause: $0, changes: groups[$0] ?? []) }
            .enumerated()
            .sorted { left, right in
                (right.element.changes.count, left.offset)
                    < (left.element.changes.count, right.offset)
            }
            .map(\.element)
    }

    private static func definition(
        before position: EventPosition,
        _ history: LogHistory
    ) -> PipelineDefined? {
        history.definitions.last { $0.position < position }?.pipeline
    }

    /// The place of a run that a user names: by its id, the beginning of it, `last`, `previous`.
    static func run(_ name: String, in history: LogHistory) throws -> Int {
        let runs = history.runs
        switch name {
        case "last" where !runs.isEmpty: return runs.count - 1
        case "previous" where runs.count > 1: return runs.count - 2
        case "last", "previous":
            throw Failure(.noInput, "there is no \(name) run: the store has \(runs.count)")
        default: break
        }
        if let exact = runs.firstIndex(where: { $0.id == name }) { return exact }
        let found = runs.indices.filter { runs[$0].id.hasPrefix(name) }
        switch found.count {
        case 1: return found[0]
        case 0:
            let hint = Suggestion.hint(for: name, among: runs.map(\.id))
            throw Failure(
                .noInput,
                "there is no run '\(name)' in this store; "
                    + (hint ?? "annals show runs lists them; 'last' and 'previous' are names too")
            )
        default:
            let list = found.map { "  \(runs[$0].id)  \(Timestamp.iso8601(runs[$0].started))" }
            throw Failure(
                .usage,
                "'\(name)' may be several runs; name one by more of its id:\n"
                    + list.joined(separator: "\n")
            )
        }
    }
}
