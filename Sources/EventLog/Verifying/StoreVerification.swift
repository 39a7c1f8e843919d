internal import Bytes

/// One whole check of a store: its segments in turn, each against what the one before it left.
struct StoreVerification {
    let search: DurableEndSearch
    private(set) var report = VerifyReport()
    private var head: HeadSlot?
    /// The first page that the next segment must have; nil after damage that hides it.
    private var expected: ExpectedStart?

    init(search: DurableEndSearch) {
        self.search = search
    }

    mutating func run() throws(LogError) {
        try checkHead()
        // The list is read after HEAD, so that what HEAD promises is in it.
        let bases = try search.bases()
        expected = ExpectedStart(firstOf: search.storeID)
        var nextBase: UInt64 = 0
        for (index, base) in bases.enumerated() {
            if base > nextBase { noteMissing(nextBase..<base) }
            let following = index + 1 < bases.count ? bases[index + 1] : nil
            try checkSegment(base: base, following: following)
            nextBase = following ?? base
        }
        if let head, !head.isOfEmptyLog, head.base > nextBase || bases.isEmpty {
            noteMissing(head.base..<max(head.base, head.position))
        }
    }

    private mutating func checkHead() throws(LogError) {
        head = try search.head()
        for slot in 0..<2 where try !isSound(slot: slot) {
            report.damage.append(
                VerifyReport.Damage(
                    segment: "HEAD",
                    first: nil,
                    last: nil,
                    offset: UInt64(slot * Layout.headSlotByteCount),
                    reason: "a slot that fails its checksum; opening for writing renews it"
                )
            )
        }
    }

    /// A writer may be in the middle of it: a slot is bad only if it stays so.
    private func isSound(slot: Int) throws(LogError) -> Bool {
        let path = StorePath.head(search.directory)
        for _ in 0..<3 {
            guard
                let file = try OpenFile.openIfPresent(
                    path,
                    writable: false,
                    storage: search.storage
                )
            else { return false }
            let bytes = try file.bytes(at: 0, count: Layout.headByteCount + 1)
            if bytes.count == Layout.headByteCount,
                HeadSlot.parse(bytes.span, slot: slot, storeID: search.storeID) != nil
            {
                return true
            }
        }
        return false
    }

    private mutating func noteMissing(_ positions: Range<UInt64>) {
        expected = nil
        note(
            StorePath.segmentName(base: positions.lowerBound),
            positions,
            at: 0,
            "a segment that is missing"
        )
    }

    private mutating func note(
        _ segment: String,
        _ positions: Range<UInt64>?,
        at offset: UInt64,
        _ reason: String
    ) {
        let lost = positions.map { $0.isEmpty ? nil : $0 } ?? nil
        report.damage.append(
            VerifyReport.Damage(
                segment: segment,
                first: lost.map { EventPosition($0.lowerBound) },
                last: lost.map { EventPosition($0.upperBound - 1) },
                offset: offset,
                reason: reason
            )
        )
    }

    private mutating func checkSegment(base: UInt64, following: UInt64?) throws(LogError) {
        report.segments += 1
        let name = StorePath.segmentName(base: base)
        let end = following ?? max(base, head?.position ?? base)
        do throws(LogError) {
            let file = try SegmentFile.open(
                search.directory,
                base: base,
                storeID: search.storeID,
                storage: search.storage
            )
            try checkStart(file, name)
            var check = SegmentVerification(
                file: file,
                end: end,
                isLast: following == nil,
                promised: head.map { $0.base == base ? $0.offset : 0 } ?? 0
            )
            try check.run()
            report.events += check.events
            report.gaps += check.gaps
            report.unacknowledgedBytes += check.unacknowledgedBytes
            for found in check.found { note(name, found.positions, at: found.offset, found.reason) }
            expected = check.successor
        } catch {
            guard error.code == .corrupt || error.code == .inputOutput else { throw error }
            expected = nil
            note(name, base..<end, at: error.offset ?? 0, error.found)
        }
    }

    private mutating func checkStart(_ file: SegmentFile, _ name: String) throws(LogError) {
        guard let expected else { return }
        if !expected.admits(file.start) {
            note(name, nil, at: 512, "a join block that does not continue the segment before")
        }
        if let head, !head.isOfEmptyLog, head.base == file.base, head.salt != file.start.salt {
            note(name, nil, at: 16, "another salt than HEAD's")
        }
    }
}
