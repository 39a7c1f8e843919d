internal import ArgumentParser
internal import Bytes
internal import EventLog
internal import Projections

/// `annals log export`: the log for other tools.
struct LogExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write events as CloudEvents 1.0, a line of JSON each, oldest first.",
        discussion: """
            Each event's facts are data.facts, its content (a document's text) data.content. \
            Source and id name an event for ever; sequence sorts as text. What was exported before \
            need not be again: go on with --from.
            """
    )

    @OptionGroup var store: StoreArgument

    @Option(help: ArgumentHelp("Begin at a position.", valueName: "position"))
    var from: UInt64 = 0

    @Option(
        help: ArgumentHelp(
            "Stop before a position, at a time or after a run.",
            valueName: "\(MomentArgument.valueName)"
        )
    )
    var until: MomentArgument?

    @Option(help: ArgumentHelp("Export events of these types only.", valueName: "type"))
    var type: [String] = []

    @Flag(inversion: .prefixedNo, help: "Export the documents' texts, too.")
    var content = true

    private static let chunkByteCount = 1 << 20

    func run() throws {
        let reader = try store.reader()
        let types = type.isEmpty ? nil : Set(type)
        let end = try end(reader) ?? reader.end
        let event = CloudEvent(storeID: reader.storeID)
        var writer = JSONWriter()
        try reader.scan(
            from: EventPosition(from),
            until: end,
            types: types,
            content: content
        ) { (batch) throws in
            for index in batch.indices {
                if let types, !types.contains(batch.type(index)) { continue }
                try event.write(batch, index, into: &writer)
                if writer.bytes.count > Self.chunkByteCount { flush(&writer) }
            }
            return Console.isOutputGone ? .stop : .continue
        }
        flush(&writer)
        for gap in try reader.gaps() {
            let (first, last) = (gap.positions.lowerBound, gap.positions.upperBound)
            guard last.rawValue >= from, first < end else { continue }
            Console.error("annals: events \(first) to \(last) are lost, as a repair recorded\n")
        }
    }

    private func end(_ reader: EventLogReader) throws -> EventPosition? {
        switch try until?.limit() {
        case .position(let position): position
        case .some(let limit): try reader.position(of: limit)
        case nil: nil
        }
    }

    private func flush(_ writer: inout JSONWriter) {
        Console.out(writer.bytes)
        writer.bytes.removeAll(keepingCapacity: true)
    }
}
