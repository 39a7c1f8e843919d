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
