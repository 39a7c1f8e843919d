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

    init(documents: [Document], stageCount: Int) {
        self.documents = documents
        counts = Array(repeating: StageCount(), count: stageCount)
    }

    var liveCount: Int { documents.count { $0.isLive } }
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
