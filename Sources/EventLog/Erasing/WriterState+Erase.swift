/// Erasing, as FORMAT.md §6.1 has it: a flag in STORE, then one segment after the other written
/// anew, then the quarantine. After each step the store is whole, and erasing again does the rest.
extension WriterState {
    /// Erases facts and contents of events; those erased before stay as they are.
    mutating func erase(_ positions: Set<EventPosition>) throws(LogError) -> ErasureReport {
        try checkUsable()
        if let last = positions.max(), last.rawValue >= end {
            throw LogError(
                .noSuchPosition,
                path: directory,
                expected: "positions before \(end)",
                found: "\(last)"
            )
        }
        var report = ErasureReport()
        guard !positions.isEmpty else { return report }
        var identity: StoreIdentity?
        try poisoning(unless: .noSpace) { state throws(LogError) in
            identity = try state.markStore()
        }
        let sorted = bases.values.sorted()
        for (index, base) in sorted.enumerated() {
            let next = index + 1 < sorted.count ? sorted[index + 1] : end
            // Few segments hold a document: only where there may be gaps all are looked through.
            guard
                identity?.mayHoldGaps != false
                    || positions.contains(where: { base..<next ~= $0.rawValue })
            else { continue }
            try erase(positions, inSegment: base, &report)
        }
        try emptyQuarantine(&report)
        return report
    }

    /// Tells programs that know no erased records to leave the store alone.
    private func markStore() throws(LogError) -> StoreIdentity {
        var identity = try StoreIdentity.ofStore(directory, storage: storage)
        guard identity.incompatible & StoreIdentity.erased == 0 else { return identity }
        identity.incompatible |= StoreIdentity.erased
        let bytes = identity.encoded()
        try StorageDirectory(storage: storage, path: directory).replace("STORE") {
            file throws(LogError) in
            try file.write(bytes.span, at: 0)
        }
        return identity
    }

    private mutating func erase(
        _ positions: Set<EventPosition>,
        inSegment base: UInt64,
        _ report: inout ErasureReport
    ) throws(LogError) {
        let file = try SegmentFile.open(
            directory,
            base: base,
            storeID: storeID,
            storage: storage
        )
        let isLast = segment?.base == base
        let batchesEnd = try file.footer()?.offset ?? segment?.offset ?? file.size
        var erasure = SegmentErasure(file, erasing: positions, limit: batchesEnd)
        try erasure.run()
        guard !erasure.frames.isEmpty else { return }
        let temporary = try TemporaryFile.create(
            for: file.name,
            word: storage.random(),
            in: log
        )
        do throws(LogError) {
            try erasure.write(to: temporary.file)
            try temporary.file.synchronize()
            try lock?.check()
        } catch {
            temporary.discard()
            throw error
        }
        Failpoint.erasePrepared.reach()
        // Which of the two files has the name is not known after a failure.
        try poisoning { state throws(LogError) in
            try temporary.replace()
            try state.lock?.check()
        }
        if isLast { segment?.file = temporary.file }
        Failpoint.eraseReplaced.reach()
        report.segments.append(file.name)
        report.events += erasure.report.events
        report.byteCount += erasure.report.byteCount
        report.emptiedGaps += erasure.report.emptiedGaps
    }

    /// Torn tails and damaged segments: nobody can say what they hold.
    private func emptyQuarantine(_ report: inout ErasureReport) throws(LogError) {
        let folder = StorageDirectory(storage: storage, path: StorePath.quarantine(directory))
        let names = try folder.names() ?? []
        for name in names.sorted() {
            try folder.removeIfPresent(name)
            report.quarantine.append("quarantine/" + name)
        }
        if !names.isEmpty { try folder.synchronize() }
    }
}

extension StoreIdentity {
    fileprivate var mayHoldGaps: Bool { incompatible & Self.gaps != 0 }
}

extension EventLogWriter {
    /// Erases the facts and contents of events for good, durably; all else of them stays: position,
    /// stream, type, stage, time and run, and the chain over all batches.
    ///
    /// Segments that hold such an event are written anew and replace the old ones, readers that
    /// have one of those open keep it. Everything in the store's quarantine folder is removed, and
    /// the damaged bytes in gaps are zeroed, because they may be the same events'. If it fails or is
    /// killed, it can be done again and does the rest; what was erased is not erased twice.
    package func erase(_ positions: Set<EventPosition>) throws(LogError) -> ErasureReport {
        try withState { state throws(LogError) in try state.erase(positions) }
    }
}
