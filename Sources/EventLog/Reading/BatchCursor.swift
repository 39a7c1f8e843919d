internal import Bytes

/// What a cursor is asked for.
struct ScanRequest: Sendable {
    var from: UInt64
    var until: UInt64
    /// Wanted types; nil for all.
    var types: Set<String>?
    var mask = UInt64.max
    var content: Bool
}

/// Reads batch after batch, for those who want to hold the loop themselves;
/// ``EventLogReader/scan(from:until:types:content:_:)`` otherwise.
package struct BatchCursor: ~Copyable {
    /// The batch that the last ``next()`` read; meaningless before and after a false one.
    ///
    /// Loop over its events in a function that takes it as `borrowing`: each use of this property
    /// copies the batch's fields, which costs more than reading a record.
    package internal(set) var batch = EventBatch()

    private let reader: EventLogReader
    private var request: ScanRequest
    private let decoder = HeapDecoder()
    private var segmentIndex: Int
    private var segment: SegmentFile?
    /// Where the next header lies in its segment.
    private(set) var offset: UInt64 = 0
    private var position: UInt64 = 0
    /// Read-ahead for the next header: little if the last batch was passed over or its content.
    private var ahead = ReadWindow.sequentialByteCount

    init(reader: EventLogReader, request: ScanRequest) {
        self.reader = reader
        self.request = request
        let segments = reader.durableEnd.segments
        segmentIndex = max(0, (segments.firstIndex { $0 > request.from } ?? segments.count) - 1)
    }

    /// Reads the next batch; false at the end.
    package mutating func next() throws(LogError) -> Bool {
        while let (header, file) = try nextHeader() {
            let start = offset
            // A gap's mask is empty: no scan wants one.
            let isWanted =
                header.typeMask & request.mask != 0
                && position + UInt64(header.recordCount) > request.from
            advance(past: header)
            guard isWanted else {
                ahead = ReadWindow.sparseByteCount
                continue
            }
            if try load(header, at: start, in: file) { return true }
        }
        segment = nil
        return false
    }

    /// Has ``next()`` pass over, by their headers, the batches that lie wholly before a position; one
    /// that lies behind the cursor is out of reach.
    package mutating func skip(to position: EventPosition) {
        request.from = max(request.from, position.rawValue)
    }

    /// The header of the next batch, wanted or not, without moving past it.
    mutating func nextHeader() throws(LogError) -> (BatchHeader, SegmentFile)? {
        while let file = try currentSegment() {
            let isLast = segmentIndex == reader.durableEnd.segments.count - 1
            let end =
                isLast
                ? reader.durableEnd.position : reader.durableEnd.segments[segmentIndex + 1]
            if position >= min(end, request.until) {
                if isLast || position >= request.until { return nil }
                segmentIndex += 1
                segment = nil
                continue
            }
            do throws(LogError) {
                let header = try file.header(
                    at: offset,
                    relativePosition: position - file.base,
                    limit: limit(in: file),
                    ahead: ahead,
                    window: &batch.window
                )
                guard position + UInt64(header.recordCount) <= end else {
                    throw file.corrupt(.position, at: offset)
                }
                return (header, file)
            } catch {
                guard try passes(error, in: file) else {
                    throw try naming(error, upTo: end, in: file)
                }
            }
        }
        return nil
    }

    /// The offset that nothing is read past: what follows it may not be durable.
    private func limit(in file: SegmentFile) -> UInt64 {
        // The file's end counts as well: memory is given for what lies before the limit.
        file.base == reader.durableEnd.base ? min(reader.durableEnd.offset, file.size) : file.size
    }

    /// Moves past a batch.
    mutating func advance(past header: BatchHeader) {
        offset += UInt64(header.frameByteCount)
        position += UInt64(header.recordCount)
    }

    private mutating func currentSegment() throws(LogError) -> SegmentFile? {
        if let segment { return segment }
        let segments = reader.durableEnd.segments
        while segmentIndex < segments.count {
            let base = segments[segmentIndex]
            guard base < request.until else { return nil }
            // Before the first segment there is none to say that events are missing.
            if segmentIndex == 0, request.from < base { throw missing(request.from..<base) }
            let file = try SegmentFile.open(
                reader.directory,
                base: base,
                storeID: reader.storeID,
                storage: reader.storage
            )
            let isLast = segmentIndex == segments.count - 1
            offset = UInt64(Layout.segmentStartByteCount)
            position = base
            batch.window.reset()
            ahead = ReadWindow.sequentialByteCount
            segment = file
            // A footer helps only where something may be passed over.
            guard !isLast, request.mask != .max || request.from > base,
                let footer = try file.footer()?.footer
            else { return file }
            if request.mask == .max || footer.typeMask & request.mask != 0 {
                jump(to: footer, base: base, size: file.size)
                return file
            }
            let end = base &+ footer.events
            let next = segments[segmentIndex + 1]
            if end < next { throw missing(end..<next) }
            segment = nil
            segmentIndex += 1
        }
        return nil
    }

    /// The error for events whose segments are not there.
    private func missing(_ positions: Range<UInt64>) -> LogError {
        let last = EventPosition(positions.upperBound - 1)
        return LogError(
            .corrupt,
            path: StorePath.segment(reader.directory, base: positions.lowerBound),
            positions: EventPosition(positions.lowerBound)...last,
            expected: "the segment of event \(positions.lowerBound)",
            found: "none",
            hint:
                "restore the segment from a backup of this store; 'annals log repair' shows what can be done without"
        )
    }

    private mutating func jump(to footer: SegmentFooter, base: UInt64, size: UInt64) {
        guard request.from > base, let entry = footer.entry(before: request.from - base),
            entry.offset < size
        else { return }
        offset = entry.offset
        position = base + entry.relativePosition
    }

    /// Reads the batch's events; false if none is of a wanted type after all.
    private mutating func load(
        _ header: BatchHeader,
        at start: UInt64,
        in file: SegmentFile
    ) throws(LogError) -> Bool {
        let wantsContent = request.content && header.content.rawByteCount > 0
        let passesOver = !wantsContent && header.content.paddedByteCount > 64 << 10
        ahead = passesOver ? ReadWindow.sparseByteCount : ReadWindow.sequentialByteCount
        let length = wantsContent ? header.frameByteCount : header.contentOffset
        let index = try batch.window.require(
            length,
            at: start,
            ahead: passesOver ? 0 : ahead,
            limit: limit(in: file),
            file: file.file
        )
        do throws(FrameFault) {
            guard let index else { throw FrameFault.short }
            try batch.loadMetadata(header, at: index, base: file.base)
            if let types = request.types, types.isDisjoint(with: batch.types) { return false }
            try batch.loadFacts(header, at: index, decoder: decoder)
            if wantsContent { try batch.loadContents(header, at: index, decoder: decoder) }
            batch.hasContents = request.content
            batch.limitIndices(from: request.from, until: request.until)
            return true
        } catch {
            var failure = file.corrupt(error, at: start)
            let first = EventPosition(file.base + header.relativePosition)
            failure.positions = first...first.advanced(by: Int(header.recordCount) - 1)
            throw failure
        }
    }

    /// Goes on behind damage that lies wholly before the wanted events; false where it does not.
    private mutating func passes(
        _ error: LogError,
        in file: SegmentFile
    ) throws(LogError) -> Bool {
        guard error.code == .corrupt, position < request.from,
            let next = try batchBehindDamage(in: file),
            file.base + next.header.relativePosition <= request.from
        else { return false }
        offset = next.offset
        position = file.base + next.header.relativePosition
        return true
    }

    /// Adds to an error which events are lost: up to the next batch that can be found.
    private func naming(
        _ error: LogError,
        upTo end: UInt64,
        in file: SegmentFile
    ) throws(LogError) -> LogError {
        guard error.code == .corrupt else { return error }
        let next = try batchBehindDamage(in: file)
        let lostEnd = min(end, next.map { file.base + $0.header.relativePosition } ?? end)
        var named = error
        named.positions = EventPosition(position)...EventPosition(max(position, lostEnd - 1))
        return named
    }

    private func batchBehindDamage(
        in file: SegmentFile
    ) throws(LogError) -> (offset: UInt64, header: BatchHeader)? {
        try file.nextHeader(
            after: offset,
            beyond: position - file.base,
            limit: min(limit(in: file), file.size)
        )
    }
}

extension EventBatch {
    /// Narrows ``indices`` to the positions asked for.
    mutating func limitIndices(from: UInt64, until: UInt64) {
        let first = firstPosition.rawValue
        let lower = from > first ? Int(min(from - first, UInt64(count))) : 0
        let upper = until > first ? Int(min(until - first, UInt64(count))) : 0
        indices = lower..<max(lower, upper)
    }
}
