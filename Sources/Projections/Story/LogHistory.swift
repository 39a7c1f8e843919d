internal import Bytes
package import EventLog
package import Events

/// What the log says of runs, definitions and exports: the frame in which documents' stories lie.
package struct LogHistory: Sendable {
    /// A run.
    package struct Run: Sendable, Equatable {
        /// Its id.
        package let id: String
        /// Where it began.
        package let start: EventPosition
        /// When it began, in microseconds since 1970.
        package let started: UInt64
        /// The position after its last event; nil if it has not finished.
        package fileprivate(set) var end: EventPosition?
    }

    /// A definition, in force from a position on.
    package struct Definition: Sendable {
        /// The position of its event.
        package let position: EventPosition
        /// What it says.
        package let pipeline: PipelineDefined
    }

    /// An export that was written anew.
    package struct Rewrite: Sendable, Equatable {
        /// The position of its event.
        package let position: EventPosition
        /// The run that did it.
        package let run: String
        /// The export's name.
        package let sink: String
    }

    /// The runs, in order.
    package private(set) var runs: [Run] = []
    /// The definitions, in order.
    package private(set) var definitions: [Definition] = []
    /// The exports written anew, in order.
    package private(set) var rewrites: [Rewrite] = []
    /// The log's end, when it was read.
    package let end: EventPosition

    /// Reads the events of runs; batches without any are passed over by their headers.
    package init(_ reader: EventLogReader) throws {
        end = reader.end
        let types: [EventType] = [
            .pipelineDefined, .runStarted, .runFinished, .exportRewritten,
        ]
        var cursor = reader.cursor(types: Set(types.map(\.rawValue)))
        while try cursor.next() { try read(cursor.batch) }
    }

    private mutating func read(_ batch: borrowing EventBatch) throws(CBORError) {
        for index in batch.indices {
            let position = batch[index].position
            switch EventType(rawValue: batch.type(index)) {
            case .pipelineDefined:
                let pipeline = try PipelineDefined(cbor: batch.facts(index))
                definitions.append(Definition(position: position, pipeline: pipeline))
            case .runStarted:
                runs.append(Run(id: batch.run, start: position, started: batch.time))
            case .runFinished:
                guard let run = runs.lastIndex(where: { $0.id == batch.run }) else { break }
                runs[run].end = position.advanced(by: 1)
            case .exportRewritten:
                let sink = try ExportRewritten(cbor: batch.facts(index)).sink
                rewrites.append(Rewrite(position: position, run: batch.run, sink: sink))
            default: break
            }
        }
    }

    /// The definition in force for an event.
    package func definition(at position: EventPosition) -> PipelineDefined? {
        definitions.last { $0.position <= position }?.pipeline
    }

    /// The position up to which the log had come when a run ended: its last event, or the next
    /// run's beginning for one that never ended.
    package func end(of run: Int) -> EventPosition {
        if let end = runs[run].end { return end }
        guard run + 1 < runs.count else { return end }
        let next = runs[run + 1].start
        // The definition that came with the next run stands right before it.
        return definitions.last { $0.position < next && $0.position.advanced(by: 1) == next }?
            .position ?? next
    }
}

extension ProjectionEngine {
    /// What the log says of runs, definitions and exports.
    package func history() throws -> LogHistory { try LogHistory(reader) }
}
