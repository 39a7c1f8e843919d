internal import Synchronization

/// The one writer of a store; a class because the lock and the open segment have one owner.
///
/// Its calls are serialised by a mutex: appending from several tasks is safe, though the batches
/// must come in order of position.
package final class EventLogWriter: Sendable {
    /// The store's identity.
    package let storeID: StoreID
    /// What opening had to cut, or nil; for the caller to append an event about.
    package let recovery: RecoveryReport?
    private let state: Mutex<WriterState>
    /// Apart from the state, so that asking for it does not wait for a sync.
    private let position: Atomic<UInt64>

    /// Opens a store for writing, making it if the directory is empty or missing.
    ///
    /// Takes the lock, makes the last segment durable, checks it and cuts a torn tail (``recovery``).
    /// Throws ``LogError/Code/locked`` when another process writes, ``LogError/Code/corrupt`` when
    /// committed data is damaged: such a store can still be read up to the damage.
    package static func open(
        _ directory: String,
        storage: any LogStorage = POSIXStorage(),
        options: LogOptions = LogOptions()
    ) throws(LogError) -> EventLogWriter {
        var opening = StoreOpening(directory: directory, storage: storage, options: options)
        let state = try opening.run()
        return EventLogWriter(state: state, recovery: opening.report)
    }

    private init(state: WriterState, recovery: RecoveryReport?) {
        storeID = state.storeID
        self.recovery = recovery
        position = Atomic(state.end)
        self.state = Mutex(state)
    }

    /// The position that the next batch must start at.
    package var nextPosition: EventPosition {
        EventPosition(position.load(ordering: .acquiring))
    }

    /// Appends a batch and returns the position of its first event once it is durable.
    ///
    /// `time` is microseconds since 1970. The batch must start at ``nextPosition``; one whose
    /// producer and sequence are already in the log is not appended again, and the position of
    /// the events already there is returned.
    @discardableResult
    package func append(
        _ batch: EncodedBatch,
        time: UInt64
    ) throws(LogError) -> EventPosition {
        try state.withLock { state throws(LogError) in
            defer { position.store(state.end, ordering: .releasing) }
            return EventPosition(try state.append(batch, time: time))
        }
    }

    /// Makes a sealed segment file, written by a ``DetachedSegmentWriter``, the log's newest
    /// segment, and returns the position of its first event once it is durable.
    ///
    /// The file is copied and every byte of the copy checked; the file itself is never changed. A
    /// segment that is in the log already is not joined again, and the position of the events
    /// already there is returned. With `position`, the segment joins there or not at all: of several
    /// who prepared one for the same position exactly one wins.
    ///
    /// Throws ``LogError/Code/wrongPosition``, ``LogError/Code/staleSequence`` if a producer has
    /// newer batches in the log than one in the segment, ``LogError/Code/unjoinable``,
    /// ``LogError/Code/newerFormat`` or ``LogError/Code/corrupt`` for what is wrong with the file,
    /// ``LogError/Code/noSpace``: after all of these the writer goes on.
    @discardableResult
    package func adopt(
        segmentAt path: String,
        expecting position: EventPosition? = nil
    ) throws(LogError) -> EventPosition {
        try state.withLock { state throws(LogError) in
            defer { self.position.store(state.end, ordering: .releasing) }
            return EventPosition(try state.adopt(path, expecting: position))
        }
    }

    /// Runs what extensions do with the state, one at a time.
    func withState<Value>(
        _ body: (inout WriterState) throws(LogError) -> Value
    ) throws(LogError) -> Value {
        try state.withLock { state throws(LogError) in try body(&state) }
    }

    /// Releases the lock; nothing needs flushing, what was acknowledged is durable.
    package func close() {
        state.withLock { $0.close() }
    }
}
