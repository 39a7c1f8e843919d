package import Bytes
package import EventLog

/// All that the log says of a document, in order: every revision, whatever became of it.
package struct DocumentStory: Sendable, Equatable {
    /// An event of the story.
    package struct Event: Sendable, Equatable {
        /// Its position.
        package let position: EventPosition
        /// When its batch was committed, in microseconds since 1970.
        package let time: UInt64
        /// The run that appended it.
        package let run: String
        /// The stage that appended it, empty for the runner.
        package let stage: String
        /// Its type.
        package let type: String
        /// The version of the payload's schema.
        package let schemaVersion: UInt8
        /// The facts; null where they were erased.
        package let payload: CBORValue
        /// Whether a text went with it into the log.
        package let hasContent: Bool
        /// Whether a takedown took its facts: that there was such an event is all that is left.
        package let isErased: Bool
    }

    /// The document's identity.
    package let document: String
    /// The events.
    package let events: [Event]
}

extension ProjectionEngine {
    /// A document's story, read from those batches alone that hold events of it.
    ///
    /// - Parameters:
    ///   - document: its identity; ``ProjectionView/find(_:limit:)`` finds one.
    ///   - documents: the documents projection, which knows where to look, up to its position.
    /// - Returns: the story; without events if there is no such document.
    /// - Throws: ``ProjectionError``, and ``LogError`` where the log cannot be read.
    package func story(
        of document: String,
        in documents: ProjectionView
    ) throws -> DocumentStory {
        let name = Array(document.utf8)
        var events: [DocumentStory.Event] = []
        for batch in try documents.batches(of: document) {
            var cursor = reader.cursor(
                from: EventPosition(batch),
                until: documents.position,
                types: nil,
                content: false
            )
            guard try cursor.next() else { continue }
            for index in cursor.batch.indices
            where cursor.batch.stream(index).isEqual(to: name.span) {
                events.append(try Self.event(index, of: cursor.batch))
            }
        }
        return DocumentStory(document: document, events: events)
    }

    static func event(
        _ index: Int,
        of batch: borrowing EventBatch
    ) throws(ProjectionError) -> DocumentStory.Event {
        let record = batch[index]
        do throws(CBORError) {
            return DocumentStory.Event(
                position: record.position,
                time: batch.time,
                run: batch.run,
                stage: batch.stage(index),
                type: batch.type(index),
                schemaVersion: record.schemaVersion,
                payload: record.isErased ? .null : try payload(batch.facts(index)),
                hasContent: record.hasContent,
                isErased: record.isErased
            )
        } catch {
            throw ProjectionError(
                .undecodableEvent,
                position: record.position,
                expected: "the facts of \(batch.type(index))",
                found: error.description,
                hint: "annals log verify tells whether the log is damaged"
            )
        }
    }

    /// Facts as a tree; of an erased event nothing is left to decode.
    static func payload(_ facts: Span<UInt8>) throws(CBORError) -> CBORValue {
        guard facts.count > 1 || facts.count == 1 && facts[0] != 0xA0 else { return .null }
        return try CBORValue(decoding: facts)
    }

    /// The text that went with an event of a story; nil if there is none, or none any more.
    package func content(of event: DocumentStory.Event) throws -> [UInt8]? {
        guard event.hasContent, !event.isErased else { return nil }
        return try reader.record(at: event.position).content
    }
}
