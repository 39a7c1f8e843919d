package import EventLog
internal import Events

/// Finds runs in the log by their names, or by how these begin.
struct RunLookup {
    /// A run, and where in the log it is.
    private struct Run {
        let name: String
        let start: EventPosition
        /// The position after its last event; nil if it is not known to have ended.
        var end: EventPosition?
    }

    private let reader: EventLogReader
    private let runs: [Run]

    /// The word for the last run, and for the one before it.
    static let latest = "latest"
    static let previous = "previous"

    /// What marks a batch as a run's, or as one of a command that changed the store by itself.
    private static let marks: Set<String> = [
        EventType.runStarted.rawValue, EventType.runFinished.rawValue,
        EventType.documentRetracted.rawValue,
    ]

    /// Looks which runs there are: at the batches in which runs begin and end only.
    init(_ reader: EventLogReader) throws {
        self.reader = reader
        var runs: [Run] = []
        let finished = EventType.runFinished.rawValue
        try reader.scan(types: Self.marks) { (batch) throws in
            guard !batch.run.isEmpty else { return .continue }
            let start = batch.firstPosition
            // Runs follow one another; one that was interrupted goes on under its name.
            let known = runs.lastIndex { $0.name == batch.run }
            let index = known ?? runs.count
            if known == nil { runs.append(Run(name: batch.run, start: start)) }
            for event in batch.indices where batch.type(event) == finished {
                runs[index].end = start.advanced(by: event + 1)
            }
            return .continue
        }
        self.runs = runs
    }

    /// The position after a run's last event; of one that did not end, after the last so far.
    func end(of name: String) throws -> EventPosition {
        let run = try find(name)
        if let end = run.end { return end }
        let next = runs.first { $0.start > run.start }?.start ?? reader.end
        var last = run.start
        try reader.scan(from: run.start, until: next) { (batch) throws in
            if batch.run == run.name {
                last = batch.firstPosition.advanced(by: batch.indices.upperBound)
            }
            return .continue
        }
        return last
    }

    private func find(_ name: String) throws(ProjectionError) -> Run {
        if name == Self.latest, let last = runs.last { return last }
        if name == Self.previous, runs.count > 1 { return runs[runs.count - 2] }
        // As the log names the run's stream.
        let name = name.hasPrefix("run:") ? String(name.dropFirst(4)) : name
        if let exact = runs.first(where: { $0.name == name }) { return exact }
        let matches = name.isEmpty ? [] : runs.filter { $0.name.hasPrefix(name) }
        guard let only = matches.first else { throw unknown(name) }
        guard matches.count == 1 else { throw ambiguous(name, matches) }
        return only
    }

    private func unknown(_ name: String) -> ProjectionError {
        let names = Self.list(runs.suffix(Self.listed).map(\.name))
        return ProjectionError(
            .noSuchRun,
            expected: "a run of this store, a position or a time",
            found: "'\(name)'",
            hint: runs.isEmpty
                ? "the log holds no run yet"
                : "annals show runs lists the runs; the last are \(names)"
        )
    }

    private func ambiguous(_ name: String, _ matches: [Run]) -> ProjectionError {
        ProjectionError(
            .ambiguousRun,
            expected: "the beginning of one run's name",
            found: "'\(name)', with which \(matches.count) begin",
            hint: "write more of it: \(Self.list(matches.suffix(Self.listed).map(\.name)))"
        )
    }

    private static let listed = 5

    private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}

extension EventLogReader {
    /// The position at which a limit ends.
    ///
    /// - Throws: ``ProjectionError`` if the log has no such position or run.
    package func position(of limit: ReplayLimit) throws -> EventPosition {
        switch limit {
        case .time(let time): return try position(after: time)
        case .run(let name): return try RunLookup(self).end(of: name)
        case .position(let position):
            guard position <= end else {
                throw ProjectionError(
                    .noSuchPosition,
                    position: position,
                    expected: "a position up to \(end)",
                    found: "\(position)"
                )
            }
            return position
        }
    }
}
