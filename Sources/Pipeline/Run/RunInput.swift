internal import Synchronization

/// What a pass of a run goes over.
enum RunInput: Sendable {
    /// The sources; at most so many records of them.
    case sources(ReaderBox, limit: Int?)
    /// What the log holds.
    case recorded(RecordedReaderBox)

    var isRecorded: Bool {
        if case .recorded = self { true } else { false }
    }

    var limit: Int? {
        if case .sources(_, let limit) = self { limit } else { nil }
    }
}

/// The reader of what the log holds, used by one task at a time.
final class RecordedReaderBox: @unchecked Sendable {
    // Only reached by the reading task: descriptors and decoders never cross to a second one.
    private var reader: RecordedReader

    init(_ reader: consuming sending RecordedReader) {
        self.reader = reader
    }

    func next() throws -> [Document]? { try reader.nextDocuments() }
}
