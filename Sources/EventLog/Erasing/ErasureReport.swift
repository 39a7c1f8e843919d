/// What an erasure did.
package struct ErasureReport: Hashable, Sendable {
    /// The events that hold nothing any more and did before, in order.
    package internal(set) var events: [EventPosition] = []
    /// Bytes of facts and content that were theirs, before compression.
    package internal(set) var byteCount = 0
    /// The segments that were written anew, by file name.
    package internal(set) var segments: [String] = []
    /// Gaps whose damaged bytes were replaced by zeros: they may have held anything.
    package internal(set) var emptiedGaps = 0
    /// Files that were removed from the store's quarantine folder: they may have held anything.
    package internal(set) var quarantine: [String] = []

    package init() {}
}
