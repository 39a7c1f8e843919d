internal import Bytes
internal import EventLog

extension ProjectionEngine {
    /// One pass over the log that feeds every session that is behind.
    func scan(
        _ sessions: [FoldSession],
        to end: EventPosition,
        _ progress: (ProjectionProgress) throws -> Void
    ) throws {
        var plan = StretchPlan(reader, to: end, limits)
        while let stretch = try plan.next(for: sessions, fitting: 1) {
            plan.note(bytes: try fold(stretch, sessions), of: stretch)
            try progress(ProjectionProgress(position: stretch.end, end: end))
        }
    }

    /// Folds a stretch for those sessions that have not seen it, and commits it.
    ///
    /// - Returns: about how many bytes were folded.
    func fold(_ stretch: Stretch, _ sessions: [FoldSession]) throws -> Int {
        var bytes = 0
        var position = stretch.start
        while position < stretch.end {
            let behind = sessions.filter { $0.isBehind(stretch.end) }
            if behind.isEmpty { break }
            var reached = stretch.end
            var chain = stretch.chain
            var cursor = reader.cursor(
                from: position,
                until: stretch.end,
                types: behind.types,
                content: false
            )
            while try cursor.next() {
                for session in behind { session.apply(cursor.batch) }
                guard behind.reduce(0, { $0 + $1.pendingByteCount }) >= limits.bytes else {
                    continue
                }
                let last = cursor.batch.indices.upperBound
                reached = cursor.batch.firstPosition.advanced(by: last)
                if reached < stretch.end { chain = cursor.batch.chain.description }
                break
            }
            bytes += behind.reduce(0) { $0 + $1.pendingByteCount }
            for session in behind { try session.commit(at: reached, chain: chain) }
            position = reached
        }
        return bytes
    }
}

extension FoldSession {
    /// Whether it has to go on to reach a position, and can.
    func isBehind(_ position: EventPosition) -> Bool {
        stop == nil && checkpoint.position < position
    }
}

extension [FoldSession] {
    /// The types that any of them reads; nil for all.
    var types: Set<String>? {
        var types: Set<String> = []
        for session in self {
            guard let consumes = session.consumes else { return nil }
            types.formUnion(consumes)
        }
        return types
    }
}
