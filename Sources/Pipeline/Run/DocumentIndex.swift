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
        /// The position at which its last statement begins.
        var settled: EventPosition
        /// The position at which the log first saw it.
        let first: EventPosition
        /// How many events its stream holds.
        var version: UInt32
        /// Whether an export holds a record of it.
        var isExported = false
        /// Whether it failed, at whatever stage.
        var hasFailed = false
        /// Whether this run's input has named it.
        var isSeen = false
        /// Whether it was removed or withdrawn.
        var isGone = false
        /// Whether it was not let in: nothing of it is there to decide on.
        var isRefused = false
    }

    private var entries: [Hash128: Entry] = [:]
    /// What each duplicate is a copy of.
    private var originals: [Hash128: Hash128] = [:]
    /// Up to here every decision was made in view of all documents: the end of the last run.
    private var decidedUntil = EventPosition.first
    /// Exported records that no longer hold.
    private(set) var deadExports = 0

    /// How many documents are known.
    var count: Int { entries.count }

    /// The documents that stand, in the order in which the log first saw them, by the beginning of
    /// their last statement.
    var statements: [EventPosition] {
        entries.values.filter { !$0.isGone && !$0.isRefused }.sorted { $0.first < $1.first }.map(
            \.settled
        )
    }

    /// A run has decided everything that there was to decide.
    mutating func finishRun(at position: EventPosition) {
        decidedUntil = position
    }

    /// Notes that a document's source no longer holds it, or that it was withdrawn.
    mutating func remove(_ key: Hash128, at position: EventPosition) {
        guard var entry = entries[key] else { return }
        if entry.isExported { deadExports += 1 }
        entry.isExported = false
        entry.hasFailed = false
        entry.isGone = true
        entry.settled = position
        entries[key] = entry
        originals[key] = nil
    }

    /// No export holds what it held.
    mutating func forgetExports() {
        deadExports = 0
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
        var entry =
            entries[key]
            ?? Entry(revision: revision, settled: position, first: position, version: 0)
        if entry.isExported { deadExports += 1 }
        entry.revision = revision
        entry.settled = position
        entry.isExported = false
        entry.hasFailed = false
        entry.isSeen = isSeen
        entry.isGone = false
        entry.isRefused = false
        entries[key] = entry
        originals[key] = nil
    }

    /// Notes that a document was found to be a copy of another.
    mutating func markDuplicate(_ key: Hash128, of original: Hash128) {
        originals[key] = original
    }

    /// Whether a document was found to be a copy of one that has been revised or removed since, or is
    /// gone from the log.
    var hasStaleCopies: Bool {
        originals.contains { isStale($0, of: $1) }
    }

    /// The copies of what has been revised or removed since, or is gone from the log, by the beginning
    /// of their last statement, in the order in which the log first saw them.
    var staleCopies: [EventPosition] {
        originals.filter { isStale($0.key, of: $0.value) }.compactMap { entries[$0.key] }
            .sorted { $0.first < $1.first }.map(\.settled)
    }

    private func isStale(_ key: Hash128, of original: Hash128) -> Bool {
        guard let copy = entries[key], !copy.isGone else { return false }
        // One that the log does not know was given up by a repair.
        guard let revised = entries[original] else { return true }
        return revised.settled > max(copy.settled, decidedUntil)
    }

    /// How many documents stand that the log saw first after a position, but for some.
    func count(seenAfter position: EventPosition, but others: Set<Hash128>) -> Int {
        entries.count { key, entry in
            !entry.isGone && !entry.isRefused && entry.first > position && !others.contains(key)
        }
    }

    /// The documents that this run's input has not named, by the beginning of their last statement,
    /// in the order in which the log first saw them.
    var unseen: [EventPosition] {
        entries.values.filter { !$0.isGone && !$0.isRefused && !$0.isSeen }
            .sorted { $0.first < $1.first }.map(\.settled)
    }

    mutating func markFailed(_ key: Hash128) {
        entries[key]?.hasFailed = true
    }

    mutating func markRefused(_ key: Hash128) {
        entries[key]?.isRefused = true
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
