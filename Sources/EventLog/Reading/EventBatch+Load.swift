internal import Bytes

extension EventBatch {
    /// Takes in the metadata of the frame at `index` in the window.
    mutating func loadMetadata(
        _ header: BatchHeader,
        at index: Int,
        base: UInt64
    ) throws(FrameFault) {
        let buffer = window.bytes
        let frame = buffer.span.extracting(index...)
        try FrameCheck.metadata(frame, header)
        let namesStart = Layout.batchHeaderByteCount + Int(header.recordCount) * 32
        try names.read(frame.extracting(namesStart..<header.factsOffset), header: header)
        firstPosition = EventPosition(base &+ header.relativePosition)
        count = Int(header.recordCount)
        indices = 0..<count
        time = header.time
        chain = header.chain
        streamCount = Int(header.streamCount)
        streamTableByteCount = Int(header.streamTableByteCount)
        streamNamesStart = streamCount * 4
        recordsStart = index + Layout.batchHeaderByteCount
        hasContents = false
        let records = frame.extracting(
            Layout.batchHeaderByteCount..<Layout.batchHeaderByteCount + count * 32
        )
        try FrameCheck.records(records, header, firstPosition: firstPosition.rawValue)
    }

    /// Takes in the facts, after the metadata.
    mutating func loadFacts(
        _ header: BatchHeader,
        at index: Int,
        decoder: borrowing HeapDecoder
    ) throws(FrameFault) {
        let buffer = window.bytes
        try FrameCheck.facts(buffer.span.extracting(index...), header)
        try facts.load(
            header.facts,
            from: buffer.span,
            at: index + header.factsOffset,
            decoder: decoder
        )
        try FrameCheck.streamTable(factsHeap, header)
    }

    /// Takes in the contents, after the facts.
    mutating func loadContents(
        _ header: BatchHeader,
        at index: Int,
        decoder: borrowing HeapDecoder
    ) throws(FrameFault) {
        let buffer = window.bytes
        try FrameCheck.content(buffer.span.extracting(index...), header)
        try content.load(
            header.content,
            from: buffer.span,
            at: index + header.contentOffset,
            decoder: decoder
        )
        hasContents = true
    }
}

extension HeapView {
    mutating func load(
        _ extent: HeapExtent,
        from window: Span<UInt8>,
        at start: Int,
        decoder: borrowing HeapDecoder
    ) throws(FrameFault) {
        guard extent.codec == HeapCodec.zstd else {
            isInWindow = true
            self.start = start
            return
        }
        isInWindow = false
        self.start = 0
        let disk = window.extracting(start..<start + Int(extent.diskByteCount))
        try decoder.decompress(disk, to: Int(extent.rawByteCount), in: &decompressed)
    }
}
