internal import Synchronization

/// The reader of a run's sources, used by one task at a time.
final class ReaderBox: Sendable {
    private let reader: Mutex<Reader>

    private struct Reader: @unchecked Sendable {
        // Only reached under the mutex: descriptors and decoders never cross to a second task.
        var value: any RecordReader
    }

    init(_ reader: sending any RecordReader) {
        self.reader = Mutex(Reader(value: reader))
    }

    func next() -> [RawRecord]? {
        reader.withLock { $0.value.next() }
    }

    var progress: ReadProgress {
        reader.withLock { $0.value.progress }
    }
}

/// The export files of a run, used by the committing task alone.
final class ExportFilesBox: @unchecked Sendable {
    // Files are written at offsets by pwrite and held as immutable values: no state is shared.
    let value: ExportFiles

    init(_ value: ExportFiles) {
        self.value = value
    }
}
