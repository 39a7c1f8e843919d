internal import Bytes
internal import EventLog
internal import Events

/// What the log last said of each document: a projection of the log, held in memory.
///
/// About 100 bytes a document.
struct DocumentIndex: Sendable {
    /// What is known of a document.
    struct Entry: Sendable {
        /// The revision that was settled last.
        var revision: Hash128
        /// The position at which it was.
        var settled: EventPosition
        /// How many events its stream holds.
        var version: UInt32
        /// Whether an export holds a record of it.
        var isExported = false
        /// Whether it failed, at whatever stage.
        var hasFailed = false
        /// Whether this run's input has named it.
        var isSeen = false
    }

    private var entries: [Hash128: Entry] = [:]
    /// What each duplicate is a copy of.
    private var originals: [Hash128: Hash128] = [:]
    /// Documents settled before this position were settled by another pipeline.
    private(set) var generationStart = EventPosition.first
    /// Exported records that no longer hold.
    private(set) var deadExports = 0

    /// How many documents are known.
    var count: Int { entries.count }

    /// Goes over to another pipeline: everything known has to be settled anew.
    mutating func beginGeneration(at position: EventPosition) {
        generationStart = position
        deadExports = 0
        originals = [:]
        for key in entries.keys { entries[key]?.isExported = false }
    }

    /// Forgets dead records: the exports were written anew.
    mutating func exportsWereRewritten() {
        deadExports = 0
    }

    subscript(key: Hash128) -> Entry? { entries[key] }

    /// Notes that a document's way through the pipeline began anew.
    ///
    /// An exported record of it dies.
    mutating func settle(
        _ key: Hash128,
        revision: Hash128,
        at position: EventPosition,
        isSeen: Bool
    ) {
        var entry = entries[key] ?? Entry(revision: revision, settled: position, version: 0)
        if entry.isExported { deadExports += 1 }
        entry.revision = revision
        entry.settled = position
        entry.isExported = false
        entry.hasFailed = false
        entry.isSeen = isSeen
        entries[key] = entry
        originals[key] = nil
    }

    /// Notes that a document was found to be a copy of another.
    mutating func markDuplicate(_ key: Hash128, of original: Hash128) {
        originals[key] = original
    }

    /// Documents of this run's input that are copies of one that has been revised since, or is gone
    /// from the log, and have to be decided anew.
    var seenCopiesOfRevised: Set<Hash128> {
        var copies: Set<Hash128> = []
        for (key, original) in originals {
            guard let copy = entries[key], copy.isSeen else { continue }
            // One that the log does not know was given up by a repair.
            guard let revised = entries[original], revised.settled <= copy.settled else {
                copies.insert(key)
                continue
            }
        }
        return copies
    }

    mutating func markFailed(_ key: Hash128) {
        entries[key]?.hasFailed = true
    }

    mutating func markSeen(_ key: Hash128) {
        entries[key]?.isSeen = true
    }

    mutating func markExported(_ key: Hash128) {
        entries[key]?.isExported = true
    }

    mutating func setVersion(_ key: Hash128, _ version: UInt32) {
        entries[key]?.version = version
    }

    /// What stands for a revision in the index: a hash of its digest's digits.
    static func revision(_ sha256: String) -> Hash128 {
        Hash128(hashing: sha256)
    }
}
