package import Bytes

/// A batch as a scan shows it: valid until the next one is read.
///
/// Everything it hands out borrows its buffers; copy what is to be kept. The buffers are used
/// again for the next batch, so that a scan allocates nothing per event.
package struct EventBatch: ~Copyable {
    /// The position of the batch's first event, wanted or not.
    package internal(set) var firstPosition = EventPosition.first
    /// How many events the batch holds.
    package internal(set) var count = 0
    /// The indices of the events inside the range that the scan was asked for.
    package internal(set) var indices: Range<Int> = 0..<0
    /// When the batch was committed, in microseconds since 1970.
    package internal(set) var time: UInt64 = 0
    /// The chain hash after the batch, within its segment: what a checkpoint remembers.
    package internal(set) var chain = SHA256Digest.zero
    /// The run that appended it.
    package var run: String { names.run }
    /// The names of the types in it.
    package var types: [String] { names.types }
    /// The names of the stages in it; the runner's is empty.
    package var stages: [String] { names.stages }
    /// How many streams it has events of.
    package internal(set) var streamCount = 0

    var names = BatchNames()
    /// The stretch of the segment that the frame lies in.
    @usableFromInline var window = ReadWindow()
    @usableFromInline var recordsStart = 0
    /// Where the stream names begin in the facts heap.
    @usableFromInline var streamNamesStart = 0
    @usableFromInline var streamTableByteCount = 0
    @usableFromInline var facts = HeapView()
    @usableFromInline var content = HeapView()
    @usableFromInline var hasContents = false

    init() {}

    /// The index of a type in this batch, to compare records with; nil if it has no such event.
    package func typeIndex(of type: String) -> Int? {
        names.types.firstIndex(of: type)
    }

    /// The name of the event's type.
    package func type(_ index: Int) -> String {
        names.types[self[index].typeIndex]
    }

    /// The name of the event's stage, empty for the runner.
    package func stage(_ index: Int) -> String {
        names.stages[self[index].stageIndex]
    }

    /// The name of the event's stream.
    package func streamName(_ index: Int) -> String {
        String(lossyUTF8: stream(index))
    }

    /// A copy of an event with all it carries.
    package func stored(_ index: Int) -> StoredEvent {
        var content: [UInt8]?
        if let bytes = self.content(index) { content = [UInt8](copying: bytes) }
        return StoredEvent(
            record: self[index],
            time: time,
            run: run,
            stream: streamName(index),
            type: type(index),
            stage: stage(index),
            facts: [UInt8](copying: facts(index)),
            content: content
        )
    }
}

/// A heap of the batch at hand: in the window if it is stored as it is, else decompressed.
@usableFromInline
struct HeapView: Sendable {
    /// Kept from batch to batch; only the first `count` bytes are this one's.
    @usableFromInline var decompressed: [UInt8] = []
    @usableFromInline var isInWindow = false
    /// Where the heap begins, in the window or in `decompressed`.
    @usableFromInline var start = 0

    init() {}
}
