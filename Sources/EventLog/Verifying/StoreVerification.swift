internal import Bytes

/// One whole check of a store: its segments in turn, each against what the one before it left.
struct StoreVerification {
    let search: DurableEndSearch
    private(set) var report = VerifyReport()
    private var head: HeadSlot?
    /// The first page that the next segment must have; nil after damage that hides it.
    private var expected: ExpectedStart?

    init(search: DurableEndSearch) {
        self.search = search
    }

    mutating func run(
        jobs: Int,
        progress: (@Sendable (VerifyProgress) -> Void)?
    ) throws(LogError) {
        try checkHead()
        // The list is read after HEAD, so that what HEAD promises is in it.
        let bases = try search.bases()
        let tracker = VerifyProgressTracker(total: try byteCount(bases), progress)
        let tasks = bases.indices.map { task(bases, $0) }
        let outcomes = ParallelVerification(tasks, progress: tracker).run(jobs: jobs)
        tracker.finish()

        expected = ExpectedStart(firstOf: search.storeID)
        var nextBase: UInt64 = 0
        for (task, outcome) in zip(tasks, outcomes) {
            if task.base > nextBase { noteMissing(nextBase..<task.base) }
            try take(outcome, of: task)
            nextBase = task.isLast ? task.base : task.end
        }
        if let head, !head.isOfEmptyLog, head.base > nextBase || bases.isEmpty {
            noteMissing(min(nextBase, head.base)..<max(head.base, head.position))
        }
    }

    private func byteCount(_ bases: [UInt64]) throws(LogError) -> UInt64 {
        var sum: UInt64 = 0
        for base in bases {
            let path = StorePath.segment(search.directory, base: base)
            let file = try OpenFile.open(path, writable: false, storage: search.storage)
            sum += try file.size()
        }
        return sum
    }

    private func task(_ bases: [UInt64], _ index: Int) -> SegmentTask {
        let base = bases[index]
        let following = index + 1 < bases.count ? bases[index + 1] : nil
        return SegmentTask(
            search: search,
            base: base,
            end: following ?? max(base, head?.position ?? base),
            isLast: following == nil,
            promised: head.map { $0.base == base ? $0.offset : 0 } ?? 0
        )
    }

    private mutating func checkHead() throws(LogError) {
        head = try search.head()
        for slot in 0..<2 where try !search.isSound(slot: slot) {
            report.damage.append(
                VerifyReport.Damage(
                    segment: "HEAD",
                    first: nil,
                    last: nil,
                    offset: UInt64(slot * Layout.headSlotByteCount),
                    reason: "a slot that fails its checksum; opening for writing renews it"
                )
            )
        }
    }

    private mutating func noteMissing(_ positions: Range<UInt64>) {
        expected = nil
        note(
            StorePath.segmentName(base: positions.lowerBound),
            positions,
            at: 0,
            "a segment that is missing"
        )
    }

    private mutating func note(
        _ segment: String,
        _ positions: Range<UInt64>?,
        at offset: UInt64,
        _ reason: String
    ) {
        let lost = positions.map { $0.isEmpty ? nil : $0 } ?? nil
        report.damage.append(
            VerifyReport.Damage(
                segment: segment,
                first: lost.map { EventPosition($0.lowerBound) },
                last: lost.map { EventPosition($0.upperBound - 1) },
                offset: offset,
                reason: reason
            )
        )
    }

    /// Adds what the check of a segment found to the report.
    private mutating func take(
        _ outcome: ParallelVerification.Outcome,
        of task: SegmentTask
    ) throws(LogError) {
        report.segments += 1
        let name = StorePath.segmentName(base: task.base)
        if let start = outcome.start { checkStart(start, name) }
        if let error = outcome.error {
            guard error.code == .corrupt || error.code == .inputOutput else { throw error }
            note(name, task.base..<task.end, at: error.offset ?? 0, error.found)
        }
        let check = outcome.check ?? SegmentCheck()
        report.events += check.events
        report.gaps += check.gaps
        report.erased += check.erased
        report.erasedBatches += check.erasedBatches
        report.unacknowledgedBytes += check.unacknowledgedBytes
        for found in check.found { note(name, found.positions, at: found.offset, found.reason) }
        expected = check.successor
    }

    private mutating func checkStart(_ start: SegmentStart, _ name: String) {
        guard let expected else { return }
        if !expected.admits(start) {
            note(name, nil, at: 512, "a join block that does not continue the segment before")
        }
        if let head, !head.isOfEmptyLog, head.base == start.base, head.salt != start.salt {
            note(name, nil, at: 16, "another salt than HEAD's")
        }
    }
}
