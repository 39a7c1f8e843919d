internal import EventLog
internal import Events

/// Brings to a ``DeliveringExport`` what the log says that it should hold.
struct ExportDelivery {
    private let reader: EventLogReader
    private let sink: SinkState
    private let export: any DeliveringExport
    private let stageNames: [String]

    init(
        reader: EventLogReader,
        sink: SinkState,
        export: any DeliveringExport,
        stageNames: [String]
    ) {
        self.reader = reader
        self.sink = sink
        self.export = export
        self.stageNames = stageNames
    }

    /// Delivers what was exported since a position, and takes back what no longer holds.
    ///
    /// - Parameters:
    ///   - start: where the run begins; what earlier runs exported is there. Nil to deliver
    ///     everything that holds.
    ///   - shouldStop: asked between commits.
    /// - Returns: whether anything was taken back; nil if it was to stop.
    /// - Throws: a ``LogError``, and what the export throws.
    func bring(since start: EventPosition?, _ shouldStop: () -> Bool) async throws -> Bool? {
        let replay = ExportReplay(
            reader: reader,
            sink: sink,
            export: export,
            stageNames: stageNames
        )
        let live = try replay.liveRecords(until: nil)
        let dead = try deadRecords(replay, live)
        for first in stride(from: 0, to: dead.count, by: Self.withdrawnAtATime) {
            let last = min(dead.count, first + Self.withdrawnAtATime)
            try await export.withdraw(Array(dead[first..<last]))
        }
        var cursor = reader.cursor(from: max(start ?? .first, sink.generationStart), content: true)
        while try cursor.next() {
            if shouldStop() { return nil }
            let deliveries = try deliveries(in: cursor.batch, live)
            if !deliveries.isEmpty { try await export.deliver(deliveries) }
        }
        return !dead.isEmpty
    }

    private static let withdrawnAtATime = 10_000

    private func deliveries(
        in batch: borrowing EventBatch,
        _ live: Set<EventPosition>
    ) throws -> [Delivery] {
        var found: [Delivery] = []
        try ExportReplay.eachRecord(in: batch, of: sink, stageNames) { _, position, document in
            guard live.contains(position) else { return }
            found.append(Delivery(position: position, document: document))
        }
        return found
    }

    /// Records that were delivered once, hold no longer, and have not been taken back, in order.
    private func deadRecords(
        _ replay: ExportReplay,
        _ live: Set<EventPosition>
    ) throws -> [EventPosition] {
        let takenBack = sink.rewrittenAt
        let liveThen = try takenBack.map { try replay.liveRecords(until: $0) }
        var dead: [EventPosition] = []
        let types: Set<String> = [EventType.documentExported.rawValue]
        try reader.scan(types: types) { (batch) throws in
            let exported = batch.typeIndex(of: EventType.documentExported.rawValue)
            for index in batch.indices where batch[index].typeIndex == exported {
                let position = batch[index].position
                // By its place: in another pipeline the stage may have had another name.
                guard !live.contains(position),
                    try DocumentExported(cbor: batch.facts(index)).path == sink.path
                else { continue }
                if let takenBack, position < takenBack, liveThen?.contains(position) == false {
                    continue
                }
                dead.append(position)
            }
            return .continue
        }
        return dead
    }
}
