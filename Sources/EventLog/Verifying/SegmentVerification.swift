/// What the check of a segment found.
struct SegmentCheck: Sendable {
    /// A damaged place.
    struct Found: Sendable {
        var positions: Range<UInt64>?
        var offset: UInt64
        var reason: String
    }

    var found: [Found] = []
    var events: UInt64 = 0
    var gaps: [Gap] = []
    var erased: [EventPosition] = []
    var erasedBatches = 0
    var unacknowledgedBytes: UInt64 = 0
    /// The first page that the next segment must have, where that is known.
    var successor: ExpectedStart?
}

/// The check of one segment: every batch, going on behind each damaged one, and the footer.
struct SegmentVerification {
    let file: SegmentFile
    /// The position after the last event that must be here.
    let end: UInt64
    let isLast: Bool
    /// The offset up to which HEAD says that this segment is durable.
    let promised: UInt64
    let progress: VerifyProgressTracker
    private(set) var result = SegmentCheck()

    init(
        file: SegmentFile,
        end: UInt64,
        isLast: Bool,
        promised: UInt64,
        progress: VerifyProgressTracker
    ) {
        self.progress = progress
        self.file = file
        self.end = end
        self.isLast = isLast
        self.promised = promised
    }

    mutating func run() throws(LogError) {
        var scan = SegmentScan(file, limit: file.size, comparesDigests: true)
        var counted: UInt64 = 0
        let footer = try file.footer()
        while scan.offset < file.size, scan.offset != footer?.offset,
            isLast || file.base + scan.relativePosition < end
        {
            progress.add(scan.offset - counted)
            counted = scan.offset
            do throws(LogError) {
                let offset = scan.offset
                let header = try scan.next()
                note(header, at: offset)
                if header.holdsErased {
                    result.erased += scan.erased
                    result.erasedBatches += 1
                }
            } catch {
                guard error.code == .corrupt else { throw error }
                guard try skip(&scan, reason: error.found) else { break }
            }
        }
        progress.add(file.size - min(counted, file.size))
        finish(scan, footer)
    }

    private mutating func note(_ header: BatchHeader, at offset: UInt64) {
        if header.isGap {
            result.gaps.append(Gap(header, at: offset, in: file))
        } else {
            result.events += UInt64(header.recordCount)
        }
    }

    /// Notes damage at the scan's place and goes on behind it; false at the end.
    private mutating func skip(
        _ scan: inout SegmentScan,
        reason: String
    ) throws(LogError) -> Bool {
        let position = file.base + scan.relativePosition
        let next = try file.nextHeader(
            after: scan.offset,
            beyond: scan.relativePosition,
            limit: file.size
        )
        if isLast, next == nil, scan.offset >= promised {
            result.unacknowledgedBytes = file.size - scan.offset
            return false
        }
        let lostEnd = next.map { file.base + $0.header.relativePosition } ?? end
        result.found.append(
            SegmentCheck.Found(
                positions: position..<max(position, lostEnd),
                offset: scan.offset,
                reason: reason
            )
        )
        guard let next else { return false }
        scan.resume(at: next.offset, next.header)
        return true
    }

    private mutating func finish(
        _ scan: borrowing SegmentScan,
        _ footer: (offset: UInt64, footer: SegmentFooter)?
    ) {
        let position = file.base + scan.relativePosition
        let isWhole = result.found.isEmpty
        if isWhole, position < end {
            result.found.append(
                SegmentCheck.Found(
                    positions: position..<end,
                    offset: scan.offset,
                    reason: FrameFault.short.rawValue
                )
            )
        }
        guard !isLast else {
            checkLastFooter(scan, footer)
            return
        }
        guard let footer else {
            if isWhole {
                note(.footer, at: scan.offset)
            }
            return
        }
        if isWhole, footer.footer != scan.summary || footer.offset != scan.offset {
            note(.footerFields, at: footer.offset)
        }
        result.successor = ExpectedStart(after: file.start, byteCount: file.size, footer.footer)
    }

    private mutating func checkLastFooter(
        _ scan: borrowing SegmentScan,
        _ footer: (offset: UInt64, footer: SegmentFooter)?
    ) {
        guard result.found.isEmpty else { return }
        if let footer {
            if footer.footer != scan.summary { note(.footerFields, at: footer.offset) }
        } else if scan.offset < promised {
            note(.footer, at: scan.offset)
        }
    }

    private mutating func note(_ fault: FrameFault, at offset: UInt64) {
        result.found.append(
            SegmentCheck.Found(positions: nil, offset: offset, reason: fault.rawValue)
        )
    }
}
