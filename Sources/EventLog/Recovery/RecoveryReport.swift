/// What opening a store found beyond the last acknowledged batch, and what it did about it.
package struct RecoveryReport: Hashable, Sendable {
    /// The segment whose tail was torn, by file name.
    package let segment: String
    /// Where the tail began.
    package let offset: UInt64
    /// How many bytes were cut.
    package let byteCount: UInt64
    /// Where the cut bytes were kept, relative to the store.
    package let quarantine: String
    /// The log's next position after the cut.
    package let position: EventPosition
    /// What was wrong with the first bad bytes.
    package let reason: String
}
