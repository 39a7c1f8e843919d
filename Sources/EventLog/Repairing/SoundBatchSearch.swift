/// Looks for batches behind damage.
struct SoundBatchSearch {
    let file: SegmentFile
    /// The relative position that no batch goes beyond; nil if that is not known.
    let limit: UInt64?

    /// The next batch behind a damaged place that is sound in every byte.
    ///
    /// One that lies where it was written (its promise is its own offset, as this program writes
    /// it) is preferred to one that may have been moved.
    func first(
        after start: UInt64,
        before stop: UInt64,
        position: UInt64
    ) throws(LogError) -> (offset: UInt64, header: BatchHeader)? {
        let earliest = start + UInt64(Layout.frameBytesMin)
        for isInPlace in [true, false] {
            var offset = earliest - 8
            while let next = try file.nextHeader(after: offset, beyond: position, limit: stop) {
                offset = next.offset
                if (next.header.promise == offset) == isInPlace,
                    next.header.relativeEnd <= limit ?? .max,
                    try isSound(next.header, at: offset, before: stop)
                {
                    return next
                }
            }
        }
        return nil
    }

    private func isSound(
        _ header: BatchHeader,
        at offset: UInt64,
        before stop: UInt64
    ) throws(LogError) -> Bool {
        var probe = SegmentScan(file, limit: stop, comparesDigests: true)
        probe.resume(at: offset, header)
        do throws(LogError) {
            try probe.next()
            return true
        } catch {
            guard error.code == .corrupt else { throw error }
            return false
        }
    }

    /// The first header from a damaged place on that is valid in its place and wanted, whatever
    /// the rest of its batch is like.
    func header(
        from start: UInt64,
        position: UInt64,
        where isWanted: (UInt64, BatchHeader) -> Bool
    ) throws(LogError) -> (offset: UInt64, header: BatchHeader)? {
        var window = ReadWindow()
        if let index = try window.require(
            Layout.batchHeaderByteCount,
            at: start,
            ahead: 0,
            limit: file.size,
            file: file.file
        ), let header = try? BatchHeader.parse(window.bytes.span, at: index),
            header.salt == file.start.salt, header.relativePosition >= position,
            header.promise == start, isWanted(start, header)
        {
            return (start, header)
        }
        var offset = start
        while let next = try file.nextHeader(after: offset, beyond: position, limit: file.size) {
            if next.header.promise == next.offset, isWanted(next.offset, next.header) {
                return next
            }
            offset = next.offset
        }
        return nil
    }
}
