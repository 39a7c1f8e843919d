internal import Bytes
internal import EventLog
internal import GRDB

/// Whether the rows of a file are what the log says.
enum Standing {
    /// They are, up to this checkpoint.
    case trusted(Checkpoint)
    /// They may not be: why.
    case untrusted(String)
}

extension ProjectionDatabase {
    /// Whether the file is one of a projection, of this log, and as this program would make it.
    func standing(
        of projection: any Projection,
        _ reader: EventLogReader,
        _ schemas: KnownSchemas
    ) throws -> Standing {
        guard try isOurs(), let checkpoint = try read({ try Checkpoint($0) }) else {
            return .untrusted("a foreign file")
        }
        if let mismatch = try checkpoint.mismatch(with: projection, in: reader) {
            return .untrusted(mismatch)
        }
        if let event = try leftOut().first(where: { $0.mayBeRead(schemas) }) {
            return .untrusted("event \(event.position) was left out and can be read now")
        }
        return .trusted(checkpoint)
    }

    /// The events that were left out, in order of position.
    func leftOut() throws(ProjectionError) -> [SetAsideEvent] {
        try read { database in
            var events: [SetAsideEvent] = []
            try SetAsideTable.each(database) { event, _ in events.append(event) }
            return events
        }
    }

    /// The streams of parked events, and how many events are left out altogether.
    func heldStreams() throws(ProjectionError) -> (streams: Set<[UInt8]>, count: Int) {
        try read { database in
            var streams: Set<[UInt8]> = []
            var count = 0
            try SetAsideTable.each(database) { event, stream in
                if event.isParked { streams.insert(stream) }
                count += 1
            }
            return (streams, count)
        }
    }

    /// The digest of the rows, by so many jobs at a time where it is made of parts.
    func digest(
        of projection: any Projection,
        jobs: Int = 1
    ) throws(ProjectionError) -> SHA256Digest {
        try read { database in
            let subject = "annals.projection \(projection.version)"
            var digest = DigestBuilder(subject, jobs: jobs)
            try projection.digest(database, into: &digest)
            try SetAsideTable.digest(database, into: &digest)
            return digest.finish()
        }
    }
}
