internal import Events
internal import Synchronization

/// A batch of documents on its way, and how many each stage took in and handed on.
struct DocumentBatch: Sendable {
    var documents: [Document]
    var counts: [StageCount]

    /// Live documents before and after a stage.
    struct StageCount: Sendable {
        var input = 0
        var kept = 0
    }

    /// Whether its documents come from the log.
    let isRecorded: Bool

    init(documents: [Document], stageCount: Int, isRecorded: Bool = false) {
        self.documents = documents
        self.isRecorded = isRecorded
        counts = Array(repeating: StageCount(), count: stageCount)
    }

    /// Takes out the documents of which the log says all that is to be said, and their counts.
    mutating func leaveOutWhatStands() {
        guard isRecorded else { return }
        for document in documents where document.way?.stands == true {
            var last = counts.count - 1
            if case .settled(let stage, _) = document.fate { last = stage }
            for stage in 0...last {
                counts[stage].input -= 1
                if stage < last || document.isLive { counts[stage].kept -= 1 }
            }
        }
        documents.removeAll { $0.way?.stands == true }
    }

    var liveCount: Int { documents.count { $0.isLive } }

    var failedCount: Int {
        documents.count { if case .settled(_, .failed) = $0.fate { true } else { false } }
    }
}

/// Hands a batch from one task to the next without leaving a copy behind.
///
/// A class because two tasks share the place; the batch itself has one owner at a time.
final class BatchSlot: Sendable {
    private let batch: Mutex<DocumentBatch?>

    init(_ batch: DocumentBatch) {
        self.batch = Mutex(batch)
    }

    /// Takes the batch out; an empty one if it has been taken already.
    func take() -> DocumentBatch {
        batch.withLock { batch in
            defer { batch = nil }
            return batch ?? DocumentBatch(documents: [], stageCount: 0)
        }
    }
}
