internal import Bytes

/// Finds out what a segment's first page was.
struct StartRecovery {
    let search: DurableEndSearch
    let found: FoundSegment
    /// The segment after it, if there is one.
    let next: FoundSegment?
    let head: HeadSlot?

    /// What is wrong with the page, in words.
    var reasons: [String] {
        (found.salt == nil ? [StartFault.header.rawValue] : [])
            + (found.join == nil ? [StartFault.join.rawValue] : [])
    }

    /// The first page: its sound blocks, and what the segment's neighbours say of the others.
    func run(_ expected: ExpectedStart) throws(LogError) -> SegmentStart {
        let salt = try salt()
        guard var start = found.join else {
            // A name alone may be another segment's. The next segment is held against the rest.
            guard rememberedSalt != nil else {
                throw beyondRepair(
                    at: 512,
                    "the next segment or HEAD to confirm a segment without a join block",
                    "neither",
                    hint: "nothing was changed; restore the segment from a backup of this store, "
                        + "or move it away to have a gap in its place"
                )
            }
            var start = expected.start
            start.salt = salt
            return start
        }
        start.salt = salt
        guard expected.admits(start) else {
            throw beyondRepair(
                at: 512,
                "a join block that continues the segment before",
                "a sound one with another predecessor, length or chain"
            )
        }
        return start
    }

    /// The segment with that first page.
    func open(_ start: SegmentStart) throws(LogError) -> SegmentFile {
        let file = try OpenFile.open(path, writable: false, storage: search.storage)
        return SegmentFile(file: file, start: start, size: found.byteCount)
    }

    /// The length that those remember who know it: the next segment, the footer, HEAD.
    func byteCount(_ mending: SegmentMending) -> UInt64 {
        if mending.isIndexed { return found.byteCount }
        if let join = next?.join, join.predecessorBase == found.base {
            return join.predecessorByteCount
        }
        if mending.footer != nil { return found.byteCount }
        return mending.promised?.offset ?? 0
    }

    private var path: String { StorePath.log(search.directory) + "/" + found.file }

    /// The salt that the next segment or HEAD remembers.
    private var rememberedSalt: UInt64? {
        if let join = next?.join, join.predecessorBase == found.base {
            return join.predecessorSalt
        }
        return head.map { $0.base == found.base ? $0.salt : nil } ?? nil
    }

    private func salt() throws(LogError) -> UInt64 {
        let remembered = rememberedSalt
        if let salt = found.salt {
            guard remembered == nil || remembered == salt else {
                throw beyondRepair(
                    at: 16,
                    "the salt that the next segment or HEAD remembers",
                    "another one: a segment of another log"
                )
            }
            return salt
        }
        let salts = try saltsOfBatches()
        if let remembered {
            if salts.isEmpty || salts.contains(remembered) { return remembered }
        } else if salts.count == 1, let salt = salts.first {
            return salt
        }
        throw beyondRepair(
            at: 0,
            "batches that agree on the segment's salt",
            "\(salts.count) salts, none of them confirmed"
        )
    }

    /// The salts in the headers of the batches.
    private func saltsOfBatches() throws(LogError) -> Set<UInt64> {
        let file = try OpenFile.open(path, writable: false, storage: search.storage)
        var window = ReadWindow()
        var salts: Set<UInt64> = []
        var offset = UInt64(Layout.segmentStartByteCount)
        while let index = try window.require(
            Layout.batchHeaderByteCount,
            at: offset,
            ahead: ReadWindow.sequentialByteCount,
            limit: found.byteCount,
            file: file
        ) {
            if let header = try? BatchHeader.parse(window.bytes.span, at: index) {
                salts.insert(header.salt)
                offset += UInt64(header.frameByteCount)
            } else {
                offset += 8
            }
        }
        return salts
    }

    private func beyondRepair(
        at offset: UInt64,
        _ expected: String,
        _ found: String,
        hint: String = "nothing was changed; restore the segment from a backup of this store"
    ) -> LogError {
        LogError(
            .beyondRepair,
            path: path,
            offset: offset,
            expected: expected,
            found: found,
            hint: hint
        )
    }
}
