internal import EventLog

extension ProjectionEngine {
    /// The pass of ``scan(_:to:_:)`` with several stretches folded at the same time.
    ///
    /// Tasks fold stretches on the assumption that no event is at fault and none is held; this task
    /// merges what they fold, in order of position, and folds again by itself where they assumed
    /// too much. So the tables go through the same states as in a pass by one task.
    func scan(
        _ sessions: [FoldSession],
        to end: EventPosition,
        jobs: Int,
        _ progress: (ProjectionProgress) throws -> Void
    ) async throws {
        guard jobs > 1 else { return try scan(sessions, to: end, progress) }
        let work = StretchWork(
            reader: reader,
            schemas: schemas,
            types: sessions.types,
            projections: sessions.map { ($0.declaration, $0.checkpoint.position) },
            byteLimit: limits.bytes / (jobs + 1)
        )
        var plan = StretchPlan(reader, to: end, limits)
        try await withThrowingTaskGroup(of: (number: Int, folded: FoldedStretch).self) { group in
            var folded: [Int: FoldedStretch] = [:]
            var begun = 0
            var merged = 0
            while true {
                // One more than run at a time, so that none waits for the merging.
                while begun - merged <= jobs,
                    let stretch = try plan.next(for: sessions, fitting: jobs + 1)
                {
                    let number = begun
                    group.addTask { (number, try work.fold(stretch)) }
                    begun += 1
                }
                guard merged < begun else { return }
                while folded[merged] == nil, let next = try await group.next() {
                    folded[next.number] = next.folded
                }
                guard let next = folded.removeValue(forKey: merged) else { return }
                plan.note(bytes: next.byteCount, of: next.stretch)
                try merge(next, sessions)
                merged += 1
                try progress(ProjectionProgress(position: next.stretch.end, end: end))
            }
        }
    }

    private func merge(_ folded: FoldedStretch, _ sessions: [FoldSession]) throws {
        for (session, part) in zip(sessions, folded.parts)
        where session.isBehind(folded.stretch.end) {
            if let part, try session.commit(part, of: folded.stretch) { continue }
            _ = try fold(folded.stretch, [session])
        }
    }
}

/// A stretch, folded for some projections.
private struct FoldedStretch: Sendable {
    let stretch: Stretch
    /// What it says to each projection; nil where an event is at fault, or memory ran short.
    let parts: [(any FoldedPart)?]
    let byteCount: Int
}

/// What a task needs to fold any stretch.
private struct StretchWork: Sendable {
    let reader: EventLogReader
    let schemas: KnownSchemas
    let types: Set<String>?
    /// The projections, and the positions from which on each wants events.
    let projections: [(declaration: ProjectionDeclaration, start: EventPosition)]
    let byteLimit: Int

    func fold(_ stretch: Stretch) throws -> FoldedStretch {
        var folds = projections.map { projection -> AnyFold? in
            projection.declaration.projection.makeFold(schemas)
        }
        var cursor = reader.cursor(
            from: stretch.start,
            until: stretch.end,
            types: types,
            content: false
        )
        while try cursor.next() {
            var byteCount = 0
            for index in folds.indices {
                guard let fold = folds[index] else { continue }
                let range = cursor.batch.indices(from: projections[index].start)
                do throws(EventFault) {
                    if !range.isEmpty { try fold.apply(cursor.batch, range, .none) }
                    byteCount += fold.byteCount()
                } catch {
                    folds[index] = nil
                }
            }
            guard byteCount < byteLimit else {
                folds = folds.map { _ in nil }
                break
            }
        }
        let byteCount = folds.reduce(0) { $0 + ($1?.byteCount() ?? 0) }
        return FoldedStretch(
            stretch: stretch,
            parts: folds.map { $0?.finish() },
            byteCount: byteCount
        )
    }
}
