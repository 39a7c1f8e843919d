internal import Bytes

/// The newest segment of a log: the one that is written to, or sealed.
struct ActiveSegment: Sendable {
    /// Another one after the segment was written anew.
    var file: OpenFile
    let start: SegmentStart
    /// The durable end of the batches; of the file, once sealed.
    var offset: UInt64
    /// What the footer says or will say.
    var summary: SegmentFooter
    var isSealed = false

    var base: UInt64 { start.base }
    var salt: UInt64 { start.salt }
    var isEmpty: Bool { summary.batches == 0 }
    /// The position after the last event.
    var end: UInt64 { base + summary.events }

    /// A segment in a file that has no batch yet.
    init(_ file: OpenFile, start: SegmentStart) {
        self.file = file
        self.start = start
        offset = UInt64(Layout.segmentStartByteCount)
        summary = SegmentFooter(salt: start.salt)
    }

    /// A sealed segment: a file of `byteCount` bytes that ends with a footer.
    init(_ file: OpenFile, start: SegmentStart, sealedBy footer: SegmentFooter, byteCount: UInt64) {
        self.init(file, start: start)
        offset = byteCount
        summary = footer
        isSealed = true
    }

    /// What the first page of the segment after this one, which is sealed, must be.
    var successor: ExpectedStart {
        ExpectedStart(after: start, byteCount: offset, summary)
    }

    /// The first page of the segment after this one, which is sealed.
    func successorStart(salt: UInt64) -> SegmentStart {
        var next = successor.start
        next.salt = salt
        return next
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

    /// Writes a placed batch at the end, where only ``add(_:_:)`` makes it part of the segment.
    func write(_ header: BatchHeader, _ batch: EncodedBatch) throws(LogError) {
        let bytes = header.encoded()
        try file.write(bytes.span, at: offset)
        try file.write(batch.body.span, at: offset + UInt64(bytes.count))
    }

    /// Takes in a batch that was written.
    mutating func add(_ header: BatchHeader, _ batch: EncodedBatch) {
        summary.add(header, at: offset, typeCounts: batch.typeCounts)
        offset += UInt64(batch.byteCount)
    }

    /// Writes the footer at the end, where only ``seal(_:)`` makes it part of the segment.
    func write(footer: [UInt8]) throws(LogError) {
        try file.write(footer.span, at: offset)
    }

    /// Takes in the footer that was written: nothing more is appended.
    mutating func seal(_ footer: [UInt8]) {
        offset += UInt64(footer.count)
        isSealed = true
    }
}
