package import EventLog
internal import Events

/// A stage that writes documents into a file.
///
/// It renders records; the runner gives them their places, appends `document.exported` and writes
/// the file after the events are durable, so that a crash leaves every record there exactly once.
package protocol ExportStage: Stage {
    /// The file's path relative to the working folder.
    var path: String { get }
    /// What stands at the beginning of the file, such as a header line.
    var preamble: [UInt8] { get }
    /// The document's record, complete but for its position.
    func render(_ document: Document) -> RenderedRecord
}

/// An export whose records are brought to somebody else than a file, who tells them apart by their
/// positions.
///
/// What a run has exported is delivered once it is in the log and before the run is over, so that
/// after a crash it is delivered again: a position that is there already must not be there twice.
package protocol DeliveringExport: ExportStage {
    /// Brings documents there, durably when this returns.
    func deliver(_ documents: [Delivery]) async throws
    /// Takes back records that no longer hold; those that are not there are passed over.
    func withdraw(_ positions: [EventPosition]) async throws
}

/// A document to bring somewhere.
package struct Delivery: Sendable {
    /// The place of its export in the log.
    package let position: EventPosition
    /// The document as it was exported.
    package let document: Document
}

extension DeliveringExport {
    /// Nothing lies in a file.
    package var preamble: [UInt8] { [] }

    /// Nothing is rendered.
    package func render(_ document: Document) -> RenderedRecord {
        RenderedRecord(stage: 0, head: [], tail: [])
    }
}
