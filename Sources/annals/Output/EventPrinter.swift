internal import Bytes
internal import EventLog
internal import Events

/// Prints events of the log, a line each, buffered.
struct EventPrinter {
    private let format: OutputFormat
    private var buffer: [UInt8] = []

    init(format: OutputFormat) {
        self.format = format
    }

    /// Adds an event's line.
    mutating func line(_ batch: borrowing EventBatch, _ index: Int) throws {
        switch format {
        case .text: buffer.append(contentsOf: try Self.text(batch, index).utf8)
        case .json: buffer.append(contentsOf: try Self.json(batch, index))
        }
        if buffer.count > 1 << 16 { flush() }
    }

    /// Writes what is buffered.
    mutating func flush() {
        Console.out(buffer)
        buffer.removeAll(keepingCapacity: true)
    }

    /// Position, time, type, stream and the beginning of the facts.
    private static func text(_ batch: borrowing EventBatch, _ index: Int) throws -> String {
        var facts = JSONWriter()
        facts.value(try CBORValue(decoding: batch.facts(index)))
        let line = batch.isErased(index) ? "(erased)" : String(lossyUTF8: facts.bytes.span)
        let short = line.count > 120 ? String(line.prefix(119)) + "…" : line
        let stream = TerminalText.escaped(batch.streamName(index))
        let columns = [
            pad(batch[index].position.description, 8), Timestamp.iso8601(batch.time),
            pad(batch.type(index), 18), stream, TerminalText.escaped(short),
        ]
        return columns.joined(separator: "  ") + "\n"
    }

    /// The envelope and the facts as an object.
    private static func json(_ batch: borrowing EventBatch, _ index: Int) throws -> [UInt8] {
        let record = batch[index]
        var writer = JSONWriter()
        EventEnvelope(
            position: record.position,
            stream: batch.streamName(index),
            streamVersion: record.streamVersion,
            type: batch.type(index),
            schemaVersion: record.schemaVersion,
            run: batch.run,
            stage: batch.stage(index),
            cause: record.cause,
            time: batch.time,
            isErased: record.isErased
        ).write(into: &writer, facts: try CBORValue(decoding: batch.facts(index)), content: nil)
        writer.newline()
        return writer.bytes
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

/// What stands around an event's facts.
struct EventEnvelope {
    let position: EventPosition
    let stream: String
    let streamVersion: UInt32
    let type: String
    let schemaVersion: UInt8
    let run: String
    let stage: String
    let cause: EventPosition?
    let time: UInt64
    let isErased: Bool

    /// Writes the event as one JSON object.
    func write(into writer: inout JSONWriter, facts: CBORValue, content: [UInt8]?) {
        writer.beginObject()
        writer.key("position")
        writer.integer(Int(position.rawValue))
        writer.key("time")
        writer.string(Timestamp.iso8601(time))
        writer.key("type")
        writer.string(type)
        writer.key("schema")
        writer.integer(Int(schemaVersion))
        writer.key("stream")
        writer.string(stream)
        writer.key("version")
        writer.integer(Int(streamVersion))
        writer.key("run")
        writer.string(run)
        writer.key("stage")
        writer.string(stage.isEmpty ? nil : stage)
        writer.key("cause")
        if let cause { writer.integer(Int(cause.rawValue)) } else { writer.null() }
        if isErased {
            writer.key("erased")
            writer.bool(true)
        }
        writer.key("facts")
        writer.value(facts)
        if let content {
            writer.key("content")
            writer.string(utf8: content.span)
        }
        writer.endObject()
    }
}
