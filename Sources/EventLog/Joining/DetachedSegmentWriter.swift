/// Writes a segment outside of any store, for a log to join to itself later
/// (``EventLogWriter/adopt(segmentAt:expecting:)``).
///
/// The way for several processes or machines to prepare events without a common lock. Nothing is
/// durable, and the file of no use, before ``seal()`` returns.
package struct DetachedSegmentWriter: ~Copyable {
    private var segment: ActiveSegment
    private var producers = ProducerTable()
    private let directory: StorageDirectory
    /// Why nothing more may be written.
    private var failure: LogError?

    /// Makes the segment's file, which must not exist.
    ///
    /// It is the caller's: a segment that is given up must be removed by him, and one that was
    /// joined is a copy that may be.
    package static func create(
        _ path: String,
        storage: any LogStorage = POSIXStorage()
    ) throws(LogError) -> DetachedSegmentWriter {
        let salt = storage.random()
        let file = try OpenFile.create(path, knownAs: path, storage: storage)
        try file.write(SegmentStart.detached(salt: salt).span, at: 0)
        let start = SegmentStart(salt: salt, storeID: StoreID(high: 0, low: 0), base: 0)
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : path[..<$0] }
        return DetachedSegmentWriter(
            segment: ActiveSegment(file, start: start),
            directory: StorageDirectory(storage: storage, path: String(folder ?? "."))
        )
    }

    private init(segment: ActiveSegment, directory: StorageDirectory) {
        self.segment = segment
        self.directory = directory
    }

    /// The position, counted from the segment's first event, that the next batch must start at.
    package var nextPosition: EventPosition { EventPosition(segment.end) }

    /// Appends a batch that starts at ``nextPosition``; returns the position of its first event.
    ///
    /// Causes are events of the same segment. One whose producer and sequence the segment has is
    /// not appended again.
    @discardableResult
    package mutating func append(
        _ batch: EncodedBatch,
        time: UInt64
    ) throws(LogError) -> EventPosition {
        try checkUsable()
        if let known = try producers.position(of: batch.header, path: path) {
            return EventPosition(known)
        }
        guard batch.firstPosition == nextPosition else {
            throw LogError(
                .wrongPosition,
                path: path,
                expected: "a batch at \(nextPosition)",
                found: "a batch at \(batch.firstPosition)"
            )
        }
        let header = segment.place(batch, time: time)
        do throws(LogError) {
            try segment.write(header, batch)
        } catch {
            try cutBack(after: error)
        }
        segment.add(header, batch)
        producers.note(header, at: batch.firstPosition.rawValue)
        return batch.firstPosition
    }

    /// Ends the segment and makes it durable; one without events is refused.
    package mutating func seal() throws(LogError) {
        try checkUsable()
        guard !segment.isEmpty else {
            throw LogError(
                .emptyBatch,
                path: path,
                expected: "at least one batch",
                found: "none"
            )
        }
        let footer = segment.summary.encoded()
        do throws(LogError) {
            try segment.write(footer: footer)
        } catch {
            try cutBack(after: error)
        }
        do throws(LogError) {
            try segment.file.synchronize()
            try directory.synchronize()
        } catch {
            failure = error
            throw error
        }
        segment.seal(footer)
    }

    private var path: String { segment.file.path }

    /// After a full disk the segment is as before and can go on; after anything else it cannot.
    private mutating func cutBack(after error: LogError) throws(LogError) -> Never {
        failure = error
        guard error.code == .noSpace else { throw error }
        try segment.file.truncate(to: segment.offset)
        failure = nil
        throw error
    }

    private func checkUsable() throws(LogError) {
        if segment.isSealed {
            throw LogError(.closed, path: path, expected: "a segment that is not sealed yet")
        }
        guard let failure else { return }
        throw LogError(
            .poisoned,
            path: path,
            expected: "a writer that never failed",
            found: failure.found,
            hint: "write the segment anew",
            systemError: failure.systemError
        )
    }
}
