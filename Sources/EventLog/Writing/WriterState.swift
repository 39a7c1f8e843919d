/// What the writer knows between two appends.
struct WriterState: Sendable {
    let directory: String
    let storage: any LogStorage
    let options: LogOptions
    let storeID: StoreID
    var lock: OpenFile?
    var head: HeadFile
    var segment: ActiveSegment
    /// Each producer's newest batch: its sequence and its first position.
    var producers: [UInt64: (sequence: UInt64, position: UInt64)]
    /// Why nothing more may be written.
    var failure: LogError?

    /// Appends a batch; returns the position of its first event.
    mutating func append(_ batch: EncodedBatch, time: UInt64) throws(LogError) -> UInt64 {
        try checkUsable()
        if let position = try appended(batch) { return position }
        let position = segment.end
        guard batch.firstPosition.rawValue == position else {
            throw LogError(
                .wrongPosition,
                path: directory,
                expected: "a batch at \(position)",
                found: "a batch at \(batch.firstPosition)"
            )
        }
        guard position + UInt64(batch.count) <= Layout.positionMax else {
            throw LogError(
                .limitExceeded,
                path: directory,
                expected: "at most \(Layout.positionMax) events in a log",
                found: "a batch that ends at \(batch.nextPosition)"
            )
        }
        try makeRoom(for: batch)
        let header = segment.place(batch, time: time)
        try write(header, batch)
        Failpoint.logSynchronized.reach()
        let offset = segment.offset
        segment.offset += UInt64(batch.byteCount)
        segment.summary.add(header, at: offset, typeCounts: batch.typeCounts)
        if header.producer != 0 { producers[header.producer] = (header.sequence, position) }
        try poisoning { state throws(LogError) in
            try state.head.promise(state.segment, position: state.segment.end)
        }
        Failpoint.logPromised.reach()
        return position
    }

    /// Ends writing.
    mutating func close() {
        lock = nil
        if failure == nil {
            failure = LogError(.closed, path: directory, expected: "an open writer")
        }
    }

    private func checkUsable() throws(LogError) {
        guard let failure else { return }
        if failure.code == .closed { throw failure }
        var poisoned = failure
        poisoned = LogError(
            .poisoned,
            path: failure.path,
            offset: failure.offset,
            expected: "a writer that never failed",
            found: failure.found,
            hint: "open the store again: it finds out what the disk holds",
            systemError: failure.systemError
        )
        throw poisoned
    }

    /// The position of the batch if the log has it already.
    private func appended(_ batch: EncodedBatch) throws(LogError) -> UInt64? {
        guard batch.header.producer != 0, let mark = producers[batch.header.producer] else {
            return nil
        }
        if batch.header.sequence > mark.sequence { return nil }
        guard batch.header.sequence == mark.sequence else {
            throw LogError(
                .staleSequence,
                path: directory,
                expected: "a sequence of at least \(mark.sequence)",
                found: "\(batch.header.sequence) of producer \(batch.header.producer)"
            )
        }
        return mark.position
    }

    /// Writes and syncs the frame; on return it is durable.
    private mutating func write(
        _ header: BatchHeader,
        _ batch: EncodedBatch
    ) throws(LogError) {
        let bytes = header.encoded()
        try cuttingBack { state throws(LogError) in
            let file = state.segment.file
            try file.write(bytes.span, at: state.segment.offset)
            try file.write(batch.body.span, at: state.segment.offset + UInt64(bytes.count))
        }
        Failpoint.logWritten.reach()
        try poisoning { state throws(LogError) in try state.segment.file.synchronize() }
    }

    /// Rolls to a new segment when this one is full.
    private mutating func makeRoom(for batch: EncodedBatch) throws(LogError) {
        let size = segment.offset + UInt64(batch.byteCount)
        if !segment.isSealed, !segment.isEmpty, size > options.segmentByteLimit { try seal() }
        if segment.isSealed { try startSegment() }
    }

    private mutating func seal() throws(LogError) {
        let footer = segment.summary.encoded()
        try cuttingBack { state throws(LogError) in
            try state.segment.file.write(footer.span, at: state.segment.offset)
        }
        try poisoning { state throws(LogError) in try state.segment.file.synchronize() }
        segment.offset += UInt64(footer.count)
        segment.isSealed = true
        Failpoint.logSealed.reach()
    }

    /// Makes the next segment after a sealed one.
    mutating func startSegment() throws(LogError) {
        let start = segment.successorStart(salt: storage.random(), storeID: storeID)
        try poisoning(unless: .noSpace) { state throws(LogError) in
            state.segment = try ActiveSegment.create(
                state.directory,
                start: start,
                storage: state.storage
            )
        }
        Failpoint.logNamed.reach()
        try poisoning { state throws(LogError) in
            try state.head.promise(state.segment, position: state.segment.base)
        }
    }

    /// Runs a write at the end of the segment.
    ///
    /// Full disk: what was written of it is cut off and the writer can go on. Any other failure,
    /// or one in cutting, poisons.
    private mutating func cuttingBack(
        _ body: (inout WriterState) throws(LogError) -> Void
    ) throws(LogError) {
        do throws(LogError) {
            try body(&self)
        } catch {
            if error.code == .noSpace {
                try poisoning { state throws(LogError) in
                    try state.segment.file.truncate(to: state.segment.offset)
                }
            } else {
                failure = error
            }
            throw error
        }
    }

    /// Runs a step after whose failure nothing is certain: no retry, no further write.
    private mutating func poisoning(
        unless harmless: LogError.Code? = nil,
        _ body: (inout WriterState) throws(LogError) -> Void
    ) throws(LogError) {
        do throws(LogError) {
            try body(&self)
        } catch {
            if error.code == harmless { throw error }
            failure = error.inDoubt
            throw error.inDoubt
        }
    }
}
