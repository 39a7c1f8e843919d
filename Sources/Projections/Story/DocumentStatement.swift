package import EventLog

/// One telling of a document: what a run stated from reading it to exporting it, or that it is gone.
///
/// A document is stated again when its text was revised, when the pipeline changed and came to
/// another result, and when it is removed or withdrawn.
package struct DocumentStatement: Sendable, Equatable {
    /// The events, in order.
    package let events: [DocumentStory.Event]
    /// What became of the document by them.
    package let fate: DocumentFate

    /// The run that stated it.
    package var run: String { fate.run }
    /// When its first batch was committed, in microseconds since 1970.
    package var time: UInt64 { events.first?.time ?? 0 }
    /// The position of its first event.
    package var position: EventPosition { fate.position }
}

extension DocumentStory {
    /// The statements, oldest first.
    package var statements: [DocumentStatement] {
        var statements: [DocumentStatement] = []
        var events: [Event] = []
        var fate: DocumentFate?
        for event in self.events {
            if DocumentFate.begins(event.type, after: fate, run: event.run) {
                if let fate { statements.append(DocumentStatement(events: events, fate: fate)) }
                events = []
                fate = DocumentFate(at: event.position, run: event.run)
            }
            fate?.apply(type: event.type, stage: event.stage, facts: event.payload)
            events.append(event)
        }
        if let fate { statements.append(DocumentStatement(events: events, fate: fate)) }
        return statements
    }
}
