internal import ArgumentParser
internal import EventLog
internal import Projections

/// A moment of the log on the command line: a position, or a time such as 2026-11-22T20:00:00Z.
struct MomentArgument: ExpressibleByArgument {
    let limit: ReplayLimit

    init?(argument: String) {
        if let position = UInt64(argument) {
            limit = .position(EventPosition(position))
        } else if let time = Timestamp.microseconds(iso8601: argument) {
            limit = .time(time)
        } else {
            return nil
        }
    }
}
