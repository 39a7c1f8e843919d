internal import Synchronization

/// Large buffers, used again from batch to batch.
///
/// Encoding a batch of 300 KB needs some 150 fresh pages if its buffers come from the system and go
/// back to it, and that costs more than filling, checksumming and digesting them.
enum BufferPool {
    /// How much memory is kept at most while nobody uses it.
    private static let keptByteCountMax = 16 << 20
    private static let kept = Mutex<[[UInt8]]>([])

    /// An empty buffer, with the room of one given back earlier.
    static func take() -> [UInt8] {
        var buffer = kept.withLock { $0.popLast() } ?? []
        // Allocates anew if somebody still holds a copy of the bytes.
        buffer.removeAll(keepingCapacity: true)
        return buffer
    }

    /// Keeps the memory of a buffer for the next ``take()``.
    static func give(_ buffer: [UInt8]) {
        guard buffer.capacity > 4096 else { return }
        kept.withLock { kept in
            let byteCount = kept.reduce(buffer.capacity) { $0 + $1.capacity }
            if byteCount <= keptByteCountMax { kept.append(buffer) }
        }
    }
}
