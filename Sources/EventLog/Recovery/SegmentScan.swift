internal import Bytes

/// Walks a segment's batches with every check, for recovery and for verification.
struct SegmentScan: ~Copyable {
    let file: SegmentFile
    /// Where to stop: the file's end, or the durable end.
    let limit: UInt64
    /// Whether heaps are decompressed and compared with the digests as well.
    let comparesDigests: Bool
    /// The end of the sound batches so far.
    private(set) var offset = UInt64(Layout.segmentStartByteCount)
    /// What a footer should say of the sound batches so far.
    private(set) var summary: SegmentFooter
    /// False after a jump over damage, for one batch: its predecessor's chain hash is lost.
    private var knowsChain = true
    private var batch = EventBatch()
    private let decoder = HeapDecoder()

    init(_ file: SegmentFile, limit: UInt64, comparesDigests: Bool) {
        self.file = file
        self.limit = limit
        self.comparesDigests = comparesDigests
        summary = SegmentFooter(salt: file.start.salt)
    }

    /// The relative position after the sound batches so far.
    var relativePosition: UInt64 { summary.events }

    /// Checks the next batch, takes it in and returns its header; throws
    /// ``LogError/Code/corrupt`` at a bad one.
    @discardableResult
    mutating func next() throws(LogError) -> BatchHeader {
        let header = try file.header(
            at: offset,
            relativePosition: relativePosition,
            limit: limit,
            ahead: ReadWindow.sequentialByteCount,
            window: &batch.window
        )
        let index = try batch.window.require(
            header.frameByteCount,
            at: offset,
            ahead: ReadWindow.sequentialByteCount,
            limit: limit,
            file: file.file
        )
        do throws(FrameFault) {
            guard let index else { throw FrameFault.short }
            try check(header, at: index)
        } catch {
            throw file.corrupt(error, at: offset)
        }
        knowsChain = !header.hidesChain
        summary.add(header, at: offset, typeCounts: header.isGap ? [] : typeCounts())
        offset += UInt64(header.frameByteCount)
        return header
    }

    /// Goes on behind a damaged place, at a batch whose header is sound.
    mutating func resume(at offset: UInt64, _ header: BatchHeader) {
        self.offset = offset
        summary.events = header.relativePosition
        knowsChain = false
    }

    /// Goes on behind a damaged place for which a gap will stand, as if it were there.
    mutating func pass(_ gap: GapFrame) {
        summary.add(gap.header, at: offset, typeCounts: [])
        knowsChain = !gap.header.hidesChain
        offset = gap.end
    }

    private mutating func check(_ header: BatchHeader, at index: Int) throws(FrameFault) {
        guard !header.isGap else { return try checkGap(header, at: index) }
        try batch.loadMetadata(header, at: index, base: file.base)
        let buffer = batch.window.bytes
        let frame = buffer.span.extracting(index..<index + header.frameByteCount)
        try FrameCheck.facts(frame, header)
        try FrameCheck.content(frame, header)
        let chain = BatchDigest.chain(
            after: summary.chain,
            digest: header.digest,
            time: header.time
        )
        guard chain == header.chain || !knowsChain else { throw .chain }
        guard comparesDigests else { return }
        try batch.loadFacts(header, at: index, decoder: decoder)
        try batch.loadContents(header, at: index, decoder: decoder)
        let metadata = frame.extracting(Layout.batchHeaderByteCount..<header.factsOffset)
        let facts = batch.factsHeap.extracting(first: Int(header.facts.rawByteCount))
        let content = batch.contentHeap.extracting(first: Int(header.content.rawByteCount))
        let digest = BatchDigest.digest(
            of: header,
            metadata: metadata,
            facts: facts,
            content: content
        )
        if header.holdsErased {
            guard digest.bytes.span.littleEndian(at: 0) == header.remainder else { throw .digest }
            for index in 0..<batch.count where batch.isErased(index) {
                guard batch.hasNoFacts(index) else { throw .erasure }
            }
            return
        }
        guard digest == header.digest else { throw .digest }
    }

    /// The positions of the erased records of the batch that ``next()`` has just taken in.
    var erased: [EventPosition] {
        (0..<batch.count).compactMap { index in
            batch.isErased(index) ? batch.firstPosition.advanced(by: index) : nil
        }
    }

    /// A gap has bytes, but no events, and its chain hash is that of the last lost batch.
    private func checkGap(_ header: BatchHeader, at index: Int) throws(FrameFault) {
        let frame = batch.window.bytes.span.extracting(index..<index + header.frameByteCount)
        try FrameCheck.content(frame, header)
        guard comparesDigests else { return }
        let content = frame.extracting(header.contentOffset..<header.trailerOffset)
        guard
            BatchDigest.digest(
                of: header,
                gapContent: content.extracting(
                    first: Int(header.content.rawByteCount)
                )
            ) == header.digest
        else { throw .digest }
    }

    private func typeCounts() -> [(type: String, count: UInt64)] {
        var counts = batch.types.map { (type: $0, count: UInt64(0)) }
        for index in 0..<batch.count { counts[batch.typeIndex(index)].count += 1 }
        return counts.filter { $0.count > 0 }
    }
}
