/// Events that were lost, where a repair put a gap in their place (FORMAT.md §2.6).
package struct Gap: Hashable, Sendable {
    /// The lost events.
    package let positions: ClosedRange<EventPosition>
    /// The file that the gap lies in, by name.
    package let segment: String
    /// Where in it the gap begins, in bytes.
    package let offset: UInt64
    /// How many bytes it takes.
    package let byteCount: UInt64

    init(_ header: BatchHeader, at offset: UInt64, in file: SegmentFile) {
        self.init(header, at: offset, base: file.base)
    }

    init(_ header: BatchHeader, at offset: UInt64, base: UInt64) {
        let first = EventPosition(base + header.relativePosition)
        positions = first...first.advanced(by: Int(header.recordCount) - 1)
        segment = StorePath.segmentName(base: base)
        self.offset = offset
        byteCount = UInt64(header.frameByteCount)
    }
}

extension EventLogReader {
    /// All gaps in order, found by headers; a sealed segment without one costs its footer.
    package func gaps() throws(LogError) -> [Gap] {
        var gaps: [Gap] = []
        for (index, base) in durableEnd.segments.enumerated() {
            let file = try SegmentFile.open(
                directory,
                base: base,
                storeID: storeID,
                storage: storage
            )
            let isLast = index == durableEnd.segments.count - 1
            if !isLast, let (_, footer) = try file.footer(), !footer.flags.contains(.gaps) {
                continue
            }
            let until = isLast ? durableEnd.position : durableEnd.segments[index + 1]
            var cursor = cursor(from: EventPosition(base), until: EventPosition(until))
            while let (header, file) = try cursor.nextHeader() {
                if header.isGap { gaps.append(Gap(header, at: cursor.offset, in: file)) }
                cursor.advance(past: header)
            }
        }
        return gaps
    }
}
