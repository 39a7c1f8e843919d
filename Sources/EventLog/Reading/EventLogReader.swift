package import Bytes

/// Whether a scan goes on.
package enum ScanStep: Hashable, Sendable {
    case `continue`
    case stop
}

/// Where a batch lies and what its header says, without its events.
package struct BatchSummary: Hashable, Sendable {
    /// The position of its first event.
    package let firstPosition: EventPosition
    /// How many events it holds.
    package let count: Int
    /// When it was committed, in microseconds since 1970.
    package let time: UInt64
    /// The chain hash after it, within its segment: what a checkpoint is compared with.
    package let chain: SHA256Digest
}

/// A reader of a store up to a durable end; takes no lock and never waits for the writer.
///
/// A value: copies read the same events until each is refreshed. Between calls it holds no file.
package struct EventLogReader: Sendable {
    let directory: String
    let storage: any LogStorage
    var durableEnd: DurableEnd
    /// The store's identity.
    package let storeID: StoreID

    /// Opens a store for reading.
    ///
    /// A damaged store can be opened too: reading stops at the damage with a ``LogError`` that
    /// names the events that are lost, and can go on behind them.
    package static func open(
        _ directory: String,
        storage: any LogStorage = POSIXStorage()
    ) throws(LogError) -> EventLogReader {
        let identity = try StoreIdentity.read(directory, storage: storage, writing: false)
        guard let identity else {
            throw LogError(
                .notAStore,
                path: directory,
                expected: "a store",
                found: "no STORE file",
                hint: "run a pipeline first, or name another directory"
            )
        }
        let end = try DurableEndSearch(
            directory: directory,
            storeID: identity.id,
            storage: storage
        ).run()
        return EventLogReader(
            directory: directory,
            storage: storage,
            durableEnd: end,
            storeID: identity.id
        )
    }

    /// Whether HEAD is as a writer leaves it; else the newest batch may be missing from what is
    /// read, until somebody opens the store for writing.
    package func isHeadSound() throws(LogError) -> Bool {
        let search = DurableEndSearch(directory: directory, storeID: storeID, storage: storage)
        for slot in 0..<2 where try !search.isSound(slot: slot) { return false }
        return true
    }

    /// The position after the last durable event that this reader sees.
    package var end: EventPosition { EventPosition(durableEnd.position) }

    /// Looks again how far the log is durable: one small read if the segment is still the same.
    package mutating func refresh() throws(LogError) {
        let search = DurableEndSearch(directory: directory, storeID: storeID, storage: storage)
        if let head = try search.head(), head.base == durableEnd.base,
            !durableEnd.segments.isEmpty
        {
            guard head.position > durableEnd.position else { return }
            durableEnd.position = head.position
            durableEnd.offset = head.offset
        } else {
            let found = try search.run()
            if found.position >= durableEnd.position { durableEnd = found }
        }
    }

    /// Starts reading the batches that hold positions in `from ..< until`.
    ///
    /// With `types`, batches without any event of them are passed over by their headers alone;
    /// a batch that has some is shown whole. Contents are read and decompressed only if asked for.
    package func cursor(
        from: EventPosition = .first,
        until: EventPosition? = nil,
        types: Set<String>? = nil,
        content: Bool = false
    ) -> BatchCursor {
        let until = min(until ?? end, end)
        let request = ScanRequest(
            from: from.rawValue,
            // No batch holds a position of an empty range, not even the one around it.
            until: until > from ? until.rawValue : 0,
            types: types,
            mask: types.map { TypeMask.bits(of: $0) } ?? .max,
            content: content
        )
        return BatchCursor(reader: self, request: request)
    }

    /// Shows each batch to `body` in order; throws a ``LogError`` or what `body` throws.
    package func scan<Failure: Error>(
        from: EventPosition = .first,
        until: EventPosition? = nil,
        types: Set<String>? = nil,
        content: Bool = false,
        _ body: (borrowing EventBatch) throws(Failure) -> ScanStep
    ) throws {
        var cursor = cursor(from: from, until: until, types: types, content: content)
        while try cursor.next() {
            if try body(cursor.batch) == .stop { return }
        }
    }

    /// The event at a position; reads its whole batch, so it is for looking up, not for scanning.
    ///
    /// Throws ``LogError/Code/lost`` for an event that a repair found lost.
    package func record(
        at position: EventPosition,
        content: Bool = true
    ) throws(LogError) -> StoredEvent {
        try check(position)
        var cursor = cursor(from: position, until: position.advanced(by: 1), content: content)
        guard try cursor.next() else { throw try lost(position) }
        return cursor.batch.stored(cursor.batch.indices.lowerBound)
    }

    /// The batch that holds a position.
    package func batch(holding position: EventPosition) throws(LogError) -> BatchSummary {
        try check(position)
        var cursor = cursor(from: position, until: position.advanced(by: 1))
        while let (header, file) = try cursor.nextHeader() {
            if file.base + header.relativeEnd > position.rawValue {
                return BatchSummary(
                    firstPosition: EventPosition(file.base + header.relativePosition),
                    count: Int(header.recordCount),
                    time: header.time,
                    chain: header.chain
                )
            }
            cursor.advance(past: header)
        }
        throw noSuchPosition(position)
    }

    /// The position of the first batch committed after a time, or the end, found by headers only.
    package func position(after time: UInt64) throws(LogError) -> EventPosition {
        var cursor = cursor()
        while let (header, file) = try cursor.nextHeader() {
            if header.time > time {
                return EventPosition(file.base + header.relativePosition)
            }
            cursor.advance(past: header)
        }
        return end
    }

    /// The error for an event that a gap stands for.
    private func lost(_ position: EventPosition) throws(LogError) -> LogError {
        let gap = try batch(holding: position)
        let last = gap.firstPosition.advanced(by: gap.count - 1)
        return LogError(
            .lost,
            path: directory,
            positions: gap.firstPosition...last,
            expected: "event \(position)",
            found: "a gap that a repair left where damaged bytes were",
            hint: "the damaged bytes are kept in the store's quarantine folder"
        )
    }

    private func check(_ position: EventPosition) throws(LogError) {
        guard position < end else { throw noSuchPosition(position) }
    }

    private func noSuchPosition(_ position: EventPosition) -> LogError {
        LogError(
            .noSuchPosition,
            path: directory,
            expected: "a position before \(end)",
            found: "\(position)"
        )
    }
}

extension StoreIdentity {
    /// Reads the identity of a store that is to be changed and must be one.
    static func ofStore(
        _ directory: String,
        storage: any LogStorage
    ) throws(LogError) -> StoreIdentity {
        if let identity = try read(directory, storage: storage, writing: true) { return identity }
        throw LogError(
            .notAStore,
            path: directory,
            expected: "a store",
            found: "no STORE file",
            hint: "STORE is written once: take it from a backup of this store"
        )
    }

    /// Reads a store's identity; nil if the directory has none.
    static func read(
        _ directory: String,
        storage: any LogStorage,
        writing: Bool
    ) throws(LogError) -> StoreIdentity? {
        let path = StorePath.store(directory)
        guard let file = try OpenFile.openIfPresent(path, writable: false, storage: storage)
        else { return nil }
        // One byte more than there should be shows a file that is too long.
        let bytes = try file.bytes(at: 0, count: Layout.storeByteCount + 1)
        return try StoreIdentity.parse(bytes.span, path: path, writing: writing)
    }
}
