internal import Bytes
internal import EventLog
internal import Events

/// What was withdrawn from a store, as much as it takes to know the same content again.
///
/// The same content is the same revision or the same words in the same order: neither another name
/// nor other white space, punctuation or letter case brings it back. Other words under a withdrawn
/// document's key are another revision, and come in.
package struct Retractions: Sendable {
    /// The withdrawn documents.
    private var keys: Set<Hash128> = []
    /// Documents under other keys that were refused before.
    private var refused: Set<Hash128> = []
    private var revisions: Set<String> = []
    private var words: Set<String> = []

    /// None.
    init() {}

    /// Takes in what the log says: of a log without a withdrawal little more than the headers.
    init(in reader: EventLogReader) throws {
        for withdrawal in try Withdrawal.all(in: reader) {
            keys.insert(Hash128(hashing: withdrawal.document))
            revisions.formUnion(withdrawal.event.revisions)
            words.formUnion(withdrawal.event.words)
        }
        guard !keys.isEmpty else { return }
        let type = EventType.documentDropped.rawValue
        try reader.scan(types: [type]) { (batch) throws in
            let dropped = batch.typeIndex(of: type)
            for index in batch.indices where batch.typeIndex(index) == dropped {
                guard try DocumentDropped(cbor: batch.facts(index)).rule == Self.rule else {
                    continue
                }
                refused.insert(Hash128(hashing: batch.stream(index)))
            }
            return .continue
        }
    }

    /// The rule by which a document is dropped that is the same as a withdrawn one.
    package static let rule = "retracted"

    /// Whether a document is not to be let in.
    ///
    /// A copy that the log knew as a document of its own, `isKnown`, stays one: who wants it gone
    /// withdraws it, too.
    func refuses(_ document: Document, _ key: Hash128, isKnown: Bool) -> Bool {
        guard !keys.isEmpty, document.isLive else { return false }
        guard !isKnown || holds(key) || refused.contains(key) else { return false }
        return revisions.contains(document.revision)
            || words.contains(Hash128(wordsOf: document.body.span).digits)
    }

    /// Whether a document of this key was withdrawn.
    func holds(_ key: Hash128) -> Bool { keys.contains(key) }
}

extension Admission {
    /// Settles a document that is the same as a withdrawn one, without a word of what it says.
    ///
    /// The withdrawn one itself stays what it is: withdrawn, with no further event.
    mutating func refuseRetracted(
        _ document: inout Document,
        _ key: Hash128,
        _ retractions: Retractions
    ) {
        if retractions.holds(key) {
            index.markSeen(key)
            document.fate = .unchanged
            unchanged += 1
            return
        }
        var refused = Document(
            id: document.id,
            fields: DocumentFields(),
            metadata: .map([]),
            body: [],
            revision: document.revision,
            origin: document.origin
        )
        let decision = DocumentDropped(
            rule: Retractions.rule,
            value: 1,
            minimum: nil,
            maximum: 0,
            sha256: document.revision,
            source: document.origin.source
        )
        refused.drop(decision, stage: stage)
        document = refused
        admit(&document, key)
    }
}

extension StoreState {
    /// One that was not let in has only this event.
    mutating func settleRefused(
        _ key: Hash128,
        _ facts: Span<UInt8>,
        _ position: EventPosition
    ) throws(CBORError) {
        try settle(key, facts, position)
        documents.markRefused(key)
    }

    /// What was erased counts as before, and says nothing.
    mutating func applyErased(
        _ record: EventRecord,
        _ types: BatchTypes,
        _ key: Hash128,
        stage name: String
    ) {
        let stage = stageNames.firstIndex(of: name)
        let isFailure = record.typeIndex == types.failed
        if record.typeIndex == types.ingested || isFailure && (stage ?? 0) == 0 {
            documents.settle(
                key,
                revision: DocumentIndex.revision(""),
                at: record.position,
                isSeen: false
            )
            unfinished?.documents += 1
        }
        guard isFailure || record.typeIndex == types.duplicate, let stage else { return }
        if isFailure {
            unfinished?.settled[stage].failed += 1
        } else {
            unfinished?.settled[stage].duplicates += 1
        }
    }
}
