/// What the writer knows between two appends.
struct WriterState: Sendable {
    let directory: String
    let storage: any LogStorage
    let options: LogOptions
    let storeID: StoreID
    var lock: StoreLock?
    var head: HeadFile
    /// The newest segment, which holds a batch; nil in a log without events.
    var segment: ActiveSegment?
    var producers: ProducerTable
    /// The base of each segment, by its salt.
    var bases: [UInt64: UInt64]
    /// Why nothing more may be written.
    var failure: LogError?

    /// The position after the last event.
    var end: UInt64 { segment?.end ?? 0 }

    var log: StorageDirectory {
        StorageDirectory(storage: storage, path: StorePath.log(directory))
    }

    /// Appends a batch; returns the position of its first event.
    mutating func append(_ batch: EncodedBatch, time: UInt64) throws(LogError) -> UInt64 {
        try checkUsable()
        if let known = try producers.position(of: batch.header, path: directory) { return known }
        let position = end
        guard batch.firstPosition.rawValue == position else {
            throw wrongPosition("a batch", at: batch.firstPosition)
        }
        guard position + UInt64(batch.count) <= Layout.positionMax else {
            throw LogError(
                .limitExceeded,
                path: directory,
                expected: "at most \(Layout.positionMax) events in a log",
                found: "a batch that ends at \(batch.nextPosition)"
            )
        }
        if try makeRoom(for: batch) {
            try extend(with: batch, time: time)
        } else {
            try begin(with: batch, time: time)
        }
        Failpoint.logSynchronized.reach()
        producers.note(batch.header, at: position)
        try promise()
        Failpoint.logPromised.reach()
        return position
    }

    /// Ends writing.
    mutating func close() {
        // Where the lock keeps nobody out, only a sealed segment can be continued by another.
        if failure == nil, lock?.excludes == false, segment?.isSealed == false {
            try? seal()
            if failure == nil { try? promise() }
        }
        lock = nil
        if failure == nil {
            failure = LogError(.closed, path: directory, expected: "an open writer")
        }
    }

    func checkUsable() throws(LogError) {
        guard let failure else { return }
        if failure.code == .closed { throw failure }
        throw LogError(
            .poisoned,
            path: failure.path,
            offset: failure.offset,
            expected: "a writer that never failed",
            found: failure.found,
            hint: "open the store again: it finds out what the disk holds",
            systemError: failure.systemError
        )
    }

    func wrongPosition(_ what: String, at position: EventPosition) -> LogError {
        LogError(
            .wrongPosition,
            path: directory,
            expected: "\(what) at \(end)",
            found: "\(what) at \(position)"
        )
    }

    /// Writes a batch at the end of the newest segment; on return it is durable.
    private mutating func extend(with batch: EncodedBatch, time: UInt64) throws(LogError) {
        guard let header = segment?.place(batch, time: time) else { return }
        try cuttingBack { state throws(LogError) in try state.segment?.write(header, batch) }
        Failpoint.logWritten.reach()
        try poisoning { state throws(LogError) in
            try state.segment?.file.synchronize()
            try state.lock?.check()
        }
        segment?.add(header, batch)
    }

    /// Makes the next segment with the batch in it; on return both are durable.
    private mutating func begin(with batch: EncodedBatch, time: UInt64) throws(LogError) {
        let start = nextStart(salt: storage.random())
        try poisoning(unless: .noSpace) { state throws(LogError) in
            let temporary = try TemporaryFile.create(
                for: StorePath.segmentName(base: start.base),
                word: start.salt,
                in: state.log
            )
            do throws(LogError) {
                var segment = ActiveSegment(temporary.file, start: start)
                let header = segment.place(batch, time: time)
                try temporary.file.write(start.encoded().span, at: 0)
                try segment.write(header, batch)
                try temporary.file.synchronize()
                segment.add(header, batch)
                try state.publish(temporary, segment)
            } catch {
                temporary.discard()
                throw error
            }
        }
    }

    /// The first page of the segment that the log needs next.
    func nextStart(salt: UInt64) -> SegmentStart {
        segment?.successorStart(salt: salt)
            ?? SegmentStart(salt: salt, storeID: storeID, base: 0)
    }

    /// Makes a durable file the log's newest segment, if nobody was quicker.
    mutating func publish(
        _ temporary: TemporaryFile,
        _ segment: ActiveSegment
    ) throws(LogError) {
        try lock?.check()
        Failpoint.logPrepared.reach()
        do throws(LogError) {
            try temporary.publish()
        } catch {
            // Who took the store over has removed the file: that is the news, not the missing file.
            if error.systemError == SystemError.noSuchFile { try lock?.check() }
            throw error
        }
        Failpoint.logNamed.reach()
        try lock?.check()
        self.segment = segment
        bases[segment.salt] = segment.base
    }

    /// Tells readers of what is durable.
    mutating func promise() throws(LogError) {
        try poisoning { state throws(LogError) in try state.head.promise(state.segment) }
    }

    /// Seals the newest segment if the batch does not fit into it; whether it does.
    private mutating func makeRoom(for batch: EncodedBatch) throws(LogError) -> Bool {
        guard let offset = segment?.offset, segment?.isSealed == false else { return false }
        if offset + UInt64(batch.byteCount) <= options.segmentByteLimit { return true }
        try seal()
        return false
    }

    /// Ends the newest segment with its footer.
    mutating func seal() throws(LogError) {
        guard let footer = segment?.summary.encoded() else { return }
        try cuttingBack { state throws(LogError) in try state.segment?.write(footer: footer) }
        try poisoning { state throws(LogError) in try state.segment?.file.synchronize() }
        segment?.seal(footer)
        Failpoint.logSealed.reach()
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
                    guard let offset = state.segment?.offset else { return }
                    try state.segment?.file.truncate(to: offset)
                }
            } else {
                failure = error
            }
            throw error
        }
    }

    /// Runs a step after whose failure nothing is certain: no retry, no further write.
    mutating func poisoning(
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
