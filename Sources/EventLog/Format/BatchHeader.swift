internal import Bytes

/// A heap of a batch as its header describes it.
struct HeapExtent: Hashable, Sendable {
    var diskByteCount: UInt32 = 0
    var rawByteCount: UInt32 = 0
    var crc: UInt32 = 0
    var codec: UInt8 = HeapCodec.plain

    /// Bytes on disk with the zeros that follow.
    var paddedByteCount: Int { Int(diskByteCount) + padding(after: Int(diskByteCount)) }
}

/// The fixed first 192 bytes of a batch (FORMAT.md §2.3).
struct BatchHeader: Hashable, Sendable {
    var metadataByteCount: UInt32 = 0
    var salt: UInt64 = 0
    var relativePosition: UInt64 = 0
    var recordCount: UInt32 = 0
    var streamCount: UInt32 = 0
    var typeMask: UInt64 = 0
    var time: UInt64 = 0
    var promise: UInt64 = 0
    var producer: UInt64 = 0
    var sequence: UInt64 = 0
    var metadataCRC: UInt32 = 0
    var facts = HeapExtent()
    var content = HeapExtent()
    var flags: BatchFlags = []
    var typeCount: UInt16 = 0
    var stageCount: UInt16 = 0
    var streamTableByteCount: UInt32 = 0
    /// Of a batch that holds erased records: the beginning of the digest of what is left of it.
    var remainder: UInt64 = 0
    /// Of such a batch: zeros after its content, where more was before.
    var vacatedByteCount = 0
    /// Of a batch that holds erased records it is that of the batch as it was appended.
    var digest = SHA256Digest.zero
    var chain = SHA256Digest.zero

    /// Where the facts begin in the frame.
    var factsOffset: Int { Layout.batchHeaderByteCount + Int(metadataByteCount) }
    /// Where the content begins in the frame.
    var contentOffset: Int { factsOffset + facts.paddedByteCount }
    /// Where the trailer begins in the frame.
    var trailerOffset: Int { contentOffset + content.paddedByteCount + vacatedByteCount }
    /// The length of the whole frame.
    var frameByteCount: Int { trailerOffset + Layout.trailerByteCount }
    /// The relative position after the batch.
    var relativeEnd: UInt64 { relativePosition &+ UInt64(recordCount) }

    /// The 192 bytes.
    func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Layout.batchHeaderByteCount)
        for word in [Layout.batchMagic, 0, UInt32(frameByteCount), metadataByteCount] {
            bytes.appendLittleEndian(word)
        }
        bytes.appendLittleEndian(salt)
        bytes.appendLittleEndian(relativePosition)
        bytes.appendLittleEndian(recordCount)
        bytes.appendLittleEndian(streamCount)
        for word in [typeMask, time, promise, producer, sequence] {
            bytes.appendLittleEndian(word)
        }
        bytes.appendLittleEndian(metadataCRC)
        for heap in [facts, content] {
            bytes.appendLittleEndian(heap.diskByteCount)
            bytes.appendLittleEndian(heap.rawByteCount)
            bytes.appendLittleEndian(heap.crc)
        }
        bytes.append(facts.codec)
        bytes.append(content.codec)
        bytes.appendLittleEndian(flags.rawValue)
        bytes.appendLittleEndian(typeCount)
        bytes.appendLittleEndian(stageCount)
        bytes.appendLittleEndian(streamTableByteCount)
        bytes.appendLittleEndian(remainder)
        bytes += digest.bytes
        bytes += chain.bytes
        bytes.store(Checksum.crc32c(bytes.span.extracting(8...)), at: 4)
        return bytes
    }

    /// Reads the 192 bytes at `start` if their checksum holds; what is wrong otherwise.
    static func parse(_ bytes: Span<UInt8>, at start: Int) throws(FrameFault) -> BatchHeader {
        guard bytes.littleEndian(at: start) == Layout.batchMagic else { throw .magic }
        let covered = bytes.extracting(start + 8..<start + Layout.batchHeaderByteCount)
        guard bytes.littleEndian(at: start + 4) == Checksum.crc32c(covered) else {
            throw .headerChecksum
        }
        var header = BatchHeader(unchecked: bytes, at: start)
        guard header.isConsistent else { throw .headerFields }
        let byteCount = Int(bytes.littleEndian(at: start + 8, as: UInt32.self))
        if header.holdsErased { header.vacatedByteCount = byteCount - header.frameByteCount }
        guard byteCount == header.frameByteCount, header.vacatedByteCount >= 0,
            header.vacatedByteCount.isMultiple(of: 8), header.holdsErased || header.remainder == 0
        else { throw .headerFields }
        return header
    }

    private init(unchecked bytes: Span<UInt8>, at start: Int) {
        metadataByteCount = bytes.littleEndian(at: start + 12)
        salt = bytes.littleEndian(at: start + 16)
        relativePosition = bytes.littleEndian(at: start + 24)
        recordCount = bytes.littleEndian(at: start + 32)
        streamCount = bytes.littleEndian(at: start + 36)
        typeMask = bytes.littleEndian(at: start + 40)
        time = bytes.littleEndian(at: start + 48)
        promise = bytes.littleEndian(at: start + 56)
        producer = bytes.littleEndian(at: start + 64)
        sequence = bytes.littleEndian(at: start + 72)
        metadataCRC = bytes.littleEndian(at: start + 80)
        facts = HeapExtent(bytes, at: start + 84, codec: bytes[start + 108])
        content = HeapExtent(bytes, at: start + 96, codec: bytes[start + 109])
        flags = BatchFlags(rawValue: bytes.littleEndian(at: start + 110))
        typeCount = bytes.littleEndian(at: start + 112)
        stageCount = bytes.littleEndian(at: start + 114)
        streamTableByteCount = bytes.littleEndian(at: start + 116)
        remainder = bytes.littleEndian(at: start + 120)
        digest = SHA256Digest(bytes, at: start + 128)
        chain = SHA256Digest(bytes, at: start + 160)
    }

    init() {}

    /// Whether the fields agree with each other and with the limits: a checksum proves that the
    /// bytes are those written, not that they were written by this program.
    private var isConsistent: Bool {
        flags.isKnown && (1...UInt32(Layout.recordsMax)).contains(recordCount)
            && relativePosition <= Layout.positionMax
            && facts.isConsistent && content.isConsistent
            && (isGap ? isConsistentGap : isConsistentBatch)
    }

    private var isConsistentBatch: Bool {
        (1...recordCount).contains(streamCount)
            && typeCount > 0 && stageCount > 0
            && metadataByteCount.isMultiple(of: 8)
            && metadataByteCount >= recordCount * 32
            && metadataByteCount <= Layout.metadataBytesMax
            && streamTableByteCount <= facts.rawByteCount
            && streamTableByteCount >= streamCount * 4
    }
}

extension HeapExtent {
    init(_ bytes: Span<UInt8>, at offset: Int, codec: UInt8) {
        diskByteCount = bytes.littleEndian(at: offset)
        rawByteCount = bytes.littleEndian(at: offset + 4)
        crc = bytes.littleEndian(at: offset + 8)
        self.codec = codec
    }

    fileprivate var isConsistent: Bool {
        rawByteCount <= Layout.heapBytesMax && diskByteCount <= rawByteCount
            && (codec == HeapCodec.plain && diskByteCount == rawByteCount
                || codec == HeapCodec.zstd)
    }
}
