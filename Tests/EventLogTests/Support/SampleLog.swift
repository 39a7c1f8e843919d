import Bytes
import EventLog
import Glibc

/// One event as the tests write and expect it.
struct SampleEvent: Hashable, Sendable {
    var stream: String
    var version: UInt32
    var type: String
    var schema: UInt8
    var stage: String
    var causeDistance: UInt64
    var facts: [UInt8]
    var content: [UInt8]?
}

/// Events that differ in every way that the format knows, the same for the same numbers.
enum Sample {
    static let types = ["document.ingested", "document.cleaned", "run.started", "plugin:é/x"]

    static func event(_ number: Int, contentByteCount: Int = 40) -> SampleEvent {
        let type = number % 4
        let facts =
            Array("facts of event \(number)".utf8)
            + [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: number % 37)
        let content: [UInt8]? =
            switch type {
            case 0:
                (0..<contentByteCount).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ number) }
            case 1: []
            default: nil
            }
        return SampleEvent(
            stream: "document-\(number / 3)",
            version: UInt32(number % 3),
            type: types[type],
            schema: UInt8(1 + number % 2),
            stage: type == 2 ? "" : "stage-\(type)",
            causeDistance: number % 3 == 0 ? 0 : 1,
            facts: number % 11 == 5 ? [] : facts,
            content: content
        )
    }

    static func builder(
        first: EventPosition,
        _ events: [SampleEvent],
        run: String = "run-1",
        producer: UInt64 = 0,
        sequence: UInt64 = 0
    ) -> EventBatchBuilder {
        var builder = EventBatchBuilder(
            firstPosition: first,
            run: run,
            producer: producer,
            sequence: sequence
        )
        for event in events {
            let position = builder.nextPosition.rawValue
            let cause =
                event.causeDistance == 0 ? nil : EventPosition(position - event.causeDistance)
            let content = event.content ?? []
            builder.append(
                stream: event.stream,
                streamVersion: event.version,
                type: event.type,
                schemaVersion: event.schema,
                stage: event.stage,
                cause: cause,
                facts: event.facts.span,
                content: event.content == nil ? nil : content.span
            )
        }
        return builder
    }

    /// Appends a batch of `count` events that continue the log, an hour after the one before.
    @discardableResult
    static func append(
        to writer: EventLogWriter,
        count: Int,
        compression: Compression = .fast,
        contentByteCount: Int = 40
    ) throws(LogError) -> EventPosition {
        let first = writer.nextPosition
        let events = (0..<count).map {
            event(Int(first.rawValue) + $0, contentByteCount: contentByteCount)
        }
        let batch = try builder(first: first, events).encode(compression: compression)
        return try writer.append(batch, time: time(of: first))
    }

    /// The time of the batch that begins at a position.
    static func time(of position: EventPosition) -> UInt64 {
        1_700_000_000_000_000 + position.rawValue * 3_600_000_000
    }

    /// The events of a store as a reader sees them.
    static func read(
        _ reader: EventLogReader,
        from: EventPosition = .first,
        content: Bool = true
    ) throws -> [SampleEvent] {
        var events: [SampleEvent] = []
        try reader.scan(from: from, content: content) { batch throws(LogError) in
            events += Self.events(of: batch)
            return .continue
        }
        return events
    }

    /// The wanted events of a batch.
    static func events(of batch: borrowing EventBatch) -> [SampleEvent] {
        var events: [SampleEvent] = []
        for index in batch.indices {
            let record = batch[index]
            var content: [UInt8]?
            if let bytes = batch.content(index) { content = [UInt8](copying: bytes) }
            let distance = record.cause.map { record.position.rawValue - $0.rawValue }
            events.append(
                SampleEvent(
                    stream: batch.streamName(index),
                    version: record.streamVersion,
                    type: batch.type(index),
                    schema: record.schemaVersion,
                    stage: batch.stage(index),
                    causeDistance: distance ?? 0,
                    facts: [UInt8](copying: batch.facts(index)),
                    content: content
                )
            )
        }
        return events
    }

    /// The first `count` events.
    static func events(_ count: Int, contentByteCount: Int = 40) -> [SampleEvent] {
        (0..<count).map { event($0, contentByteCount: contentByteCount) }
    }
}

/// A number from the environment, so that longer runs need no other code.
func loopCount(_ name: String, default count: Int) -> Int {
    guard let text = unsafe getenv(name) else { return count }
    return Int(unsafe String(cString: text)) ?? count
}

/// How far apart the bytes are that are damaged where every single one would take too long.
var damageStep: Int { max(1, loopCount("ANNALS_DAMAGE_STEP", default: 13)) }

/// A seeded generator, for choices that a failing test can repeat.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Hash64.finish(state)
    }
}

/// A directory on the real disk that is gone with the value.
final class TemporaryDirectory {
    let path: String

    init() {
        var template = Array("/tmp/annals-eventlog-XXXXXX".utf8CString)
        _ = unsafe mkdtemp(&template)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        _ = unsafe system("rm -rf \(path)")
    }
}
