internal import Bytes

/// Finds the frames of a segment that have to be replaced, and makes those that replace them.
struct SegmentErasure: ~Copyable {
    let file: SegmentFile
    let erased: Set<EventPosition>
    /// Where the batches end.
    let limit: UInt64
    /// The new frames and their offsets, in order.
    private(set) var frames: [(offset: UInt64, bytes: [UInt8])] = []
    private(set) var report = ErasureReport()
    private var batch = EventBatch()
    private let decoder = HeapDecoder()

    init(_ file: SegmentFile, erasing erased: Set<EventPosition>, limit: UInt64) {
        self.file = file
        self.erased = erased
        self.limit = limit
    }

    /// Looks through all of the segment's batches.
    mutating func run() throws(LogError) {
        var offset = UInt64(Layout.segmentStartByteCount)
        var position: UInt64 = 0
        while offset < limit {
            let header = try file.header(
                at: offset,
                relativePosition: position,
                limit: limit,
                ahead: ReadWindow.sparseByteCount,
                window: &batch.window
            )
            let first = file.base + position
            let positions = first..<first + UInt64(header.recordCount)
            if header.isGap {
                try empty(header, at: offset)
            } else if positions.contains(where: { erased.contains(EventPosition($0)) }) {
                try erase(header, at: offset)
            }
            offset += UInt64(header.frameByteCount)
            position += UInt64(header.recordCount)
        }
    }

    private mutating func frame(
        _ header: BatchHeader,
        at offset: UInt64
    ) throws(LogError) -> Int {
        let index = try batch.window.require(
            header.frameByteCount,
            at: offset,
            ahead: 0,
            limit: limit,
            file: file.file
        )
        guard let index else { throw file.corrupt(.short, at: offset) }
        return index
    }

    private mutating func erase(
        _ header: BatchHeader,
        at offset: UInt64
    ) throws(LogError) {
        let index = try frame(header, at: offset)
        do throws(FrameFault) {
            try batch.loadMetadata(header, at: index, base: file.base)
            try batch.loadFacts(header, at: index, decoder: decoder)
            try batch.loadContents(header, at: index, decoder: decoder)
        } catch {
            throw file.corrupt(error, at: offset)
        }
        let erasure = BatchErasure(batch, erasing: erased)
        guard !erasure.positions.isEmpty else { return }
        let namesStart = index + Layout.batchHeaderByteCount + Int(header.recordCount) * 32
        let buffer = batch.window.bytes
        let names = buffer.span.extracting(namesStart..<index + header.factsOffset)
        guard let bytes = erasure.frame(header, names: names) else {
            throw LogError(
                .limitExceeded,
                path: file.file.path,
                offset: offset,
                expected: "what is left of a batch in at most \(header.frameByteCount) bytes",
                found: "more",
                hint: "nothing of this segment was erased: the batch is tiny, and compresses worse"
                    + " without these events"
            )
        }
        frames.append((offset, bytes))
        report.events += erasure.positions
        report.byteCount += erasure.byteCount
    }

    /// A gap's content is damaged bytes, of which nobody can say whose they were.
    private mutating func empty(
        _ header: BatchHeader,
        at offset: UInt64
    ) throws(LogError) {
        let index = try frame(header, at: offset)
        let buffer = batch.window.bytes
        let content = buffer.span.extracting(
            index + header.contentOffset..<index + header.trailerOffset
        )
        guard !content.isZero else { return }
        let zeros = [UInt8](repeating: 0, count: Int(header.content.rawByteCount))
        let (start, trailer) = GapFrame(offset: offset, header: header).encoded(around: zeros)
        let padding = [UInt8](repeating: 0, count: content.count - zeros.count)
        frames.append((offset, start + zeros + padding + trailer))
        report.emptiedGaps += 1
    }

    /// Writes the segment with the new frames in their places; the old ones are never copied.
    func write(to target: OpenFile) throws(LogError) {
        var offset: UInt64 = 0
        for (start, bytes) in frames {
            try file.file.copy(offset..<start, to: target, at: offset)
            try target.write(bytes.span, at: start)
            offset = start + UInt64(bytes.count)
        }
        try file.file.copy(offset..<file.size, to: target, at: offset)
    }
}
