internal import Bytes

/// How a heap of a batch is stored.
package enum Compression: Hashable, Sendable {
    /// As it is.
    case none
    /// Compressed by zstd at this level; a heap that does not shrink is stored as it is.
    case zstd(level: Int32)

    /// zstd level 1: the fastest that pays for itself on text.
    package static let fast = Compression.zstd(level: 1)
}

/// What can be chosen about a log when it is opened for writing.
package struct LogOptions: Hashable, Sendable {
    /// A segment that would grow past this many bytes is sealed and the next one begun.
    package var segmentByteLimit: UInt64

    package init(segmentByteLimit: UInt64? = nil) {
        let setting = Failpoint.setting("ANNALS_SEGMENT_BYTES").flatMap { UInt64(exactly: $0) }
        self.segmentByteLimit = segmentByteLimit ?? setting ?? 64 << 20
    }
}

/// The random identity of a store, given when it was made.
package struct StoreID: Hashable, Sendable, CustomStringConvertible {
    /// The sixteen bytes as two big-endian words.
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// 32 lower-case hexadecimal digits.
    package var description: String { Hex.string(high) + Hex.string(low) }
}
