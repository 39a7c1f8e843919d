internal import Bytes

/// The first page that the next segment must have, as the segment before it tells.
struct ExpectedStart: Hashable, Sendable {
    /// All of it but the salt, which is the segment's own.
    var start: SegmentStart
    /// False after a repaired segment: the next one remembers its length from before.
    var knowsLength = true
    /// False after a segment that ends with a gap, or begins behind one, whose chain is lost.
    var knowsChain = true

    /// The first page of a log's first segment.
    init(firstOf storeID: StoreID) {
        start = SegmentStart(salt: 0, storeID: storeID, base: 0)
    }

    /// The first page of the segment after a sealed one.
    init(after segment: SegmentStart, byteCount: UInt64, _ footer: SegmentFooter) {
        knowsLength = !footer.flags.contains(.gaps)
        knowsChain = !footer.flags.contains(.chainUnknown) && !segment.hidesChain
        start = SegmentStart(
            salt: 0,
            storeID: segment.storeID,
            base: segment.base &+ footer.events,
            predecessorBase: segment.base,
            predecessorByteCount: byteCount,
            predecessorSalt: segment.salt,
            logChain: knowsChain
                ? BatchDigest.logChain(after: segment.logChain, segmentChain: footer.chain)
                : .zero,
            hidesChain: !knowsChain
        )
    }

    /// Whether a segment may be the next.
    func admits(_ found: SegmentStart) -> Bool {
        var wanted = start
        wanted.salt = found.salt
        if !knowsLength { wanted.predecessorByteCount = found.predecessorByteCount }
        if !knowsChain {
            wanted.logChain = found.logChain
            wanted.hidesChain = found.hidesChain
        }
        return wanted == found
    }
}
