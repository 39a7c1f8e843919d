internal import Bytes

/// An open segment: its first page checked, its frames found and checked one by one.
final class SegmentFile: Sendable {
    let file: OpenFile
    let start: SegmentStart
    /// The file's size when it was opened.
    let size: UInt64

    var base: UInt64 { start.base }
    var name: String { StorePath.segmentName(base: start.base) }

    /// A file that is known to be this segment.
    init(file: OpenFile, start: SegmentStart, size: UInt64) {
        self.file = file
        self.start = start
        self.size = size
    }

    /// Opens the segment of a base and checks that it belongs there.
    static func open(
        _ directory: String,
        base: UInt64,
        storeID: StoreID,
        writable: Bool = false,
        storage: any LogStorage
    ) throws(LogError) -> SegmentFile {
        let path = StorePath.segment(directory, base: base)
        let file = try OpenFile.open(path, writable: writable, storage: storage)
        let page = try file.bytes(at: 0, count: Layout.segmentStartByteCount)
        let start = try checkedStart(page.span, path: path)
        guard start.storeID == storeID, start.base == base else {
            throw LogError(
                .corrupt,
                path: path,
                offset: 512,
                expected: "segment \(base) of store \(storeID)",
                found: "segment \(start.base) of store \(start.storeID)",
                hint: "the file was renamed or comes from another store"
            )
        }
        return SegmentFile(file: file, start: start, size: try file.size())
    }

    /// Opens a segment that has not joined a log, as one whose base is 0.
    static func detached(_ file: OpenFile) throws(LogError) -> SegmentFile {
        let page = try file.bytes(at: 0, count: Layout.segmentStartByteCount)
        let start = try checkedStart(page.span, path: file.path, SegmentStart.parseDetached)
        return SegmentFile(file: file, start: start, size: try file.size())
    }

    private static func checkedStart(
        _ page: Span<UInt8>,
        path: String,
        _ parse: (Span<UInt8>) throws(StartFault) -> SegmentStart = SegmentStart.parse
    ) throws(LogError) -> SegmentStart {
        guard page.count == Layout.segmentStartByteCount else {
            throw LogError(
                .corrupt,
                path: path,
                offset: UInt64(page.count),
                expected: "a segment's first \(Layout.segmentStartByteCount) bytes",
                found: "the end of the file"
            )
        }
        do throws(StartFault) {
            return try parse(page)
        } catch {
            throw LogError(
                error.code,
                path: path,
                offset: 0,
                expected: "a segment of format \(Layout.format)",
                found: error.rawValue
            )
        }
    }

    /// The header of the batch at an offset, checked against its place; its frame ends at or
    /// before `limit`.
    func header(
        at offset: UInt64,
        relativePosition: UInt64,
        limit: UInt64,
        ahead: Int,
        window: inout ReadWindow
    ) throws(LogError) -> BatchHeader {
        let length = Layout.batchHeaderByteCount
        let found = try window.require(length, at: offset, ahead: ahead, limit: limit, file: file)
        do throws(FrameFault) {
            guard let found else { throw FrameFault.short }
            let header = try BatchHeader.parse(window.bytes.span, at: found)
            guard header.salt == start.salt else { throw FrameFault.foreignSalt }
            guard header.relativePosition == relativePosition else { throw FrameFault.position }
            guard header.promise <= offset else { throw FrameFault.promise }
            guard offset + UInt64(header.frameByteCount) <= limit else { throw FrameFault.short }
            return header
        } catch {
            throw corrupt(error, at: offset)
        }
    }

    /// The error for a bad frame; the lost events are the caller's to name.
    func corrupt(_ fault: FrameFault, at offset: UInt64) -> LogError {
        LogError(
            .corrupt,
            path: file.path,
            offset: offset,
            expected: "a whole batch",
            found: fault.rawValue
        )
    }

    /// The next batch header past a damaged place that is valid on its own and later in the log.
    func nextHeader(
        after offset: UInt64,
        beyond relativePosition: UInt64,
        limit: UInt64
    ) throws(LogError) -> (offset: UInt64, header: BatchHeader)? {
        var window = ReadWindow()
        var candidate = (offset + 8) & ~7
        let length = Layout.batchHeaderByteCount
        while let index = try window.require(
            length,
            at: candidate,
            ahead: ReadWindow.sequentialByteCount,
            limit: limit,
            file: file
        ) {
            if window.bytes.span.littleEndian(at: index) == Layout.batchMagic,
                let header = try? BatchHeader.parse(window.bytes.span, at: index),
                header.salt == start.salt, header.promise <= candidate,
                header.relativePosition > relativePosition
            {
                return (candidate, header)
            }
            candidate += 8
        }
        return nil
    }
}
