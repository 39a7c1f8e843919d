/// Decides what the bytes after the last sound batch are, and acts (FORMAT.md §3).
struct TailRecovery {
    let directory: String
    let storage: any LogStorage
    let lock: StoreLock
    let file: SegmentFile
    let head: HeadSlot?

    /// What is left after recovery, ready to be written to.
    struct Result {
        var segment: ActiveSegment
        var report: RecoveryReport?
    }

    /// Walks the segment; refuses damage to what was promised, cuts a torn tail.
    func run() throws(LogError) -> Result {
        // Decide on what the disk holds: make pages durable first, then forget those that no
        // promise covers, in case an earlier sync of them failed and left them clean.
        try file.file.synchronize()
        let promised = head.map { $0.base == file.base ? $0.offset : 0 } ?? 0
        file.file.dropCache(from: promised & ~4095)

        var scan = SegmentScan(file, limit: file.size, comparesDigests: false)
        var segment = ActiveSegment(file.file, start: file.start)
        let footer = try file.footer()
        var fault: LogError?
        while fault == nil, scan.offset < file.size, scan.offset != footer?.offset {
            do throws(LogError) {
                try scan.next()
            } catch {
                guard error.code == .corrupt else { throw error }
                fault = error
            }
        }
        segment.summary = scan.summary
        segment.offset = scan.offset
        if fault == nil, let footer, footer.offset == scan.offset {
            segment.isSealed = footer.footer == scan.summary
            segment.offset = segment.isSealed ? file.size : scan.offset
            if !segment.isSealed { fault = file.corrupt(.footerFields, at: scan.offset) }
        }
        let cut = fault ?? file.corrupt(.short, at: scan.offset)
        try refuseLostPromises(after: segment, fault: cut)
        guard let fault else { return Result(segment: segment) }
        return Result(segment: segment, report: try cutTail(of: segment, fault: fault))
    }

    /// Throws if anything says that bytes from the end of `segment` on were durable.
    private func refuseLostPromises(
        after segment: ActiveSegment,
        fault: LogError
    ) throws(LogError) {
        let later =
            segment.offset < file.size && !segment.isSealed
            ? try file.nextHeader(
                after: segment.offset,
                beyond: segment.summary.events,
                limit: file.size
            ) : nil
        let headPromise = head.map { $0.base == file.base ? $0 : nil } ?? nil
        let promise = max(later?.header.promise ?? 0, headPromise?.offset ?? 0)
        guard promise > segment.offset else { return }
        var refusal = fault
        if later == nil, headPromise?.position == segment.end {
            refusal.expected = "the segment's footer"
            refusal.hint =
                "no event is lost: all can be read; restore the segment from a backup to append, or see 'annals log repair'"
            throw refusal
        }
        let lostEnd = max(
            segment.end + 1,
            later.map { file.base + $0.header.relativePosition } ?? headPromise?.position ?? 0
        )
        refusal.positions =
            EventPosition(segment.end)...EventPosition(lostEnd).advanced(by: -1)
        refusal.hint =
            "committed data is damaged: nothing was changed; restore the segment from a backup, see 'annals log repair', "
            + "or read the events before \(segment.end)"
        throw refusal
    }

    private func cutTail(
        of segment: ActiveSegment,
        fault: LogError
    ) throws(LogError) -> RecoveryReport {
        let name = try quarantine(from: segment.offset)
        // The file was opened before: if LOCK is ours still, no later writer has it.
        try lock.check()
        try segment.file.truncate(to: segment.offset)
        try segment.file.synchronize()
        return RecoveryReport(
            segment: file.name,
            offset: segment.offset,
            byteCount: file.size - segment.offset,
            quarantine: "quarantine/" + name,
            position: EventPosition(segment.end),
            reason: fault.found
        )
    }

    /// Copies the tail where it can be looked at; durable before anything is cut.
    private func quarantine(from start: UInt64) throws(LogError) -> String {
        let quarantine = Quarantine(directory: directory, storage: storage)
        return try quarantine.keep(
            file.file,
            start..<file.size,
            name: "\(file.name.dropLast(4)).\(start)",
            suffix: ".torn"
        )
    }
}
