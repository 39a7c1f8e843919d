internal import Bytes
internal import EventLog

/// What is folded between two commits.
struct Stretch: Sendable {
    /// The first position.
    let start: EventPosition
    /// The position after the last.
    let end: EventPosition
    /// The chain hash that a checkpoint at the end remembers.
    let chain: String
}

/// Cuts the log into stretches.
///
/// They end with a batch where they can, so that no batch is read twice. They grow with the log, to
/// an eighth of what lies before, so that what is written anew because of new neighbours stays in
/// proportion, however documents are named; and not beyond what may wait in memory.
struct StretchPlan {
    private let reader: EventLogReader
    private let limits: ProjectionEngine.ChunkLimits
    private let end: EventPosition
    private var position: EventPosition
    /// How many bytes an event has taken, at most, in a stretch so far.
    private var bytesPerEvent = 1

    init(
        _ reader: EventLogReader,
        to end: EventPosition,
        _ limits: ProjectionEngine.ChunkLimits
    ) {
        self.reader = reader
        self.limits = limits
        position = .first
        self.end = end
    }

    /// Learns what a stretch took.
    mutating func note(bytes: Int, of stretch: Stretch) {
        let events = max(1, Int(stretch.end.rawValue - stretch.start.rawValue))
        bytesPerEvent = max(bytesPerEvent, bytes / events)
    }

    /// The next stretch that any session wants, such that `count` of its size fit into memory; nil
    /// at the end.
    mutating func next(
        for sessions: [FoldSession],
        fitting count: Int
    ) throws(LogError) -> Stretch? {
        let end = end
        let behind = sessions.filter { $0.isBehind(end) }
        guard let wanted = behind.map(\.checkpoint.position).min() else { return nil }
        position = max(position, wanted)
        guard position < end else { return nil }
        let fitting = limits.bytes / count / bytesPerEvent
        let rest = end.rawValue - position.rawValue
        var events = max(limits.events, Int(position.rawValue / 8))
        // Several at a time: towards the end they get smaller, so that all end at about one time.
        if count > 1 { events = min(events, max(limits.events / 4, Int(rest) / count)) }
        events = max(1, min(fitting, events))
        var cut = UInt64(events) < rest ? position.advanced(by: events) : end
        let last = try reader.batchUnlessLost(holding: cut.advanced(by: -1))
        if let last { cut = min(end, last.firstPosition.advanced(by: last.count)) }
        defer { position = cut }
        return Stretch(start: position, end: cut, chain: last?.chain.description ?? "")
    }
}
