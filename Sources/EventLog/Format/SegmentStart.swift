internal import Bytes

/// The first page of a segment: its own header, and the block that ties it into a log
/// (FORMAT.md §2.1, §2.2).
struct SegmentStart: Hashable, Sendable {
    var salt: UInt64
    var storeID: StoreID
    var base: UInt64
    var predecessorBase = Layout.noPredecessor
    var predecessorByteCount: UInt64 = 0
    var predecessorSalt: UInt64 = 0
    /// The log chain at the base.
    var logChain = SHA256Digest.zero
    /// Whether a repair could not know the log chain, which then is zero.
    var hidesChain = false

    /// The 4096 bytes of a segment that has not joined a log.
    static func detached(salt: UInt64) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Layout.segmentStartByteCount)
        bytes.store(Layout.segmentMagic, at: 0)
        bytes.store(Layout.format, at: 12)
        bytes.store(salt, at: 16)
        bytes.store(
            Checksum.crc32c(bytes.span.extracting(12..<Layout.segmentHeaderByteCount)),
            at: 8
        )
        return bytes
    }

    /// The 4096 bytes.
    func encoded() -> [UInt8] {
        var bytes = Self.detached(salt: salt)
        bytes.store(Layout.joinMagic, at: 512)
        bytes.store(UInt32(hidesChain ? 1 : 0), at: 524)
        bytes.store(storeID.high.bigEndian, at: 528)
        bytes.store(storeID.low.bigEndian, at: 536)
        bytes.store(base, at: 544)
        bytes.store(predecessorBase, at: 552)
        bytes.store(predecessorByteCount, at: 560)
        bytes.store(predecessorSalt, at: 568)
        bytes.store(logChain.bytes, at: 576)
        bytes.store(Checksum.crc32c(bytes.span.extracting(524...)), at: 520)
        return bytes
    }

    /// Reads the 4096 bytes; throws what is wrong in words.
    static func parse(_ bytes: Span<UInt8>) throws(StartFault) -> SegmentStart {
        let salt = try parseHeader(bytes)
        return try parseJoin(bytes, salt: salt)
    }

    /// Reads the salt from the header block alone.
    static func parseHeader(_ bytes: Span<UInt8>) throws(StartFault) -> UInt64 {
        guard bytes.littleEndian(at: 0) == Layout.segmentMagic,
            bytes.littleEndian(at: 8)
                == Checksum.crc32c(bytes.extracting(12..<Layout.segmentHeaderByteCount))
        else { throw .header }
        guard bytes.littleEndian(at: 12) == Layout.format else { throw .format }
        return bytes.littleEndian(at: 16)
    }

    /// Reads the join block alone.
    static func parseJoin(
        _ bytes: Span<UInt8>,
        salt: UInt64
    ) throws(StartFault) -> SegmentStart {
        guard bytes.littleEndian(at: 512) == Layout.joinMagic,
            bytes.littleEndian(at: 520) == Checksum.crc32c(bytes.extracting(524...))
        else { throw .join }
        let flags: UInt32 = bytes.littleEndian(at: 524)
        guard flags <= 1 else { throw .format }
        return SegmentStart(
            salt: salt,
            storeID: StoreID(
                high: UInt64(bigEndian: bytes.littleEndian(at: 528)),
                low: UInt64(bigEndian: bytes.littleEndian(at: 536))
            ),
            base: bytes.littleEndian(at: 544),
            predecessorBase: bytes.littleEndian(at: 552),
            predecessorByteCount: bytes.littleEndian(at: 560),
            predecessorSalt: bytes.littleEndian(at: 568),
            logChain: SHA256Digest(bytes, at: 576),
            hidesChain: flags == 1
        )
    }

    /// Reads the 4096 bytes of a segment that has not joined a log.
    static func parseDetached(_ bytes: Span<UInt8>) throws(StartFault) -> SegmentStart {
        let salt = try parseHeader(bytes)
        guard bytes.extracting(Layout.segmentHeaderByteCount...).isZero else { throw .joined }
        return SegmentStart(salt: salt, storeID: StoreID(high: 0, low: 0), base: 0)
    }
}

/// What is wrong with a segment's first page.
enum StartFault: String, Error {
    case header = "a segment header that fails its checksum"
    case format = "a segment of another format"
    case join = "a join block that fails its checksum"
    case joined = "a segment that is part of a log"

    /// How it is reported.
    var code: LogError.Code {
        switch self {
        case .header, .join: .corrupt
        case .format: .newerFormat
        case .joined: .unjoinable
        }
    }
}
