internal import Bytes
internal import CZstd

/// Codecs of a heap (FORMAT.md §2.3).
enum HeapCodec {
    static let plain: UInt8 = 0
    static let zstd: UInt8 = 1

    /// Appends a heap to a frame's bytes, compressed if that saves at least one byte in sixteen:
    /// less is not worth the time that every reader would spend.
    static func append(
        _ raw: [UInt8],
        to frame: inout [UInt8],
        compression: Compression
    ) -> HeapExtent {
        var extent = HeapExtent(rawByteCount: UInt32(raw.count))
        let start = frame.count
        if case .zstd(let level) = compression, raw.count >= 64,
            let compressed = compressed(raw.span, level: level, limit: raw.count - raw.count / 16)
        {
            frame += compressed
            extent.codec = zstd
        } else {
            frame += raw
        }
        extent.diskByteCount = UInt32(frame.count - start)
        extent.crc = Checksum.crc32c(frame.span.extracting(start...))
        frame.padToEight()
        return extent
    }

    /// Appends a heap to a frame's bytes in as few as can be had at some levels: a heap that was
    /// stored plain stays so.
    static func append(
        _ raw: [UInt8],
        to frame: inout [UInt8],
        codec: UInt8,
        levels: ArraySlice<Int32>
    ) -> HeapExtent {
        var extent = HeapExtent(rawByteCount: UInt32(raw.count))
        let start = frame.count
        var shortest = raw
        for level in levels where codec == zstd && shortest.count > 1 {
            guard
                let next = compressed(raw.span, level: level, limit: shortest.count - 1)
            else { continue }
            shortest = next
            extent.codec = zstd
        }
        frame += shortest
        extent.diskByteCount = UInt32(shortest.count)
        extent.crc = Checksum.crc32c(frame.span.extracting(start...))
        frame.padToEight()
        return extent
    }

    private static func compressed(
        _ raw: Span<UInt8>,
        level: Int32,
        limit: Int
    ) -> [UInt8]? {
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { output, count in
            count = unsafe raw.withUnsafeBytes { input in
                let size = unsafe ZSTD_compress(
                    output.baseAddress,
                    limit,
                    input.baseAddress,
                    input.count,
                    level
                )
                return ZSTD_isError(size) == 0 ? size : 0
            }
        }
        return bytes.isEmpty ? nil : bytes
    }
}

/// Decompresses heaps, keeping zstd's working memory from one to the next.
@safe
struct HeapDecoder: ~Copyable {
    private let context: OpaquePointer?

    init() {
        unsafe context = ZSTD_createDCtx()
    }

    deinit {
        unsafe ZSTD_freeDCtx(context)
    }

    /// Decompresses a heap of `count` bytes, as its checked header says, to the front of
    /// `output`, which grows but never shrinks.
    func decompress(
        _ bytes: Span<UInt8>,
        to count: Int,
        in output: inout [UInt8]
    ) throws(FrameFault) {
        let declared = unsafe bytes.withUnsafeBytes { input in
            unsafe ZSTD_getFrameContentSize(input.baseAddress, input.count)
        }
        // The frame's own word is compared before memory is given for it, and with what so many
        // bytes can stand for at most: blocks of 128 KiB take four bytes each (RFC 8878 §3.1.1.2).
        guard declared == UInt64(count), count <= bytes.count << 15 else { throw .compression }
        if output.count < count {
            output += [UInt8](repeating: 0, count: count - output.count)
        }
        let size = unsafe output.withUnsafeMutableBytes { buffer in
            unsafe bytes.withUnsafeBytes { input in
                unsafe ZSTD_decompressDCtx(
                    context,
                    buffer.baseAddress,
                    count,
                    input.baseAddress,
                    input.count
                )
            }
        }
        guard ZSTD_isError(size) == 0, size == count else { throw .compression }
    }
}
