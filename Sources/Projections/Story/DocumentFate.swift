package import Bytes
package import EventLog
internal import Events

/// What became of a document by one statement of it: the outcome, and what each stage said on the way.
package struct DocumentFate: Sendable, Equatable {
    /// How it ended.
    package enum Outcome: Sendable, Equatable {
        /// It passed every stage.
        case kept
        /// A rule took it out.
        case dropped(Drop)
        /// It repeats an earlier document.
        case duplicate(Kinship)
        /// It could not be processed.
        case failed(code: String, message: String, isRetryable: Bool)
        /// Its source no longer holds it.
        case removed
        /// Somebody withdrew it.
        case retracted(reason: String?)
    }

    /// A rule, what it measured and what it asked for.
    package struct Drop: Sendable, Equatable {
        /// The rule.
        package let rule: String
        /// What was measured.
        package let value: Double?
        /// The smallest value that would have been kept.
        package let minimum: Double?
        /// The largest value that would have been kept.
        package let maximum: Double?

        /// States a decision.
        package init(rule: String, value: Double?, minimum: Double?, maximum: Double?) {
            self.rule = rule
            self.value = value
            self.minimum = minimum
            self.maximum = maximum
        }

        /// Takes the facts of `document.dropped`.
        package init(_ facts: CBORValue) {
            rule = facts["rule"]?.text ?? ""
            value = facts["value"]?.number
            minimum = facts["threshold"]?["min"]?.number
            maximum = facts["threshold"]?["max"]?.number
        }
    }

    /// Which document it repeats.
    package struct Kinship: Sendable, Equatable {
        /// The earlier document.
        package let original: String
        /// `exact` or `near`.
        package let kind: String
        /// The estimated Jaccard similarity.
        package let similarity: Double?
        /// The threshold that decided.
        package let threshold: Double?
    }

    /// What one stage said, in brief: enough to tell whether it says the same another time.
    package struct StageResult: Sendable, Equatable {
        /// The stage.
        package let stage: String
        /// Who said it within the stage: an annotator, `cleaned`, an export's file.
        package let subject: String
        /// A hash of what was said, without places in files and fingerprints.
        package let digest: Hash128
        /// The ids of annotations.
        package let ids: [String]
    }

    /// How it ended.
    package var outcome = Outcome.kept
    /// The stage that took it out of the stream; empty if none did.
    package var settledBy = ""
    /// SHA-256 of its text and of what its source says of it.
    package var revision = ""
    /// Where it was read.
    package var source = ""
    /// Its headline.
    package var title: String?
    /// What the stages said, in order.
    package var results: [StageResult] = []
    /// The position of the statement's first event.
    package var position: EventPosition
    /// The run that stated it.
    package var run: String
    /// Whether a takedown erased some of it.
    package var isErased = false

    init(at position: EventPosition, run: String) {
        self.position = position
        self.run = run
    }

    /// Whether two statements come to the same.
    package func isSame(as other: DocumentFate) -> Bool {
        outcome == other.outcome && settledBy == other.settledBy && revision == other.revision
            && results == other.results
    }
}

extension DocumentFate {
    /// Whether an event begins a statement of its document, given the one so far.
    static func begins(_ type: String, after fate: DocumentFate?, run: String) -> Bool {
        switch EventType(rawValue: type) {
        case .documentIngested, .documentRemoved, .documentRetracted: true
        // An input that failed where it was read has no event before.
        case .documentFailed: fate == nil || fate?.isSettled == true || fate?.run != run
        default: fate == nil
        }
    }

    /// Whether nothing more follows in its statement but exports.
    private var isSettled: Bool {
        if case .kept = outcome { return results.contains { $0.subject.hasPrefix("export:") } }
        return true
    }

    /// Takes in an event of the statement.
    mutating func apply(type: String, stage: String, facts: CBORValue) {
        if facts == .null { isErased = true }
        switch EventType(rawValue: type) {
        case .documentIngested:
            revision = facts["sha256"]?.text ?? ""
            source = facts["source"]?.text ?? ""
            title = facts["fields"]?["title"]?.text
        case .documentCleaned:
            title = facts["fields"]?["title"]?.text ?? title
            add(stage, "cleaned", facts)
        case .documentDropped:
            outcome = .dropped(Drop(facts))
            settledBy = stage
        case .documentUnique: add(stage, "unique", .null)
        case .documentDuplicate:
            outcome = .duplicate(Kinship(facts))
            settledBy = stage
        case .documentEnriched:
            let ids = (facts["annotations"]?.items ?? []).compactMap { $0["id"]?.text }
            add(stage, facts["annotator"]?.text ?? "", facts, ids: ids)
        case .documentExported:
            add(stage, "export:" + (facts["path"]?.text ?? ""), .null)
        case .documentFailed:
            outcome = .failed(
                code: facts["code"]?.text ?? "",
                message: facts["message"]?.text ?? "",
                isRetryable: facts["retryable"] == .bool(true)
            )
            settledBy = stage
            if revision.isEmpty { revision = facts["sha256"]?.text ?? "" }
            if source.isEmpty { source = facts["file"]?.text ?? "" }
        case .documentRemoved:
            outcome = .removed
            source = facts["source"]?.text ?? ""
        case .documentRetracted: outcome = .retracted(reason: facts["reason"]?.text)
        case .pluginAnswered: break
        default: add(stage, type, facts)
        }
    }

    private mutating func add(
        _ stage: String,
        _ subject: String,
        _ facts: CBORValue,
        ids: [String] = []
    ) {
        let digest = Hash128(hashing: facts.encoded.span)
        results.append(StageResult(stage: stage, subject: subject, digest: digest, ids: ids))
    }
}

extension DocumentFate.Kinship {
    init(_ facts: CBORValue) {
        original = facts["of"]?.text ?? ""
        kind = facts["kind"]?.text ?? ""
        similarity = facts["similarity"]?.number
        threshold = facts["threshold"]?.number
    }
}
