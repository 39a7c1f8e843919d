internal import Bytes

/// How far a store may be read: a position, and where in which segment it lies (FORMAT.md §5).
struct DurableEnd: Hashable, Sendable {
    var position: UInt64
    var base: UInt64
    var offset: UInt64
    /// The bases of the segments up to that one, in order.
    var segments: [UInt64]

    /// Nothing is durable yet.
    static let empty = DurableEnd(position: 0, base: 0, offset: 0, segments: [])
}

/// Looks for the durable end of a store without a lock.
struct DurableEndSearch {
    let directory: String
    let storeID: StoreID
    let storage: any LogStorage

    /// The newest valid slot of HEAD.
    ///
    /// Read a few times: a slot being overwritten is torn for a moment, and both can be if this
    /// process sleeps between the two.
    func head() throws(LogError) -> HeadSlot? {
        let path = StorePath.head(directory)
        for _ in 0..<3 {
            guard
                let file = try OpenFile.openIfPresent(path, writable: false, storage: storage)
            else { return nil }
            let bytes = try file.bytes(at: 0, count: Layout.headByteCount)
            if let slot = HeadSlot.newest(bytes.span, storeID: storeID) { return slot }
        }
        return nil
    }

    /// Whether a slot of HEAD is valid.
    ///
    /// A writer may be in the middle of it: a slot is bad only if it stays so.
    func isSound(slot: Int) throws(LogError) -> Bool {
        let path = StorePath.head(directory)
        for _ in 0..<3 {
            guard
                let file = try OpenFile.openIfPresent(
                    path,
                    writable: false,
                    storage: storage
                )
            else { return false }
            let bytes = try file.bytes(at: 0, count: Layout.headByteCount + 1)
            if bytes.count == Layout.headByteCount,
                HeadSlot.parse(bytes.span, slot: slot, storeID: storeID) != nil
            {
                return true
            }
        }
        return false
    }

    /// The bases of the segments there are, in order.
    func bases() throws(LogError) -> [UInt64] {
        let log = StorageDirectory(storage: storage, path: StorePath.log(directory))
        var bases: [UInt64] = []
        for name in try log.names() ?? [] where name.hasSuffix(".seg") {
            guard let base = StorePath.base(ofSegmentNamed: name) else {
                throw LogError(
                    .corrupt,
                    path: log.path + "/" + name,
                    expected: "a segment named by its base",
                    found: "another name",
                    hint: "move the file away if it is not a segment"
                )
            }
            bases.append(base)
        }
        return bases.sorted()
    }

    /// The durable end.
    func run() throws(LogError) -> DurableEnd {
        var head = try head()
        while true {
            do throws(LogError) {
                return try end(head)
            } catch {
                // A last segment without a batch may have gone since HEAD was read.
                let newer = try self.head()
                guard error.code == .corrupt, newer != head else { throw error }
                head = newer
            }
        }
    }

    /// The durable end by what HEAD said before, so that its segment is in the directory.
    private func end(_ head: HeadSlot?) throws(LogError) -> DurableEnd {
        let bases = try bases()
        guard let last = bases.last else {
            if let head, head.position > 0 { throw missing(head, from: 0) }
            return .empty
        }
        let segment = try SegmentFile.open(
            directory,
            base: last,
            storeID: storeID,
            storage: storage
        )
        guard let head else { return try promised(segment, bases) }
        if head.base < last || head.isOfEmptyLog {
            // Its existence says that all before it is durable: it was named after that.
            return DurableEnd(
                position: last,
                base: last,
                offset: UInt64(Layout.segmentStartByteCount),
                segments: bases
            )
        }
        guard head.base == last, head.salt == segment.start.salt else { throw missing(head) }
        return DurableEnd(
            position: head.position,
            base: last,
            offset: head.offset,
            segments: bases
        )
    }

    /// Without HEAD: what the last segment's batches promise.
    private func promised(
        _ segment: SegmentFile,
        _ bases: [UInt64]
    ) throws(LogError) -> DurableEnd {
        var end = DurableEnd(
            position: segment.base,
            base: segment.base,
            offset: UInt64(Layout.segmentStartByteCount),
            segments: bases
        )
        if let (offset, footer) = try segment.footer() {
            end.offset = offset
            end.position += footer.events
            return end
        }
        var window = ReadWindow()
        var next = end
        while let header = try header(of: segment, after: next, window: &window) {
            if header.promise == next.offset { end = next }
            next.offset += UInt64(header.frameByteCount)
            next.position += UInt64(header.recordCount)
        }
        return end
    }

    private func header(
        of segment: SegmentFile,
        after end: DurableEnd,
        window: inout ReadWindow
    ) throws(LogError) -> BatchHeader? {
        do throws(LogError) {
            return try segment.header(
                at: end.offset,
                relativePosition: end.position - segment.base,
                limit: segment.size,
                ahead: ReadWindow.sparseByteCount,
                window: &window
            )
        } catch {
            guard error.code == .corrupt else { throw error }
            return nil
        }
    }

    /// The error for a segment that HEAD names and that is missing or another.
    func missing(_ head: HeadSlot, from first: UInt64? = nil) -> LogError {
        LogError(
            .corrupt,
            path: StorePath.segment(directory, base: head.base),
            positions: head.position > head.base
                ? EventPosition(first ?? head.base)...EventPosition(head.position - 1) : nil,
            expected: "the segment that HEAD names",
            found: "none, or another one",
            hint:
                "restore the segment from a backup of this store; 'annals log repair' shows what can be done without"
        )
    }
}
