internal import Bytes
internal import Events

/// What the flow of a run adds up to.
struct RunTotals: Sendable {
    var ledger: [StageBalance]
    var unchanged = 0
    var deadExports = 0
    /// Documents that a revision of another asks to decide anew.
    var pending: Set<Hash128> = []
    /// Documents decided anew that had been counted as unchanged.
    var readmitted = 0
    var wasInterrupted = false
    var unreadableSources = 0
    var standingFailures = 0
    var failures: [DocumentFailed] = []
    var drops: [String: Int] = [:]

    /// Takes over what admission counted, and what it met of the documents to decide anew.
    mutating func note(_ admission: Admission, pending: Set<Hash128>) {
        unchanged = admission.unchanged
        readmitted = admission.readmitted
        deadExports = admission.deadExports
        standingFailures = admission.standing.standingFailures
        noteFailures(of: admission.standing)
        self.pending = admission.seen(pending).union(admission.staleCopies)
    }

    /// Adds a second pass over the same input.
    mutating func addSecondPass(_ other: RunTotals) {
        for (index, balance) in other.ledger.enumerated() { ledger[index].add(balance) }
        for (rule, count) in other.drops { drops[rule, default: 0] += count }
        unchanged -= other.readmitted
        deadExports = other.deadExports
        pending = other.pending
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
