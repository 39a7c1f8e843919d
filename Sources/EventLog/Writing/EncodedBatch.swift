/// A batch ready to be written: all of its frame but what only the writer knows.
package struct EncodedBatch: Sendable {
    /// The position of its first event.
    package let firstPosition: EventPosition
    /// How many events it holds.
    package let count: Int
    /// Bytes of facts (with stream names) and contents before compression.
    package let rawByteCount: Int
    /// Salt, place, time, promise and chain are the writer's to fill in.
    let header: BatchHeader
    /// The frame after its header.
    let body: [UInt8]
    /// How many events of each type.
    let typeCounts: [(type: String, count: UInt64)]

    /// The position that the next batch starts at.
    package var nextPosition: EventPosition { firstPosition.advanced(by: count) }

    /// Bytes that it takes on disk.
    package var byteCount: Int { Layout.batchHeaderByteCount + body.count }
}
