internal import Bytes
internal import EventLog

/// An event that a fold cannot take in.
struct EventFault: Error, Sendable {
    /// Why.
    enum Reason: String, Sendable {
        /// Its schema is newer than this program.
        case newer = "newer-event"
        /// Its facts are not what its schema says.
        case undecodable = "undecodable-event"
        /// An earlier event of its stream is parked.
        case behind = "behind-parked"
    }

    let reason: Reason
    /// Its index in its batch.
    let index: Int
    let position: EventPosition
    let type: String
    let schemaVersion: UInt8
    let stream: [UInt8]
    /// What is wrong, in words.
    let found: String

    init(
        _ reason: Reason,
        _ index: Int,
        of batch: borrowing EventBatch,
        found: String
    ) {
        let record = batch[index]
        self.reason = reason
        self.index = index
        position = record.position
        type = batch.type(index)
        schemaVersion = record.schemaVersion
        stream = [UInt8](copying: batch.stream(index))
        self.found = found
    }
}

/// The streams of which no event is folded, because an earlier one is parked.
struct HeldStreams: Sendable {
    /// Their names.
    var names: Set<[UInt8]> = []

    /// None.
    static let none = HeldStreams()

    /// Throws if the event is of such a stream.
    @inline(__always)
    func check(_ batch: borrowing EventBatch, _ index: Int) throws(EventFault) {
        if !names.isEmpty { try lookUp(batch, index) }
    }

    private func lookUp(_ batch: borrowing EventBatch, _ index: Int) throws(EventFault) {
        if names.contains([UInt8](copying: batch.stream(index))) {
            throw EventFault(.behind, index, of: batch, found: "an earlier event is parked")
        }
    }
}
