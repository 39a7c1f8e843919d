/// Checks that the segments of a store follow one another (FORMAT.md §3, step 3).
struct SegmentChain {
    let directory: String
    let storeID: StoreID
    let storage: any LogStorage
    /// Each producer's newest batch in the sealed segments.
    private(set) var producers: [UInt64: (sequence: UInt64, position: UInt64)] = [:]

    init(directory: String, storeID: StoreID, storage: any LogStorage) {
        self.directory = directory
        self.storeID = storeID
        self.storage = storage
    }

    /// Opens all segments in turn; returns the last, open for writing, nil if there is none.
    mutating func run(_ bases: [UInt64]) throws(LogError) -> SegmentFile? {
        var expected = ExpectedStart(firstOf: storeID)
        var last: SegmentFile?
        for (index, base) in bases.enumerated() {
            let isLast = index == bases.count - 1
            let file = try SegmentFile.open(
                directory,
                base: base,
                storeID: storeID,
                writable: isLast,
                storage: storage
            )
            guard expected.admits(file.start) else {
                throw brokenChain(at: file, expected: expected.start)
            }
            last = file
            if !isLast { expected = try successor(of: file) }
        }
        return last
    }

    private mutating func successor(of file: SegmentFile) throws(LogError) -> ExpectedStart {
        guard let (_, footer) = try file.footer() else {
            throw LogError(
                .corrupt,
                path: file.file.path,
                offset: file.size,
                expected: "a valid footer",
                found: FrameFault.footer.rawValue,
                hint: "verify the log; its events can still be read"
            )
        }
        note(footer, base: file.base)
        return ExpectedStart(after: file.start, byteCount: file.size, footer)
    }

    /// Remembers the producers of a segment.
    mutating func note(_ footer: SegmentFooter, base: UInt64) {
        for (producer, mark) in footer.producers {
            producers[producer] = (mark.sequence, base &+ mark.relativePosition)
        }
    }

    private func brokenChain(at file: SegmentFile, expected: SegmentStart) -> LogError {
        let isMissing = file.base > expected.base
        let lost =
            isMissing
            ? EventPosition(expected.base)...EventPosition(file.base).advanced(by: -1) : nil
        return LogError(
            .corrupt,
            path: file.file.path,
            offset: 512,
            positions: lost,
            expected: isMissing
                ? "segment \(StorePath.segmentName(base: expected.base)) before it"
                : "a join block that continues the segment before",
            found: isMissing ? "none" : "another predecessor, length or chain",
            hint: "restore the segments from a backup of this store"
        )
    }
}
