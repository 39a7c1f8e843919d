/// Checks every byte of a segment file that is to join a log.
struct DetachedCheck {
    /// The file that is checked.
    let copy: OpenFile
    /// The file that errors name.
    let path: String

    /// Returns what the footer says, which is true of all batches; they must be newer than
    /// `producers`, and fit behind position `end`.
    func run(
        against producers: ProducerTable,
        end: UInt64
    ) throws(LogError) -> SegmentFooter {
        let file = try SegmentFile.detached(copy)
        guard let (offset, footer) = try file.footer() else { throw Self.unsealed(path) }
        guard footer.events > 0 else {
            throw LogError(
                .unjoinable,
                path: path,
                expected: "a segment with events",
                found: "none"
            )
        }
        guard footer.events <= Layout.positionMax - end else {
            throw LogError(
                .limitExceeded,
                path: path,
                expected: "at most \(Layout.positionMax - end) more events in the log",
                found: "\(footer.events)"
            )
        }
        // The footer names only the newest batch of each producer.
        var producers = producers
        var scan = SegmentScan(file, limit: offset, comparesDigests: true)
        while scan.offset < offset {
            let header = try scan.next()
            guard !header.holdsErased else { throw Self.erased(path) }
            try producers.checkIsNewer(header, path: path)
            producers.note(header, at: end + header.relativePosition)
        }
        guard scan.summary == footer else { throw file.corrupt(.footerFields, at: offset) }
        return footer
    }

    private static func erased(_ path: String) -> LogError {
        LogError(
            .unjoinable,
            path: path,
            expected: "events that are whole",
            found: "a batch that holds erased events",
            hint: "the store that it is from must stay as it is"
        )
    }

    static func unsealed(_ path: String) -> LogError {
        LogError(
            .unjoinable,
            path: path,
            expected: "a sealed segment",
            found: "a file that does not end with a valid footer",
            hint: "the segment was never finished, or was cut: write it anew"
        )
    }
}
