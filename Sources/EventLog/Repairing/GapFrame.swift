internal import Bytes

/// A gap to be written: where, and its header but for what depends on the bytes under it.
struct GapFrame: Hashable, Sendable {
    let offset: UInt64
    let header: BatchHeader

    /// The offset after it.
    var end: UInt64 { offset + UInt64(header.frameByteCount) }

    /// What the damaged bytes between its header and its trailer are in the file.
    var contentRange: Range<UInt64> {
        let start = offset + UInt64(Layout.batchHeaderByteCount)
        return start..<start + UInt64(header.content.rawByteCount)
    }

    /// The bytes of header and trailer, around `content`, which stays where it is.
    func encoded(around content: [UInt8]) -> (header: [UInt8], trailer: [UInt8]) {
        var header = header
        header.content.crc = Checksum.crc32c(content.span)
        header.digest = BatchDigest.digest(of: header, gapContent: content.span)
        var trailer: [UInt8] = []
        trailer.appendLittleEndian(UInt32(header.frameByteCount))
        trailer.appendLittleEndian(Layout.batchEndMagic)
        return (header.encoded(), trailer)
    }
}

/// A stretch of a segment whose events are lost.
struct LostStretch: Hashable, Sendable {
    /// Where it lies in the file, in whole words of eight bytes.
    var bytes: Range<UInt64>
    /// The lost events, relative to the base.
    var positions: Range<UInt64>
    /// The time of the last lost batch, 0 if that is lost, too.
    var time: UInt64 = 0
    /// The chain hash after the last lost batch, if it is known.
    var chain: SHA256Digest?

    /// The gaps that stand for it: one, unless it is over the limits of a batch; nil if its bytes
    /// have no room for them.
    func frames(salt: UInt64) -> [GapFrame]? {
        let recordsMax = UInt64(Layout.recordsMax)
        let bytesMax = UInt64(Layout.heapBytesMax)
        let least = UInt64(Layout.frameBytesMin)
        let count = max(
            1,
            (UInt64(positions.count) + recordsMax - 1) / recordsMax,
            (UInt64(bytes.count) + bytesMax - 1) / bytesMax
        )
        guard bytes.count.isMultiple(of: 8), count <= UInt64(Layout.gapFramesMax),
            UInt64(bytes.count) >= count * least,
            UInt64(positions.count) >= count
        else { return nil }
        var frames: [GapFrame] = []
        var offset = bytes.lowerBound
        var position = positions.lowerBound
        for left in stride(from: count, to: 0, by: -1) {
            let share = (bytes.upperBound - offset) / left & ~7
            let byteCount = left == 1 ? bytes.upperBound - offset : share
            let records = (positions.upperBound - position + left - 1) / left
            frames.append(
                frame(offset..<offset + byteCount, position, records, salt, isLast: left == 1)
            )
            offset += byteCount
            position += records
        }
        return frames
    }

    private func frame(
        _ bytes: Range<UInt64>,
        _ position: UInt64,
        _ records: UInt64,
        _ salt: UInt64,
        isLast: Bool
    ) -> GapFrame {
        let contentByteCount = UInt32(bytes.count - Layout.frameBytesMin)
        var header = BatchHeader()
        header.salt = salt
        header.relativePosition = position
        header.recordCount = UInt32(records)
        header.time = isLast ? time : 0
        header.promise = bytes.lowerBound
        header.content.diskByteCount = contentByteCount
        header.content.rawByteCount = contentByteCount
        header.flags = .gap
        if isLast, let chain {
            header.chain = chain
        } else {
            header.flags.insert(.chainUnknown)
        }
        return GapFrame(offset: bytes.lowerBound, header: header)
    }
}
