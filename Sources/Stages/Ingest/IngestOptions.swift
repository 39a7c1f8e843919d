/// What the ingest stage is told.
struct IngestOptions: Sendable {
    var from: [String] = []
    /// Nil: by each file's ending.
    var format: Format?
    var charset: Charset?
    var maximumBytes = 64 << 20
    var fields = RecordFields()
    var gone = Gone.remove

    /// What becomes of documents that their sources no longer hold.
    enum Gone: String, CaseIterable, Sendable {
        /// They are taken out of projections and exports.
        case remove
        /// They stay, as in a folder that is emptied after each run.
        case keep
    }

    /// How a file holds documents.
    enum Format: String, CaseIterable, Sendable {
        /// The file is the document.
        case text
        /// Every line is a document.
        case jsonl

        /// By a path's ending, compression's endings aside.
        init(path: String) {
            var name = path
            for ending in [".gz", ".zst"] where name.hasSuffix(ending) {
                name.removeLast(ending.count)
            }
            self = [".jsonl", ".ndjson", ".json"].contains { name.hasSuffix($0) } ? .jsonl : .text
        }
    }
}

/// Which fields of a JSON record mean what.
struct RecordFields: Sendable {
    var id = "id"
    var text = ["text"]
    var title = "title"
    var byline = "byline"
    var published = "published"
    /// Fields that the pipeline names itself must be there; the defaults may be missing.
    var declared: Set<String> = []
}
