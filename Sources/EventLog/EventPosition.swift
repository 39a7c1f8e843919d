// EventLog: the append-only log that everything else stands on.
//
// It keeps opaque records (a stream, a type, bytes) in batches: a batch is one frame, one commit and
// one fdatasync. It knows nothing of documents. The bytes on disk, what recovery decides and what is
// guaranteed are in FORMAT.md beside this file; code refers to it by section.
//
// Three rules hold everywhere in the module: every system call goes through `LogStorage`; no length
// is believed before the checksum over it was; no clock is read (a time is always a parameter).

/// The place of an event in the log: gapless, never reused, the first event is 0.
package struct EventPosition: RawRepresentable, Comparable, Hashable, Sendable {
    package let rawValue: UInt64

    @inlinable
    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The position of the number `value`.
    @inlinable
    package init(_ value: UInt64) {
        rawValue = value
    }

    /// The position of a log's first event.
    package static let first = EventPosition(0)

    @inlinable
    package static func < (left: EventPosition, right: EventPosition) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The position `count` events later (or earlier, if negative).
    @inlinable
    package func advanced(by count: Int) -> EventPosition {
        EventPosition(rawValue &+ UInt64(bitPattern: Int64(count)))
    }
}

extension EventPosition: CustomStringConvertible {
    package var description: String { String(rawValue) }
}
