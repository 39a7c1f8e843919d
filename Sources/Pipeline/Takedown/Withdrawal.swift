package import EventLog
package import Events

/// A `document.retracted` of a log.
package struct Withdrawal: Sendable {
    /// The document.
    package let document: String
    /// Where the log says so.
    package let position: EventPosition
    /// What it says.
    package let event: DocumentRetracted

    /// The events whose facts and contents it has erased.
    package var erases: Set<EventPosition> {
        Set(event.erases.compactMap { UInt64(exactly: $0).map { EventPosition($0) } })
    }

    /// All of a log, in order; of one without any little more than the headers is read.
    package static func all(in reader: EventLogReader) throws -> [Withdrawal] {
        var all: [Withdrawal] = []
        let type = EventType.documentRetracted.rawValue
        try reader.scan(types: [type]) { (batch) throws in
            let retracted = batch.typeIndex(of: type)
            for index in batch.indices where batch.typeIndex(index) == retracted {
                all.append(
                    Withdrawal(
                        document: batch.streamName(index),
                        position: batch[index].position,
                        event: try DocumentRetracted(cbor: batch.facts(index))
                    )
                )
            }
            return .continue
        }
        return all
    }
}
