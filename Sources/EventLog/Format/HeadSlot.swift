internal import Bytes

/// Up to where the log is durable, as HEAD says (FORMAT.md §1.2).
struct HeadSlot: Hashable, Sendable {
    var sequence: UInt64
    var position: UInt64
    var base: UInt64
    var offset: UInt64
    var salt: UInt64
    var storeID: StoreID
    var chain: SHA256Digest

    /// Whether the log had no segment.
    var isOfEmptyLog: Bool { offset == 0 }

    /// Where the slot lies in HEAD.
    var fileOffset: UInt64 { (sequence & 1) * UInt64(Layout.headSlotByteCount) }

    /// The 512 bytes.
    func encoded() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Layout.headSlotByteCount)
        bytes.store(Layout.headMagic, at: 0)
        bytes.store(sequence, at: 8)
        bytes.store(position, at: 16)
        bytes.store(base, at: 24)
        bytes.store(offset, at: 32)
        bytes.store(salt, at: 40)
        bytes.store(storeID.high.bigEndian, at: 48)
        bytes.store(storeID.low.bigEndian, at: 56)
        bytes.store(chain.bytes, at: 64)
        bytes.store(Checksum.crc32c(bytes.span.extracting(8...)), at: 4)
        return bytes
    }

    /// Reads one slot of HEAD's 1024 bytes; nil if it is not valid for this store.
    static func parse(_ head: Span<UInt8>, slot: Int, storeID: StoreID) -> HeadSlot? {
        let start = slot * Layout.headSlotByteCount
        guard head.count >= start + Layout.headSlotByteCount else { return nil }
        let bytes = head.extracting(start..<start + Layout.headSlotByteCount)
        guard bytes.littleEndian(at: 0) == Layout.headMagic,
            bytes.littleEndian(at: 4) == Checksum.crc32c(bytes.extracting(8...))
        else { return nil }
        let parsed = HeadSlot(
            sequence: bytes.littleEndian(at: 8),
            position: bytes.littleEndian(at: 16),
            base: bytes.littleEndian(at: 24),
            offset: bytes.littleEndian(at: 32),
            salt: bytes.littleEndian(at: 40),
            storeID: StoreID(
                high: UInt64(bigEndian: bytes.littleEndian(at: 48)),
                low: UInt64(bigEndian: bytes.littleEndian(at: 56))
            ),
            chain: SHA256Digest(bytes, at: 64)
        )
        guard parsed.sequence & 1 == UInt64(slot), parsed.storeID == storeID,
            parsed.sequence <= Layout.sequenceMax, parsed.offset <= Layout.fileBytesMax,
            parsed.position >= parsed.base, parsed.position <= Layout.positionMax,
            parsed.offset >= Layout.segmentStartByteCount
                || parsed.isOfEmptyLog && parsed.position == 0
        else { return nil }
        return parsed
    }

    /// The newest valid slot of HEAD's bytes.
    static func newest(_ head: Span<UInt8>, storeID: StoreID) -> HeadSlot? {
        let first = parse(head, slot: 0, storeID: storeID)
        guard let second = parse(head, slot: 1, storeID: storeID) else { return first }
        guard let first, first.sequence > second.sequence else { return second }
        return first
    }
}
