/// Checks that the segments of a store follow one another (FORMAT.md §3, step 3).
struct SegmentChain {
    let directory: String
    let storeID: StoreID
    let storage: any LogStorage
    /// The producers of the sealed segments.
    private(set) var producers = ProducerTable()
    /// The base of each segment, by its salt.
    private(set) var bases: [UInt64: UInt64] = [:]
    /// The segment before the last.
    private(set) var predecessor: ActiveSegment?

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
            self.bases[file.start.salt] = base
            last = file
            if !isLast {
                let sealed = try sealed(file)
                expected = sealed.successor
                predecessor = sealed
            }
        }
        return last
    }

    private mutating func sealed(_ file: SegmentFile) throws(LogError) -> ActiveSegment {
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
        producers.note(footer, base: file.base)
        return ActiveSegment(
            file.file,
            start: file.start,
            sealedBy: footer,
            byteCount: file.size
        )
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
            hint:
                "restore the segments from a backup of this store; 'annals log repair' shows what can be done without"
        )
    }
}
