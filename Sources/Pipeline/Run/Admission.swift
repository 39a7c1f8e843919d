internal import Bytes
internal import EventLog
internal import Events

/// Lets into the stages what the log does not know yet (invariants 5 and 6).
struct Admission: Sendable {
    var index: DocumentIndex
    private let retractions: Retractions
    private let runStart: EventPosition
    /// The revisions that a plan lets in; nil for all that are new.
    private let planned: Set<Hash128>?
    /// Documents that came since the plan was made.
    private(set) var unplanned = 0
    let stage: Int
    /// Documents that an earlier run settled with the same content and pipeline.
    var unchanged = 0
    /// Files of which something could not be read.
    private(set) var faultySources: Set<String> = []
    /// What fails now as it did in an earlier run.
    private(set) var standing = RunTotals(ledger: [])

    init(
        index: DocumentIndex,
        runStart: EventPosition,
        stage: Int,
        retractions: Retractions = Retractions(),
        plan: RunPlan? = nil
    ) {
        planned = plan.map { plan in
            Set(plan.items.map { Self.key(of: $0.document, $0.revision) })
        }
        self.retractions = retractions
        self.index = index
        self.runStart = runStart
        self.stage = stage
    }

    /// Exported records that no longer hold once this run's documents are committed.
    var deadExports: Int { index.deadExports }

    /// Whether a copy was met of what has been revised since it was decided.
    var hasStaleCopies: Bool { index.hasStaleCopies }

    /// The documents that the input has not named, by the beginnings of their last statements.
    var unseen: [EventPosition] { index.unseen }

    /// Goes over a batch in input order.
    mutating func admit(_ documents: inout [Document]) {
        for position in documents.indices {
            let key = Hash128(hashing: documents[position].id.rawValue)
            if let entry = index[key], entry.isSeen {
                refuseRepetition(&documents[position])
            } else if retractions.refuses(documents[position], key, isKnown: index[key] != nil) {
                refuseRetracted(&documents[position], key, retractions)
            } else {
                admit(&documents[position], key)
            }
        }
    }

    mutating func admit(_ document: inout Document, _ key: Hash128) {
        if case .settled(_, .failed) = document.fate {
            faultySources.insert(document.origin.source)
        }
        let revision = DocumentIndex.revision(document.revision)
        if let entry = index[key] {
            document.streamVersion = entry.version
            if entry.revision == revision && !entry.isGone {
                index.markSeen(key)
                let isEarlier = entry.settled < runStart
                if case .settled(_, .failed) = document.fate {
                    standing.noteStanding(document, isEarlier: isEarlier)
                } else if document.isLive, entry.hasFailed, isEarlier {
                    standing.standingFailures += 1
                }
                document.fate = .unchanged
                if isEarlier { unchanged += 1 }
                return
            }
        }
        if let planned, !planned.contains(Self.key(of: document.id, document.revision)) {
            index.markSeen(key)
            unplanned += 1
            document.fate = .unchanged
            return
        }
        index.settle(key, revision: revision, at: runStart, isSeen: true)
    }

    private static func key(of document: DocumentID, _ revision: String) -> Hash128 {
        Hash128(hashing: revision + " " + document.rawValue)
    }

    /// A second record under one key would make each run undo the other's revision.
    private mutating func refuseRepetition(_ document: inout Document) {
        let origin = document.origin
        let repeated = Document(
            failed: DocumentFailed(
                code: "ingest.repeated-key",
                message: "the key '\(document.id.rawValue)' stands earlier in this run's input;"
                    + " the first record counts: give each record a key of its own (fields.id)",
                file: origin.source,
                offset: origin.offset,
                attempt: 1,
                retryable: false,
                sha256: document.revision
            ),
            at: origin,
            stage: stage
        )
        document = repeated
        // Its place may be another record's key.
        var number = 1
        while index[Hash128(hashing: document.id.rawValue)]?.isSeen == true {
            number += 1
            document.id = DocumentID(rawValue: "\(origin.id.rawValue)~\(number)")
        }
        admit(&document, Hash128(hashing: document.id.rawValue))
    }
}
