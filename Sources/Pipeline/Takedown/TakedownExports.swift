internal import EventLog
internal import Events
internal import Glibc

/// Takes withdrawn documents out of the exports, as a run does with records that no longer hold.
struct TakedownExports {
    private let pipeline: PipelineDefinition
    private let store: String
    private let notice: @Sendable (String) -> Void
    private let state: StoreState

    init(
        pipeline: PipelineDefinition,
        store: String,
        notice: @escaping @Sendable (String) -> Void
    ) throws {
        self.pipeline = pipeline
        self.store = store
        self.notice = notice
        var state = StoreState(pipeline: pipeline)
        try state.restore(from: EventLogReader.open(store))
        self.state = state
    }

    /// Throws unless the pipeline writes each export as the store's last run did.
    static func check(_ pipeline: PipelineDefinition?, in reader: EventLogReader) throws {
        var definition: PipelineDefined?
        var exports: Set<String> = []
        let types = [EventType.pipelineDefined, .documentExported].map(\.rawValue)
        try reader.scan(types: Set(types)) { (batch) throws in
            let defined = batch.typeIndex(of: types[0])
            let exported = batch.typeIndex(of: types[1])
            for index in batch.indices {
                if batch.typeIndex(index) == defined {
                    let next = try PipelineDefined(cbor: batch.facts(index))
                    // The same stages under another text: the exports go on.
                    if next.stages != definition?.stages { exports = [] }
                    definition = next
                } else if batch.typeIndex(index) == exported {
                    exports.insert(batch.stage(index))
                }
            }
            return .continue
        }
        guard let definition, !exports.isEmpty else { return }
        guard let pipeline else { throw TakedownError.pipelineNeeded }
        guard pipeline.name == definition.name else {
            throw TakedownError.otherPipeline(definition.name)
        }
        for stage in definition.stages where exports.contains(stage.stage) {
            guard pipeline.fingerprints.contains(stage) else {
                throw TakedownError.otherExport(stage.stage)
            }
        }
    }

    /// Writes every export anew that the store has written; returns their paths.
    func rewrite(
        with writer: EventLogWriter,
        at time: UInt64
    ) async throws -> [String] {
        let ours = zip(state.sinks, pipeline.exports).filter { $0.0.isOurs }
        guard !ours.isEmpty else { return [] }
        try await withdrawDelivered()
        let reader = try EventLogReader.open(store)
        let files = ExportFiles(
            exports: pipeline.exports.map(\.stage),
            stageNames: pipeline.stages.map(\.name)
        )
        var events: [PendingEvent] = []
        for (sink, export) in ours {
            let event = try files.prepareRewrite(
                of: sink,
                export: export.stage,
                reader: reader
            )
            events.append(PendingEvent(event, stage: 0))
        }
        Failpoint.rewritePrepared.reach()
        try append(events, to: writer, at: time)
        Failpoint.rewriteAppended.reach()
        for (sink, _) in ours {
            try files.finishRewrite(of: sink)
            Failpoint.rewriteReplaced.reach()
        }
        return ours.map(\.0.path)
    }

    /// Files that this store no longer writes and that may hold what was withdrawn: exports of a
    /// pipeline from before, and what lay in an export's place before this store.
    func foreign(beside paths: Set<String>) -> [String] {
        let ours = Set(state.sinks.map(\.path))
        let others = paths.subtracting(ours) + ours.map { $0 + ".previous" }
        return others.filter { unsafe access($0, F_OK) == 0 }.sorted()
    }

    private func append(
        _ events: [PendingEvent],
        to writer: EventLogWriter,
        at time: UInt64
    ) throws {
        let run = state.unfinished
        var builder = EventBatchBuilder(firstPosition: writer.nextPosition, run: run?.id ?? "")
        for (index, event) in events.enumerated() {
            builder.append(
                stream: run.map { "run:" + $0.id } ?? "log",
                streamVersion: (run?.version ?? 0) + UInt32(index),
                type: event.type.rawValue,
                schemaVersion: event.schemaVersion,
                stage: "",
                cause: nil,
                facts: event.facts.span,
                content: nil
            )
        }
        try writer.append(try builder.encode(), time: time)
    }

    /// Has those who hold records that lie in no file of ours give them up.
    private func withdrawDelivered() async throws {
        for (sink, export) in zip(state.sinks, pipeline.exports) where sink.isOurs {
            guard let export = export.stage as? any DeliveringExport else { continue }
            let reader = try EventLogReader.open(store)
            let folder = DeliveryFolder(path: export.path, store: reader.storeID)
            let isComplete = try folder.make(notice: notice)
            let delivery = ExportDelivery(
                reader: reader,
                sink: sink,
                export: export,
                stageNames: pipeline.stages.map(\.name)
            )
            let start = isComplete && !sink.isIncomplete ? reader.end : nil
            _ = try await delivery.bring(since: start) { false }
            try folder.complete()
        }
    }
}
