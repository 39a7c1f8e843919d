internal import Bytes

/// The segment that is written to.
struct ActiveSegment: Sendable {
    let file: OpenFile
    let base: UInt64
    let salt: UInt64
    /// The log chain at the base.
    let logChain: SHA256Digest
    /// The durable end of the batches; of the file, once sealed.
    var offset: UInt64
    /// What the footer will say.
    var summary: SegmentFooter
    var isSealed = false

    var isEmpty: Bool { summary.batches == 0 }
    /// The position after the last event.
    var end: UInt64 { base + summary.events }

    /// Makes a segment, durably, under its name.
    static func create(
        _ directory: String,
        start: SegmentStart,
        storage: any LogStorage
    ) throws(LogError) -> ActiveSegment {
        let log = StorageDirectory(storage: storage, path: StorePath.log(directory))
        let name = StorePath.segmentName(base: start.base)
        return ActiveSegment(
            file: try log.install(name, start.encoded()),
            base: start.base,
            salt: start.salt,
            logChain: start.logChain,
            offset: UInt64(Layout.segmentStartByteCount),
            summary: SegmentFooter(salt: start.salt)
        )
    }

    /// The first page of the segment after this one, which is sealed.
    func successorStart(salt: UInt64, storeID: StoreID) -> SegmentStart {
        SegmentStart(
            salt: salt,
            storeID: storeID,
            base: end,
            predecessorBase: base,
            predecessorByteCount: offset,
            predecessorSalt: self.salt,
            logChain: BatchDigest.logChain(after: logChain, segmentChain: summary.chain)
        )
    }

    /// The header of a batch at the end of this segment.
    func place(_ batch: EncodedBatch, time: UInt64) -> BatchHeader {
        var header = batch.header
        header.salt = salt
        header.relativePosition = summary.events
        header.time = time
        header.promise = offset
        header.chain = BatchDigest.chain(
            after: summary.chain,
            digest: header.digest,
            time: time
        )
        return header
    }
}
