internal import Bytes
internal import EventLog
internal import Events
package import Pipeline
internal import YAML

/// What the deduplicate stage is told.
struct DeduplicateOptions: Sendable {
    var exact = true
    var near = true
    var threshold = 0.8
    var shingleWords = 5
    var permutations = 128
}

/// Finds documents that repeat an earlier one, exactly or nearly.
///
/// A document is a duplicate if and only if an earlier one in input order has the same normalised
/// body, or shares a band with it and reaches the threshold by estimated Jaccard (within a band's
/// bucket the earliest 64 are compared); it names the earliest such. No later document can change
/// an earlier decision, and one shuffle of a distributed engine computes the same.
package struct DeduplicateStage: Stage {
    package let name: String
    private let number: Int
    private let options: DeduplicateOptions
    private let minhash: MinHash

    init(name: String, number: Int, options: DeduplicateOptions) {
        self.name = name
        self.number = number
        self.options = options
        minhash = MinHash(
            permutations: options.permutations,
            shingleWords: options.shingleWords
        )
    }

    package func measure(_ documents: inout [Document]) {
        var scratch = MinHash.Scratch()
        for index in documents.indices where documents[index].isLive {
            let (words, body) = (documents[index].words, documents[index].body)
            documents[index].fingerprint = DocumentFingerprint(
                exact: Hash128(words: words, of: body.span),
                minhash: options.near ? minhash.signature(of: words, scratch: &scratch) : []
            )
        }
    }

    /// The signature was measured; the decision is the decider's.
    package func recall(_ recorded: [PendingEvent], into document: inout Document) throws {
        for event in recorded {
            switch event.type {
            case .documentUnique:
                document.fingerprint = try DocumentUnique(cbor: event.facts.span).fingerprint
            case .documentDuplicate:
                document.fingerprint = try DocumentDuplicate(cbor: event.facts.span).fingerprint
            default: break
            }
        }
    }

    package func makeDecider() -> (any Decider)? {
        DeduplicateDecider(name: name, stage: number, options: options)
    }
}

/// Decides on documents in input order and remembers them.
struct DeduplicateDecider: Decider {
    private let name: String
    private let stage: Int
    private let options: DeduplicateOptions
    private var index: NearDuplicateIndex
    /// A document whose way began, until it comes here or is known not to.
    private var coming: DocumentID?

    init(name: String, stage: Int, options: DeduplicateOptions) {
        self.name = name
        self.stage = stage
        self.options = options
        index = NearDuplicateIndex(options: options)
    }

    var isUnsettled: Bool { !index.pending.isEmpty }

    mutating func reset() {
        index = NearDuplicateIndex(options: options)
        coming = nil
    }

    mutating func finishRun() {
        index.settle()
    }

    mutating func restore(_ batch: borrowing EventBatch) throws {
        let unique = batch.typeIndex(of: EventType.documentUnique.rawValue)
        let duplicate = batch.typeIndex(of: EventType.documentDuplicate.rawValue)
        let ingested = batch.typeIndex(of: EventType.documentIngested.rawValue)
        let endings = [
            EventType.documentFailed, .documentRemoved, .documentRetracted,
        ].map { batch.typeIndex(of: $0.rawValue) }
        let own = batch.stages.firstIndex(of: name)
        for position in batch.indices {
            let record = batch[position]
            let type = record.typeIndex
            if type == unique || type == duplicate {
                guard record.stageIndex == own, !record.isErased else { continue }
                let fingerprint =
                    type == unique
                    ? try DocumentUnique(cbor: batch.facts(position)).fingerprint
                    : try DocumentDuplicate(cbor: batch.facts(position)).fingerprint
                _ = index.enter(DocumentID(rawValue: batch.streamName(position)), fingerprint)
                coming = nil
            } else if type == ingested {
                let id = DocumentID(rawValue: batch.streamName(position))
                seeComing()
                index.leave(id)
                coming = id
            } else if endings.contains(type) {
                let id = DocumentID(rawValue: batch.streamName(position))
                index.leave(id)
                if coming == id { continue }
                seeComing()
                coming = id
            }
        }
    }

    /// A document that went its way without coming here keeps its place all the same.
    private mutating func seeComing() {
        if let coming { index.see(coming) }
        coming = nil
    }

    mutating func decide(_ documents: inout [Document]) {
        seeComing()
        for position in documents.indices where documents[position].fate != .unchanged {
            let id = documents[position].id
            index.leave(id)
            guard documents[position].isLive, let fingerprint = documents[position].fingerprint
            else {
                index.see(id)
                continue
            }
            if let match = index.enter(id, fingerprint) {
                let event = DocumentDuplicate(
                    of: match.original,
                    kind: match.kind,
                    similarity: match.similarity,
                    threshold: options.threshold,
                    fingerprint: fingerprint
                )
                documents[position].record(event, stage: stage)
                documents[position].fate = .settled(stage: stage, outcome: .duplicate)
            } else {
                documents[position].record(DocumentUnique(fingerprint: fingerprint), stage: stage)
            }
        }
    }
}
