internal import ArgumentParser
internal import Bytes
internal import EventLog

/// `annals log show`: one event, whole.
struct LogShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one event with its facts and its content, as JSON."
    )

    @Argument(help: "The event's position.")
    var position: UInt64

    @OptionGroup var store: StoreArgument

    func run() throws {
        let reader = try store.reader()
        let event = try reader.record(at: EventPosition(position))
        var writer = JSONWriter()
        EventEnvelope(
            position: event.record.position,
            stream: event.stream,
            streamVersion: event.record.streamVersion,
            type: event.type,
            schemaVersion: event.record.schemaVersion,
            run: event.run,
            stage: event.stage,
            cause: event.record.cause,
            time: event.time,
            isErased: event.record.isErased
        ).write(
            into: &writer,
            facts: try CBORValue(decoding: event.facts.span),
            content: event.content
        )
        writer.newline()
        Console.out(writer.bytes)
    }
}
