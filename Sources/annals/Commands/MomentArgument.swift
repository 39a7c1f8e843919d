internal import ArgumentParser
internal import EventLog
internal import Projections

/// A moment of the log on the command line: a position, a time, or a run.
struct MomentArgument: ExpressibleByArgument {
    /// What may stand there, for help and for messages.
    static let valueName = "position|time|run"
    static let help = """
        A position is a number; of a time (2026-03-01, 2026-03-01T10:30, 2026-03-01 10:30:00+02:00) \
        the zone is UTC and the hour midnight if none is given; 90m, 12h, 3d and 2w are so long ago. \
        A run is named by its id or by how that begins, or is 'latest' or 'previous'; it means the \
        moment after its last event.
        """

    private let text: String

    init?(argument: String) {
        text = argument
    }

    /// The moment; a time that is told from now on is counted from `now`.
    func limit(now: UInt64 = WallClock.microseconds) throws -> ReplayLimit {
        if let position = UInt64(text) { return .position(EventPosition(position)) }
        if let time = Timestamp.microseconds(iso8601: text) { return .time(time) }
        if let ago = Timestamp.microseconds(ago: text) {
            return .time(now > ago ? now - ago : 0)
        }
        // No run's name begins like a number: this was to be one, or a time.
        guard let first = text.utf8.first, !(0x2B...0x39).contains(first) else {
            throw Failure(
                .usage,
                "'\(text)' is no moment of the log: expected a position such as 120, a time such as"
                    + " 2026-03-01 or 2026-03-01T10:30:00Z, so long ago such as 3d, or a run's id"
            )
        }
        return .run(text)
    }
}
