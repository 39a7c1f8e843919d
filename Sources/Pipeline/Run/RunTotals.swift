internal import EventLog
internal import Events

/// What the flow of a run adds up to.
struct RunTotals: Sendable {
    var ledger: [StageBalance]
    var unchanged = 0
    /// Whether decisions have to be made anew, for what a revision made of other documents.
    var isUnsettled = false
    /// Documents that came since a plan was made.
    var unplanned = 0
    /// Exported records that no longer hold.
    var deadExports = 0
    /// Documents stated again that had been counted as unchanged.
    var restatedUnchanged = 0
    /// Documents whose sources no longer hold them.
    var removed = 0
    /// The documents that the whole input did not name; nil where it was not read to its end.
    var unseen: [EventPosition]?
    /// Files of which something could not be read.
    var faultySources: Set<String> = []
    var wasInterrupted = false
    var unreadableSources = 0
    var standingFailures = 0
    var failures: [DocumentFailed] = []
    var drops: [String: Int] = [:]

    /// Takes over what admission counted.
    mutating func note(_ admission: Admission, isComplete: Bool) {
        unchanged = admission.unchanged
        unplanned = admission.unplanned
        deadExports = admission.deadExports
        standingFailures = admission.standing.standingFailures
        noteFailures(of: admission.standing)
        isUnsettled = isUnsettled || admission.hasStaleCopies
        faultySources = admission.faultySources
        if isComplete, unreadableSources == 0 { unseen = admission.unseen }
    }

    /// Adds another pass, over the input or over what the log holds.
    mutating func addPass(_ other: RunTotals) {
        for (index, balance) in other.ledger.enumerated() { ledger[index].add(balance) }
        for (rule, count) in other.drops { drops[rule, default: 0] += count }
        unchanged += other.unchanged - other.restatedUnchanged
        deadExports += other.deadExports
        unplanned += other.unplanned
        isUnsettled = other.isUnsettled
        unseen = other.unseen
        faultySources = other.faultySources
        standingFailures += other.standingFailures
        wasInterrupted = other.wasInterrupted
        noteFailures(of: other)
    }

    static let failuresShown = 20

    /// Notes a record that failed in an earlier run and fails again: no event, but not silence.
    mutating func noteStanding(_ document: Document, isEarlier: Bool) {
        guard let event = document.events.last,
            let failure = try? DocumentFailed(cbor: event.facts.span)
        else { return }
        guard failure.retryable else {
            if isEarlier { standingFailures += 1 }
            return
        }
        unreadableSources += 1
        if failures.count < Self.failuresShown { failures.append(failure) }
    }

    /// Notes why documents of a committed batch went no further.
    mutating func note(_ document: Document) {
        guard case .settled(_, let outcome) = document.fate, let last = document.events.last else {
            return
        }
        switch outcome {
        case .failed:
            guard let failure = try? DocumentFailed(cbor: last.facts.span) else { return }
            if failure.retryable && failure.code.hasPrefix("ingest.") { unreadableSources += 1 }
            if failures.count < Self.failuresShown { failures.append(failure) }
        case .dropped:
            guard let drop = try? DocumentDropped(cbor: last.facts.span) else { return }
            drops[drop.rule, default: 0] += 1
        case .duplicate: break
        }
    }
}
