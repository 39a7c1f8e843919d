internal import Bytes

/// Finds what of a segment is sound and where gaps must stand (FORMAT.md §6).
struct SegmentMending {
    /// A damaged stretch, and the gaps for it.
    struct Damage: Hashable {
        var frames: [GapFrame]
        var reason: String
    }

    let file: SegmentFile
    /// The relative position that the events must reach; nil in the last segment.
    let limit: UInt64?
    /// HEAD, if it names this segment.
    let promised: HeadSlot?
    private(set) var damage: [Damage] = []
    /// Where the sound batches and the gaps end.
    private(set) var end: UInt64 = 0
    /// What a footer there has to say.
    private(set) var summary: SegmentFooter
    /// The footer that is there now.
    private(set) var footer: (offset: UInt64, footer: SegmentFooter)?
    /// Whether it is sealed, or must be for HEAD to be right.
    private(set) var isSealed = false

    init(file: SegmentFile, limit: UInt64?, promised: HeadSlot?) {
        self.file = file
        self.limit = limit
        self.promised = promised
        summary = SegmentFooter(salt: file.start.salt)
    }

    mutating func run() throws(LogError) {
        var scan = SegmentScan(file, limit: file.size, comparesDigests: true)
        footer = try file.footer()
        while try !isAtEnd(scan) {
            let offset = scan.offset
            do throws(LogError) {
                try scan.next()
            } catch {
                guard error.code == .corrupt else { throw error }
                try refuseForgery(error)
                guard let stretch = try lostStretch(after: scan) else { break }
                guard let frames = stretch.frames(salt: file.start.salt) else {
                    throw file.beyondRepair(
                        "damage with room for gaps",
                        "\(stretch.bytes.count) bytes for \(stretch.positions.count) events",
                        at: offset
                    )
                }
                damage.append(Damage(frames: frames, reason: error.found))
                for frame in frames { scan.pass(frame) }
            }
        }
        end = scan.offset
        summary = scan.summary
    }

    /// Whether all batches were seen, and whether a footer belongs behind them.
    private mutating func isAtEnd(_ scan: borrowing SegmentScan) throws(LogError) -> Bool {
        let position = scan.relativePosition
        if let limit, position > limit {
            throw file.beyondRepair(
                "at most \(limit) events before the next segment",
                "\(position)",
                at: scan.offset
            )
        }
        if scan.offset == footer?.offset || position == limit {
            isSealed = true
            return true
        }
        guard limit == nil, footer == nil else { return false }
        if let promised, scan.offset < promised.offset {
            // HEAD knows of the footer as of the batches: what it counts must come before it.
            isSealed = file.base + position == promised.position
            return isSealed
        }
        return scan.offset >= file.size
    }

    /// Sound bytes that contradict each other are no decay; what to believe would be a guess.
    private func refuseForgery(_ error: LogError) throws(LogError) {
        guard error.found == FrameFault.chain.rawValue else { return }
        throw file.beyondRepair(
            "a batch that continues the chain",
            "a sound one that does not: the log was edited",
            at: error.offset ?? 0
        )
    }

    /// What is lost from the scan's place on; nil if nothing that was promised is.
    private func lostStretch(
        after scan: borrowing SegmentScan
    ) throws(LogError) -> LostStretch? {
        let start = scan.offset
        let position = scan.relativePosition
        let head = promised.map { $0.offset > start ? $0 : nil } ?? nil
        let stop = footer?.offset ?? min(head?.offset ?? file.size, file.size)
        if let next = try SoundBatchSearch(file: file, limit: limit).first(
            after: start,
            before: stop,
            position: position
        ) {
            return try stretch(start..<next.offset, position..<next.header.relativePosition)
        }
        if let footer {
            let end = min(footer.footer.events, limit ?? .max)
            var lost = try stretch(start..<footer.offset, position..<max(position, end))
            if footer.footer.flags.contains(.chainUnknown) { return lost }
            lost.chain = footer.footer.chain
            return lost
        }
        if let head {
            let end = max(head.position, file.base + position) - file.base
            var lost = try stretch(start..<head.offset, position..<end)
            lost.chain = head.chain
            return lost
        }
        guard let limit else { return nil }
        return try tail(from: start, position..<limit)
    }

    /// What is lost at the end of a sealed segment without a footer.
    private func tail(
        from start: UInt64,
        _ positions: Range<UInt64>
    ) throws(LogError) -> LostStretch {
        let search = SoundBatchSearch(file: file, limit: limit)
        let closing = try search.header(from: start, position: positions.lowerBound) {
            $1.relativeEnd == positions.upperBound
        }
        if let (offset, header) = closing {
            let end = offset + UInt64(header.frameByteCount)
            return LostStretch(
                bytes: start..<end,
                positions: positions,
                time: header.time,
                chain: header.hidesChain ? nil : header.chain
            )
        }
        // How long its batches were is not known: the rest of the file goes under the gap.
        let end = max((file.size + 7) & ~7, start + UInt64(Layout.frameBytesMin))
        return LostStretch(bytes: start..<end, positions: positions)
    }

    /// A stretch, with what the header of the last batch in it still tells.
    private func stretch(
        _ bytes: Range<UInt64>,
        _ positions: Range<UInt64>
    ) throws(LogError) -> LostStretch {
        var lost = LostStretch(bytes: bytes, positions: positions)
        let search = SoundBatchSearch(file: file, limit: limit)
        let closing = try search.header(from: bytes.lowerBound, position: positions.lowerBound) {
            $1.relativeEnd == positions.upperBound
                && $0 + UInt64($1.frameByteCount) == bytes.upperBound
        }
        if let header = closing?.header {
            lost.time = header.time
            if !header.hidesChain { lost.chain = header.chain }
        }
        return lost
    }
}

extension SegmentFile {
    /// The error for damage that cannot be repaired without guessing.
    func beyondRepair(_ expected: String, _ found: String, at offset: UInt64) -> LogError {
        LogError(
            .beyondRepair,
            path: file.path,
            offset: offset,
            expected: expected,
            found: found,
            hint: "nothing was changed; restore the segment from a backup of this store"
        )
    }
}
