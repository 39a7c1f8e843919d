internal import Bytes
internal import EventLog
internal import Events

/// Lets into the stages what the log does not know yet (invariants 5 and 6).
struct Admission: Sendable {
    var index: DocumentIndex
    private let retractions: Retractions
    private let runStart: EventPosition
    let stage: Int
    /// The only documents to let in, changed or not; nil for all that are new.
    private let only: Set<Hash128>?
    /// How many of those were let in.
    private(set) var readmitted = 0
    /// Documents that an earlier run settled with the same content and pipeline.
    var unchanged = 0
    /// What fails now as it did in an earlier run.
    private(set) var standing = RunTotals(ledger: [])

    init(
        index: DocumentIndex,
        runStart: EventPosition,
        stage: Int,
        retractions: Retractions = Retractions(),
        only: Set<Hash128>? = nil
    ) {
        self.retractions = retractions
        self.only = only
        self.index = index
        self.runStart = runStart
        self.stage = stage
    }

    /// Exported records that no longer hold once this run's documents are committed.
    var deadExports: Int { index.deadExports }

    /// Copies, met in this run, of what has been revised since they were decided.
    var staleCopies: Set<Hash128> { index.seenCopiesOfRevised }

    /// The documents of a set that this run's input has named.
    func seen(_ keys: Set<Hash128>) -> Set<Hash128> {
        keys.filter { index[$0]?.isSeen == true }
    }

    /// Goes over a batch in input order.
    mutating func admit(_ documents: inout [Document]) {
        for position in documents.indices {
            let key = Hash128(hashing: documents[position].id.rawValue)
            if let only {
                readmit(&documents[position], key, only)
            } else if let entry = index[key], entry.isSeen {
                refuseRepetition(&documents[position])
            } else if retractions.refuses(documents[position], key, isKnown: index[key] != nil) {
                refuseRetracted(&documents[position], key, retractions)
            } else {
                admit(&documents[position], key)
            }
        }
    }

    private mutating func readmit(
        _ document: inout Document,
        _ key: Hash128,
        _ only: Set<Hash128>
    ) {
        guard let entry = index[key], only.contains(key), !entry.isSeen else {
            document.fate = .unchanged
            return
        }
        document.streamVersion = entry.version
        readmitted += 1
        index.settle(
            key,
            revision: DocumentIndex.revision(document.revision),
            at: runStart,
            isSeen: true
        )
    }

    mutating func admit(_ document: inout Document, _ key: Hash128) {
        let revision = DocumentIndex.revision(document.revision)
        if let entry = index[key] {
            document.streamVersion = entry.version
            if entry.revision == revision && entry.settled >= index.generationStart {
                index.markSeen(key)
                let isEarlier = entry.settled < runStart
                if !document.isLive {
                    standing.noteStanding(document, isEarlier: isEarlier)
                } else if entry.hasFailed, isEarlier {
                    standing.standingFailures += 1
                }
                document.fate = .unchanged
                if isEarlier { unchanged += 1 }
                return
            }
        }
        index.settle(key, revision: revision, at: runStart, isSeen: true)
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
