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

    package func makeDecider() -> (any Decider)? {
        DeduplicateDecider(stage: number, options: options)
    }
}

/// Decides on documents in input order and remembers them.
struct DeduplicateDecider: Decider {
    private let stage: Int
    private let options: DeduplicateOptions
    private var index: NearDuplicateIndex

    init(stage: Int, options: DeduplicateOptions) {
        self.stage = stage
        self.options = options
        index = NearDuplicateIndex(options: options)
    }

    let consumes: Set<String> = [
        EventType.documentIngested.rawValue, EventType.documentFailed.rawValue,
        EventType.documentUnique.rawValue, EventType.documentDuplicate.rawValue,
        EventType.documentRetracted.rawValue,
    ]

    var pending: Set<DocumentID> { index.pending }

    mutating func reset() {
        index = NearDuplicateIndex(options: options)
    }

    mutating func restore(_ batch: borrowing EventBatch) throws {
        let unique = batch.typeIndex(of: EventType.documentUnique.rawValue)
        let duplicate = batch.typeIndex(of: EventType.documentDuplicate.rawValue)
        let ingested = batch.typeIndex(of: EventType.documentIngested.rawValue)
        let failed = batch.typeIndex(of: EventType.documentFailed.rawValue)
        let retracted = batch.typeIndex(of: EventType.documentRetracted.rawValue)
        for position in batch.indices where !batch.isErased(position) {
            let type = batch[position].typeIndex
            if type == unique {
                let event = try DocumentUnique(cbor: batch.facts(position))
                _ = index.enter(
                    DocumentID(rawValue: batch.streamName(position)),
                    event.fingerprint
                )
            } else if type == duplicate {
                let event = try DocumentDuplicate(cbor: batch.facts(position))
                _ = index.enter(
                    DocumentID(rawValue: batch.streamName(position)),
                    event.fingerprint
                )
            } else if type == ingested || type == failed || type == retracted {
                index.leave(DocumentID(rawValue: batch.streamName(position)))
            }
        }
    }

    mutating func decide(_ documents: inout [Document]) {
        for position in documents.indices where documents[position].fate != .unchanged {
            let id = documents[position].id
            index.leave(id)
            guard documents[position].isLive, let fingerprint = documents[position].fingerprint
            else { continue }
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
