internal import Bytes
internal import EventLog
internal import Events
internal import Glibc

/// A store opened for one run: what stood in it, and the run's own first and last events.
struct RunSession: Sendable {
    let run: String
    let runStart: EventPosition
    let writer: EventLogWriter
    private(set) var state: StoreState
    let files: ExportFilesBox
    let plan: RunPlan?
    private let plannedRemovals: Set<DocumentID>?
    private let pipeline: PipelineDefinition
    private let store: String
    private let now: @Sendable () -> UInt64
    private let notice: @Sendable (String) -> Void
    private let firstPosition: EventPosition
    private let wasResumed: Bool
    private let recovered: LogRecovered?
    /// The sources; nil where they are left alone.
    let sources: ReaderBox?
    private let resumedLedger: [StageBalance]
    private let resumedRemoved: Int
    private let resumedDrops: [String: Int]
    private var runVersion: UInt32
    /// Whether records were taken back from an export that lies in no file.
    private var hasTakenBack = false

    init(
        pipeline: PipelineDefinition,
        options: RunOptions,
        now: @escaping @Sendable () -> UInt64,
        notice: @escaping @Sendable (String) -> Void
    ) throws {
        self.notice = notice
        self.pipeline = pipeline
        self.now = now
        store = options.store
        plan = options.plan
        plannedRemovals = options.plan.map { plan in
            Set(plan.items.filter { $0.action == .remove }.map(\.document))
        }
        do {
            sources =
                options.readsSources ? ReaderBox(try pipeline.source.makeReader()) : nil
        } catch {
            throw RunError.noInput(error)
        }
        do {
            writer = try EventLogWriter.open(options.store)
        } catch {
            throw RunError.log(error)
        }
        do {
            state = StoreState(pipeline: pipeline)
            try state.restore(from: EventLogReader.open(options.store))
            firstPosition = writer.nextPosition
            if let plan = options.plan, plan.position != writer.nextPosition {
                throw RunError.planOutdated
            }
            recovered = writer.recovery.map {
                LogRecovered(
                    segment: $0.segment,
                    offset: Int($0.offset),
                    length: Int($0.byteCount)
                )
            }
            let opening = try Self.begin(pipeline, &state, writer, now: now)
            (run, runStart, runVersion) = (opening.run, opening.start, opening.version)
            wasResumed = opening.wasResumed
            resumedLedger = opening.ledger
            resumedRemoved = opening.removed
            resumedDrops = opening.drops
            Failpoint.runBegun.reach()
            var files = ExportFiles(
                exports: pipeline.exports.map(\.stage),
                stageNames: pipeline.stages.map(\.name)
            )
            try files.open(
                state.sinks,
                reader: EventLogReader.open(options.store)
            )
            for text in files.notices { notice(text) }
            self.files = ExportFilesBox(files)
            Failpoint.exportsOpened.reach()
        } catch {
            writer.close()
            throw Self.runError(error)
        }
    }

    private struct Opening {
        var run: String
        var start: EventPosition
        var version: UInt32
        var wasResumed: Bool
        var removed: Int
        var drops: [String: Int]
        var ledger: [StageBalance]
    }

    /// Appends what begins a run, unless a run of the same pipeline is to be taken up.
    private static func begin(
        _ pipeline: PipelineDefinition,
        _ state: inout StoreState,
        _ writer: EventLogWriter,
        now: () -> UInt64
    ) throws -> Opening {
        if let other = state.definition?.name, other != pipeline.name {
            throw RunError.otherPipeline(other)
        }
        let definition = PipelineDefined(
            name: pipeline.name,
            yaml: pipeline.yaml,
            stages: pipeline.fingerprints
        )
        let isSame = state.definition?.stages == definition.stages
        // A torn tail leaves no event: it would shift the positions of all that follow, and the
        // store would differ from one that was never interrupted (invariant 5). It is told to the
        // user, and lies in the store's quarantine.
        var events = state.definition == definition ? [] : [PendingEvent(definition, stage: 0)]
        if isSame, let unfinished = state.unfinished {
            if !events.isEmpty {
                try append(
                    events,
                    run: unfinished.id,
                    version: unfinished.version,
                    to: writer,
                    at: now()
                )
            }
            return Opening(
                run: unfinished.id,
                start: unfinished.start,
                version: unfinished.version + UInt32(events.count),
                wasResumed: true,
                removed: unfinished.removed,
                drops: unfinished.drops,
                ledger: ledger(of: unfinished, pipeline)
            )
        }
        let run = runID(now())
        let definitionPosition = writer.nextPosition
        let start = definitionPosition.advanced(by: events.count)
        let started = RunStarted(engine: "local", sources: pipeline.source.sources)
        events.append(PendingEvent(started, stage: 0))
        try append(events, run: run, version: 0, to: writer, at: now())
        if !isSame { state.beginGeneration(definition.stages, at: definitionPosition) }
        return Opening(
            run: run,
            start: start,
            version: UInt32(events.count),
            wasResumed: false,
            removed: 0,
            drops: [:],
            ledger: pipeline.stages.map { StageBalance(stage: $0.name) }
        )
    }

    /// What the stages had done before the run was interrupted.
    private static func ledger(
        of run: StoreState.UnfinishedRun,
        _ pipeline: PipelineDefinition
    ) -> [StageBalance] {
        var input = run.documents
        return pipeline.stages.enumerated().map { number, stage in
            var balance = StageBalance(stage: stage.name)
            balance.input = input
            balance.dropped = run.settled[number].dropped
            balance.duplicates = run.settled[number].duplicates
            balance.failed = run.settled[number].failed
            input -= balance.dropped + balance.duplicates + balance.failed
            balance.kept = input
            return balance
        }
    }

    private static func append(
        _ events: [PendingEvent],
        run: String,
        version: UInt32,
        to writer: EventLogWriter,
        at time: UInt64
    ) throws(LogError) {
        var builder = EventBatchBuilder(firstPosition: writer.nextPosition, run: run)
        for (index, event) in events.enumerated() {
            builder.append(
                stream: "run:" + run,
                streamVersion: version + UInt32(index),
                type: event.type.rawValue,
                schemaVersion: event.schemaVersion,
                stage: "",
                cause: nil,
                facts: event.facts.span,
                content: nil
            )
        }
        try writer.append(try builder.encode(compression: .fast), time: time)
    }

    /// A name that sorts by time and that two runs hardly share.
    private static func runID(_ time: UInt64) -> String {
        let random = UInt32.random(in: 0...UInt32.max)
        return "r" + Hex.string(time).suffix(13) + "-" + Hex.string(UInt64(random)).suffix(6)
    }

    /// Takes in what the log says by now, for another pass over the input.
    mutating func restoreAgain() throws {
        do {
            var fresh = StoreState(pipeline: pipeline)
            try fresh.restore(from: EventLogReader.open(store))
            state = fresh
        } catch {
            throw Self.runError(error)
        }
    }

    /// Begins to read back what the log holds of the documents that stand.
    func recorded(_ retries: Retries) throws -> RunInput {
        do {
            let reader = RecordedReader(
                try EventLogReader.open(store),
                state.documents.statements,
                state: state,
                stages: pipeline.fingerprints,
                retries: retries
            )
            return .recorded(RecordedReaderBox(reader))
        } catch {
            throw Self.runError(error)
        }
    }

    private func isPlanned(removalOf document: DocumentID) -> Bool {
        plannedRemovals?.contains(document) ?? true
    }

    /// Records that the sources no longer hold some documents, where the whole input was read.
    ///
    /// A document stays as long as anything of its file cannot be read.
    ///
    /// - Returns: how many there were, and how many more that a plan does not let go.
    func remove(_ totals: RunTotals) throws -> (removed: Int, unplanned: Int) {
        guard pipeline.source.forgetsGone, let unseen = totals.unseen, !unseen.isEmpty else {
            return (0, 0)
        }
        var reader = RecordedReader(
            try EventLogReader.open(store),
            unseen,
            state: state,
            stages: pipeline.fingerprints,
            content: false
        )
        var (count, unplanned) = (0, 0)
        while let documents = try reader.nextDocuments() {
            var builder = EventBatchBuilder(firstPosition: writer.nextPosition, run: run)
            for document in documents
            where !totals.faultySources.contains(document.origin.source) {
                guard isPlanned(removalOf: document.id) else {
                    unplanned += 1
                    continue
                }
                builder.append(
                    stream: document.id.rawValue,
                    streamVersion: document.streamVersion,
                    type: EventType.documentRemoved.rawValue,
                    schemaVersion: DocumentRemoved.schemaVersion,
                    stage: pipeline.source.name,
                    cause: runStart,
                    facts: DocumentRemoved(source: document.origin.source).encoded.span,
                    content: nil
                )
                count += 1
            }
            guard builder.count > 0 else { continue }
            try writer.append(try builder.encode(compression: .fast), time: now())
            Failpoint.groupAppended.reach()
        }
        return (count, unplanned)
    }

    /// The time to stamp on a batch.
    var time: UInt64 { now() }

    /// The events that give documents their places begin here.
    var nextPosition: EventPosition { writer.nextPosition }

    /// Brings to others what this run, or the part of it that was interrupted, has exported.
    ///
    /// - Returns: false if it was to stop.
    mutating func deliver(shouldStop: () -> Bool) async throws -> Bool {
        for (sink, export) in zip(state.sinks, pipeline.exports) {
            guard let export = export.stage as? any DeliveringExport else { continue }
            let reader = try EventLogReader.open(store)
            guard !Self.lies(store, in: export.path) else {
                throw RunError.exportHoldsStore(export.path)
            }
            let folder = DeliveryFolder(path: export.path, store: reader.storeID)
            let isComplete = try folder.make(notice: notice)
            let delivery = ExportDelivery(
                reader: reader,
                sink: sink,
                export: export,
                stageNames: pipeline.stages.map(\.name)
            )
            let start = isComplete && !sink.isIncomplete ? runStart : nil
            guard let hasTakenBack = try await delivery.bring(since: start, shouldStop) else {
                return false
            }
            if hasTakenBack { self.hasTakenBack = true }
            try folder.complete()
        }
        return true
    }

    /// Whether a folder lies in another, links followed.
    private static func lies(_ folder: String, in other: String) -> Bool {
        guard let inner = unsafe realpath(folder, nil), let outer = unsafe realpath(other, nil)
        else {
            return false
        }
        defer {
            unsafe free(inner)
            unsafe free(outer)
        }
        return FilePath.lies(unsafe String(cString: inner), in: unsafe String(cString: outer))
    }

    /// Appends the end of the run and reports; an interrupted run stays open to be taken up.
    mutating func finish(_ totals: RunTotals, wasInterrupted: Bool) throws -> RunReport {
        do {
            try files.value.synchronize()
            Failpoint.exportsSynchronized.reach()
            var ledger = resumedLedger
            for (index, balance) in totals.ledger.enumerated() { ledger[index].add(balance) }
            try checkBalance(ledger)
            if !wasInterrupted {
                if totals.deadExports > 0 || hasTakenBack
                    || state.sinks.contains(where: \.isIncomplete)
                {
                    try rewriteExports()
                }
                let finished = RunFinished(
                    stages: ledger,
                    unchanged: totals.unchanged,
                    removed: resumedRemoved + totals.removed
                )
                // Behind the documents, whose positions a crash must not move (invariant 5).
                let recovery = recovered.map { [PendingEvent($0, stage: 0)] } ?? []
                try Self.append(
                    recovery + [PendingEvent(finished, stage: 0)],
                    run: run,
                    version: runVersion,
                    to: writer,
                    at: now()
                )
                Failpoint.runFinished.reach()
            }
            return report(totals, ledger)
        } catch {
            throw Self.runError(error)
        }
    }

    private func checkBalance(_ ledger: [StageBalance]) throws(RunError) {
        var handedOn = ledger.first?.input ?? 0
        for balance in ledger {
            guard balance.holds, balance.input == handedOn else {
                throw .unbalanced(
                    "stage \(balance.stage) took in \(balance.input) of \(handedOn) documents,"
                        + " kept \(balance.kept), dropped \(balance.dropped),"
                        + " found \(balance.duplicates) duplicates, failed \(balance.failed)"
                )
            }
            handedOn = balance.kept
        }
    }

    /// Leaves records that no longer hold out of the exports: file beside, event, rename.
    private mutating func rewriteExports() throws {
        let reader = try EventLogReader.open(store)
        let sinks = state.sinks
        var events: [PendingEvent] = []
        for (sink, export) in zip(sinks, pipeline.exports) {
            let event = try files.value.prepareRewrite(
                of: sink,
                export: export.stage,
                reader: reader
            )
            events.append(PendingEvent(event, stage: 0))
            Failpoint.rewritePrepared.reach()
        }
        guard !events.isEmpty else { return }
        try Self.append(events, run: run, version: runVersion, to: writer, at: now())
        Failpoint.rewriteAppended.reach()
        runVersion += UInt32(events.count)
        for sink in sinks {
            try files.value.finishRewrite(of: sink)
            Failpoint.rewriteReplaced.reach()
        }
    }

    private func report(_ totals: RunTotals, _ ledger: [StageBalance]) -> RunReport {
        RunReport(
            run: run,
            events: Int(writer.nextPosition.rawValue - firstPosition.rawValue),
            position: writer.nextPosition,
            stages: ledger,
            unchanged: totals.unchanged,
            removed: resumedRemoved + totals.removed,
            wasInterrupted: totals.wasInterrupted,
            wasResumed: wasResumed,
            unreadableSources: totals.unreadableSources,
            unplanned: totals.unplanned,
            standingFailures: totals.standingFailures,
            failures: totals.failures,
            drops: totals.drops.merging(resumedDrops, uniquingKeysWith: +)
                .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
                .map { (rule: $0.key, documents: $0.value) },
            recovered: recovered
        )
    }

    /// Releases the store.
    func close() {
        writer.close()
    }

    static func runError(_ error: any Error) -> any Error {
        switch error {
        case let error as RunError: error
        case let error as LogError: RunError.log(error)
        case let error as any StageFault: RunError.stage("\(error)")
        case let error as CBORError:
            RunError.unreadableLog("an event of the log cannot be read: \(error)")
        default: error
        }
    }
}

extension StageBalance {
    mutating func add(_ other: StageBalance) {
        input += other.input
        kept += other.kept
        dropped += other.dropped
        duplicates += other.duplicates
        failed += other.failed
    }
}
