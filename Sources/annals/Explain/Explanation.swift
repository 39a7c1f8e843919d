internal import Bytes
internal import EventLog
internal import Events
internal import Projections

/// Everything that is told of one document, before it is put into words.
struct Explanation {
    /// A statement and what is known around it.
    struct Telling {
        let statement: DocumentStatement
        /// Why it was made; nil for the first.
        let cause: ChangeCause?
        /// The fate before it.
        let before: DocumentFate?
        /// What was asked of documents then.
        let definition: DefinitionInForce?
        /// Whether it is told in full.
        var isFull: Bool
        /// The texts that its events carried, by position; only where it is told in full.
        var texts: [EventPosition: [UInt8]] = [:]
        /// What it is a copy of; only where it is told in full.
        var evidence: DuplicateEvidence?
    }

    let row: DocumentRow
    /// Oldest first.
    var tellings: [Telling]
    /// How many runs there are, and how many of them say nothing of the document.
    let runs: (all: Int, without: Int)
    /// The exports written anew.
    let rewrites: [LogHistory.Rewrite]
    /// The documents that are copies of this one.
    let copies: [DuplicateCluster.Copy]
    /// What would have had to be different.
    var whyNot: [WhyNot]?

    /// The newest statement of the document itself, not of its going.
    var newest: Telling? {
        tellings.last { telling in
            switch telling.statement.fate.outcome {
            case .removed, .retracted: false
            default: true
            }
        } ?? tellings.last
    }
}

/// What it is a copy of, and the passages that show it.
struct DuplicateEvidence {
    /// A stretch of text, and how many words it has.
    struct Passage {
        let words: Int
        let text: String
    }

    let kinship: DocumentFate.Kinship
    /// The original as it stands now; nil if the log knows it no more.
    let original: DocumentRow?
    /// What both texts hold, longest first.
    var shared: [Passage] = []
    /// What this one alone holds, and what the original alone holds, longest first.
    var onlyHere: [Passage] = []
    var onlyThere: [Passage] = []
    /// Words of this text, of the original, and of both.
    var counts: (here: Int, there: Int, shared: Int)?
}

/// Something that would have had to be different, for the document to fare otherwise.
struct WhyNot {
    /// What it is about: `clean.words`, `deduplicate`, `leaders:joe-biden`.
    let about: String
    /// In words.
    var text: String
    /// What was measured, and the value at which the decision turns.
    var value: Double?
    var turnsAt: Double?
    /// Another document that it hangs on.
    var document: String?
    /// Details, a line each.
    var details: [String] = []
}
