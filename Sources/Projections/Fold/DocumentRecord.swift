internal import Bytes
internal import EventLog

/// What some events say of one document.
///
/// Joining is associative: what an event says joins what the events of its stretch said before, and
/// that joins what the log said before the stretch. So it does not matter where the log is cut.
protocol DocumentRecord: Sendable {
    /// What the records of a stretch share, such as the numbers given to names.
    associatedtype Context: Sendable

    /// The kinds of events that say something.
    static var kinds: Set<FactKind> { get }
    /// Whether an event of such a kind concerns the projection at all, by its facts.
    static func wants(
        _ kind: FactKind,
        _ facts: Span<UInt8>,
        _ context: borrowing Context
    ) throws(CBORError) -> Bool
    /// What an event says. One that cannot be read throws and leaves no trace in the context.
    static func read(
        _ kind: FactKind,
        _ facts: Span<UInt8>,
        _ place: EventPlace,
        _ context: inout Context
    ) throws(CBORError) -> Self
    /// What an event says whose facts were erased; nil if nothing.
    static func erased(at place: EventPlace) -> Self?
    /// Joins what later events say.
    mutating func join(_ later: Self)
    /// About how many bytes it takes beside its fixed size.
    var byteCount: Int { get }
}

/// Where an event stands.
struct EventPlace {
    /// Its position.
    let position: EventPosition
    /// The position of the first event of its batch.
    let batch: EventPosition
}

/// A context of records that share nothing.
struct NoContext: Sendable {}

extension DocumentRecord {
    static func wants(
        _ kind: FactKind,
        _ facts: Span<UInt8>,
        _ context: borrowing Context
    ) throws(CBORError) -> Bool { true }

    static func erased(at place: EventPlace) -> Self? { nil }

    var byteCount: Int { 0 }
}
