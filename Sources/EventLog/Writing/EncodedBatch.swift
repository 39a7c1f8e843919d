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
    let frame: FrameBody
    /// How many events of each type.
    let typeCounts: [(type: String, count: UInt64)]

    /// The frame after its header.
    var body: [UInt8] { frame.bytes }

    /// The position that the next batch starts at.
    package var nextPosition: EventPosition { firstPosition.advanced(by: count) }

    /// Bytes that it takes on disk.
    package var byteCount: Int { Layout.batchHeaderByteCount + body.count }
}

/// The bytes of a frame after its header; a class because their memory is used again when the last
/// batch that has them is gone.
final class FrameBody: Sendable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    deinit {
        BufferPool.give(bytes)
    }
}
