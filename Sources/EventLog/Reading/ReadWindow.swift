internal import Bytes

/// A stretch of a file in memory, moved forward as a scan goes; one buffer for a whole scan.
@usableFromInline
struct ReadWindow: Sendable {
    /// Read-ahead where everything is wanted, and where contents are passed over.
    static let sequentialByteCount = 1 << 17
    static let sparseByteCount = 64 << 10

    @usableFromInline var bytes: [UInt8] = []
    private var start: UInt64 = 0
    private var count = 0

    init() {}

    /// Forgets what was read: another file comes.
    mutating func reset() {
        count = 0
    }

    /// Makes `length` bytes at `offset` present and returns their index in ``bytes``.
    ///
    /// `length` must be checked: the buffer grows to it. Reads up to `ahead` bytes, never at or
    /// past `limit`. Returns nil if the file ends before `offset + length`.
    mutating func require(
        _ length: Int,
        at offset: UInt64,
        ahead: Int,
        limit: UInt64,
        file: OpenFile
    ) throws(LogError) -> Int? {
        if count > 0, offset >= start, offset + UInt64(length) <= start + UInt64(count) {
            return Int(offset - start)
        }
        guard offset + UInt64(length) <= limit else { return nil }
        let kept = keepTail(from: offset)
        let wanted = Int(min(UInt64(max(length, ahead)), limit - offset))
        if bytes.count < wanted {
            bytes += [UInt8](repeating: 0, count: wanted - bytes.count)
        }
        start = offset
        count = kept
        count += try file.read(into: &bytes, kept..<wanted, at: offset + UInt64(kept))
        return count >= length ? 0 : nil
    }

    /// Moves what is already read from `offset` on to the front; returns how much that is.
    private mutating func keepTail(from offset: UInt64) -> Int {
        guard offset >= start, offset < start + UInt64(count) else { return 0 }
        let index = Int(offset - start)
        let kept = count - index
        guard index > 0 else { return kept }
        unsafe bytes.withUnsafeMutableBytes { buffer in
            let tail = unsafe UnsafeRawBufferPointer(rebasing: buffer[index..<index + kept])
            unsafe buffer.copyMemory(from: tail)
        }
        return kept
    }
}
