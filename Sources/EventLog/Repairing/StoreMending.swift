internal import Bytes

/// Plans the repair of a store: its segments in turn, each against the one before (FORMAT.md §6).
struct StoreMending {
    let search: DurableEndSearch
    let identity: StoreIdentity
    private(set) var plan = RepairPlan()
    private var head: HeadSlot?
    private var segments: [FoundSegment] = []
    /// The first page that the next segment must have.
    private var expected: ExpectedStart

    init(search: DurableEndSearch, identity: StoreIdentity) {
        self.search = search
        self.identity = identity
        expected = ExpectedStart(firstOf: identity.id)
    }

    mutating func run() throws(LogError) {
        head = try search.head()
        var inventory = SegmentInventory(search: search)
        try inventory.run()
        segments = inventory.segments
        try planNames(inventory)
        for index in segments.indices {
            try makeMissing(before: segments[index])
            try mend(index)
        }
        try makeHeadSegment()
        if plan.segments.contains(where: { !$0.gaps.isEmpty }),
            identity.incompatible & StoreIdentity.gaps == 0
        {
            var marked = identity
            marked.incompatible |= StoreIdentity.gaps
            plan.identity = marked
            plan.steps.insert(.markStore, at: 0)
        }
        if head == nil { plan.notes.append("HEAD is lost: opening for writing makes it anew") }
    }

    /// Steps that give files their names, or move them away.
    private mutating func planNames(_ inventory: SegmentInventory) throws(LogError) {
        for (file, reason) in inventory.surplus {
            let base = StorePath.base(ofSegmentNamed: file)
            let isPastAll = base.map { base in segments.allSatisfy { $0.base < base } } ?? false
            if isPastAll, head == nil {
                throw beyondRepair(
                    file,
                    "HEAD, or another segment, to say how many events were in it",
                    reason
                )
            }
            plan.steps.append(.quarantine(file: file, reason: reason))
        }
        for segment in segments where segment.file != segment.name {
            plan.steps.append(.rename(file: segment.file, to: segment.name))
        }
    }

    /// Makes what is missing between the segment before and this one.
    private mutating func makeMissing(before segment: FoundSegment) throws(LogError) {
        let base = expected.start.base
        guard segment.base >= base else {
            throw beyondRepair(
                segment.name,
                "a segment at \(base)",
                "one whose events the segment before it has, too"
            )
        }
        guard segment.base > base else { return }
        var first = base
        var salt: UInt64?
        if let join = segment.join {
            guard join.predecessorBase >= base, join.predecessorBase < segment.base else {
                throw beyondRepair(
                    segment.name,
                    "a join block that continues the segment before",
                    "one that continues a segment at \(join.predecessorBase)"
                )
            }
            first = join.predecessorBase
            salt = join.predecessorSalt
            if first > base { try make(count: first - base, "it is missing") }
        }
        try make(count: segment.base - first, salt: salt, "it is missing")
    }

    /// Makes a sealed segment of gaps where the segment before ends.
    private mutating func make(
        count: UInt64,
        salt: UInt64? = nil,
        _ reason: String
    ) throws(LogError) {
        let perFrame = UInt64(Layout.recordsMax)
        let frames = (count + perFrame - 1) / perFrame
        let begin = UInt64(Layout.segmentStartByteCount)
        let end = begin + min(frames, 1 << 32) * UInt64(Layout.frameBytesMin)
        let lost = LostStretch(bytes: begin..<end, positions: 0..<count)
        try make(lost, salt: salt ?? search.storage.random(), isSealed: true, reason)
    }

    /// Makes the segment that HEAD names, if it is not there.
    private mutating func makeHeadSegment() throws(LogError) {
        guard let head, head.position > 0 || !segments.isEmpty,
            segments.allSatisfy({ $0.base < head.base })
        else { return }
        let base = expected.start.base
        guard base <= head.base else {
            throw beyondRepair("HEAD", "a segment from \(base) on", "\(head.base)")
        }
        if base < head.base { try make(count: head.base - base, "it is missing") }
        let begin = UInt64(Layout.segmentStartByteCount)
        let lost = LostStretch(
            bytes: begin..<max(begin, head.offset),
            positions: 0..<head.position - head.base,
            chain: head.chain
        )
        try make(lost, salt: head.salt, isSealed: false, "it is missing, and HEAD names it")
    }

    private mutating func make(
        _ lost: LostStretch,
        salt: UInt64,
        isSealed: Bool,
        _ reason: String
    ) throws(LogError) {
        var start = expected.start
        start.salt = salt
        let name = StorePath.segmentName(base: start.base)
        let frames = lost.positions.isEmpty && lost.bytes.isEmpty ? [] : lost.frames(salt: salt)
        guard let frames else {
            throw beyondRepair(
                name,
                "a missing segment with room for gaps",
                "\(lost.bytes.count) bytes for \(lost.positions.count) events"
            )
        }
        var summary = SegmentFooter(salt: salt)
        for frame in frames { summary.add(frame.header, at: frame.offset, typeCounts: []) }
        let made = SegmentRewrite(
            start: start,
            hasFile: false,
            gaps: frames,
            end: lost.bytes.upperBound,
            footer: isSealed ? summary.encoded() : []
        )
        add(made, [SegmentMending.Damage(frames: frames, reason: reason)])
        plan.steps.append(.make(segment: name, reason: reason))
        expected = ExpectedStart(after: start, byteCount: made.byteCount, summary)
    }

    private mutating func add(_ rewrite: SegmentRewrite, _ damage: [SegmentMending.Damage]) {
        plan.segments.append(rewrite)
        for place in damage {
            for frame in place.frames {
                let gap = Gap(frame.header, at: frame.offset, base: rewrite.start.base)
                plan.lost.append(RepairLoss(gap: gap, reason: place.reason))
            }
        }
    }
}

// MARK: - A segment that is there

extension StoreMending {
    private mutating func mend(_ index: Int) throws(LogError) {
        let found = segments[index]
        let next = index + 1 < segments.count ? segments[index + 1] : nil
        let recovery = StartRecovery(search: search, found: found, next: next, head: head)
        let start = try recovery.run(expected)
        let file = try recovery.open(start)
        let limit = limit(of: found, next)
        var mending = SegmentMending(
            file: file,
            limit: limit,
            promised: limit == nil && head?.base == found.base ? head : nil
        )
        try mending.run()
        let rewrite = rewrite(mending, byteCount: recovery.byteCount(mending))
        try check(rewrite, mending)
        expected = ExpectedStart(after: start, byteCount: rewrite.byteCount, mending.summary)
        if mending.end < file.size, !mending.isSealed {
            plan.notes.append(
                "\(file.name) has \(file.size - mending.end) bytes after its durable end:"
                    + " opening for writing moves them to quarantine"
            )
        }
        let reasons = recovery.reasons + mending.reasons
        guard !reasons.isEmpty else { return }
        add(rewrite, mending.damage)
        plan.steps.append(.mend(segment: file.name, reasons: reasons))
    }

    /// How many events the segment may have; nil if nothing follows it.
    private func limit(of found: FoundSegment, _ next: FoundSegment?) -> UInt64? {
        if let next {
            let named = next.join?.predecessorBase ?? found.base
            let isBetween = named > found.base && named < next.base
            return (isBetween ? named : next.base) - found.base
        }
        return head.map { $0.base > found.base ? $0.base - found.base : nil } ?? nil
    }

    private func rewrite(_ mending: SegmentMending, byteCount: UInt64) -> SegmentRewrite {
        let room = byteCount > mending.end ? Int(byteCount - mending.end) : 0
        return SegmentRewrite(
            start: mending.file.start,
            hasFile: true,
            gaps: mending.damage.flatMap(\.frames),
            end: mending.isSealed ? mending.end : max(mending.end, mending.file.size),
            footer: mending.isSealed ? mending.summary.encoded(filling: room) : []
        )
    }

    /// Refuses a result that HEAD contradicts.
    private func check(
        _ rewrite: SegmentRewrite,
        _ mending: SegmentMending
    ) throws(LogError) {
        guard let head, head.base == rewrite.start.base else { return }
        guard rewrite.start.base + mending.summary.events >= head.position else {
            throw beyondRepair(
                rewrite.name,
                "the events before \(head.position), which HEAD promises",
                "a sound end at \(rewrite.start.base + mending.summary.events)"
            )
        }
        guard mending.limit != nil || rewrite.byteCount >= head.offset else {
            throw beyondRepair(
                rewrite.name,
                "\(head.offset) bytes, which HEAD promises",
                "\(rewrite.byteCount) after the repair"
            )
        }
    }

    private func beyondRepair(
        _ file: String,
        _ expected: String,
        _ found: String
    ) -> LogError {
        LogError(
            .beyondRepair,
            path: StorePath.log(search.directory) + "/" + file,
            expected: expected,
            found: found,
            hint: "nothing was changed; restore the file from a backup of this store"
        )
    }
}

extension SegmentMending {
    /// Whether the footer that is there says what a footer has to say.
    var isIndexed: Bool {
        footer.map { $0.offset == end && $0.footer == summary } ?? false
    }

    /// What is wrong with the batches and the footer, in words.
    var reasons: [String] {
        let lost = damage.map { $0.reason }
        guard isSealed, !isIndexed, lost.isEmpty else { return lost }
        let fault = footer == nil ? FrameFault.footer : .footerFields
        return [fault.rawValue]
    }
}
