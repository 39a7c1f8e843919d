/// What a takedown will do, or did.
package struct TakedownReport: Sendable, Equatable {
    /// One withdrawn document.
    package struct Withdrawal: Sendable, Equatable {
        /// Its identity.
        package let document: String
        /// Where it was read last.
        package let source: String
        /// Events of it, and answers about its source, that are erased.
        package let events: Int
        /// Exports that held a record of it.
        package let exports: [String]
        /// Documents that were copies of it, which are decided anew.
        package let copies: [String]
        /// Whether it had been withdrawn before, and nothing of it came since.
        package let wasRetracted: Bool
    }

    /// The documents.
    package var documents: [Withdrawal] = []
    /// The position of the first `document.retracted`; nil if none was appended.
    package var position: UInt64?
    /// Events erased from the log by this call.
    package var erasedEvents = 0
    /// Bytes of facts and content that were theirs, before compression.
    package var erasedBytes = 0
    /// Segments that were written anew.
    package var segments: [String] = []
    /// Exports that were written anew, by path.
    package var exports: [String] = []
    /// Files that were removed because they may have held anything.
    package var removed: [String] = []
    /// Files beside exports that are not this store's: they may hold the documents, too.
    package var foreign: [String] = []
    /// Copies that were decided anew; nil if the next run does it.
    package var decidedAnew: Int?
    /// Whether this completed a takedown that had been interrupted.
    package var completesEarlier = false

    package init() {}
}
