internal import Bytes
internal import EventLog
internal import Events

/// The tasks of a run and the channels between them.
///
/// Where one fails, those before it end, and those behind it finish what came before the failure.
struct RunFlow: Sendable {
    private let pipeline: PipelineDefinition
    private let session: RunSession
    private let jobs: Int
    private let steps: [StageSteps.Step]

    /// A batch that is being worked on by some task.
    typealias Work = Task<BatchSlot, any Error>
    typealias Observe = @Sendable ((inout RunProgress) -> Void) -> Void

    init(pipeline: PipelineDefinition, session: RunSession, jobs: Int) {
        self.pipeline = pipeline
        self.session = session
        self.jobs = jobs
        steps =
            StageSteps(
                stages: pipeline.stages,
                deciding: Set(session.state.deciders.map(\.stage))
            ).steps
    }

    /// Runs everything until the input ends, a stop is asked for or something fails.
    func run(
        _ input: RunInput,
        shouldStop: @escaping @Sendable () -> Bool,
        observe: @escaping Observe
    ) async throws -> RunTotals {
        let channels = (0...steps.count).map { _ in BatchChannel<Work>(limit: jobs) }
        let commits = BatchChannel<Task<EncodedGroup, any Error>>(limit: 2)
        return try await withThrowingTaskGroup(of: PartialTotals.self) { group in
            group.addTask {
                try await read(
                    input,
                    shouldStop: shouldStop,
                    into: channels[0],
                    observe: observe
                )
            }
            group.addTask {
                input.isRecorded
                    ? try await admitRecorded(from: channels[0], into: channels[1])
                    : try await admit(from: channels[0], into: channels[1])
            }
            for (index, step) in steps.enumerated().dropLast() {
                group.addTask {
                    try await decide(
                        step,
                        from: channels[index + 1],
                        into: channels[index + 2],
                        next: steps[index + 1],
                        anew: input.isRecorded
                    )
                }
            }
            group.addTask { try await place(from: channels[steps.count], into: commits) }
            group.addTask { try await commit(from: commits, observe: observe) }
            return try await join(&group)
        }
    }

    private func join(
        _ group: inout ThrowingTaskGroup<PartialTotals, any Error>
    ) async throws -> RunTotals {
        var totals = RunTotals(ledger: pipeline.stages.map { StageBalance(stage: $0.name) })
        var failure: (any Error)?
        var admission: Admission?
        var isComplete = false
        while let result = await group.nextResult() {
            switch result {
            case .success(.admitted(let final)): admission = final
            case .success(.read(let wasInterrupted, let wasComplete)):
                totals.wasInterrupted = wasInterrupted
                isComplete = wasComplete
            case .success(.decided(let isUnsettled)):
                totals.isUnsettled = totals.isUnsettled || isUnsettled
            case .success(let partial): partial.apply(to: &totals)
            case .failure(let error):
                if failure == nil { failure = error }
            }
        }
        if let failure { throw RunSession.runError(failure) }
        if let admission { totals.note(admission, isComplete: isComplete) }
        return totals
    }

    /// What one task of a run found out.
    enum PartialTotals: Sendable {
        case read(wasInterrupted: Bool, isComplete: Bool)
        case admitted(Admission)
        case decided(isUnsettled: Bool)
        case nothing
        case committed(RunTotals)

        func apply(to totals: inout RunTotals) {
            switch self {
            case .read, .admitted, .decided, .nothing: break
            case .committed(let committed):
                totals.ledger = committed.ledger
                totals.drops = committed.drops
                totals.restatedUnchanged = committed.restatedUnchanged
                totals.deadExports = committed.deadExports
                totals.noteFailures(of: committed)
            }
        }
    }

    private func read(
        _ input: RunInput,
        shouldStop: @Sendable () -> Bool,
        into output: BatchChannel<Work>,
        observe: Observe
    ) async throws -> PartialTotals {
        defer { output.close() }
        let queue = BlockingQueue("annals.read")
        let (source, stageCount) = (pipeline.source, pipeline.stages.count)
        var left = input.limit ?? .max
        while left > 0 {
            if shouldStop() { return .read(wasInterrupted: true, isComplete: false) }
            let work: Work
            switch input {
            case .sources(let box, _):
                guard var records = try await queue.run({ box.next() }) else {
                    return .read(wasInterrupted: false, isComplete: true)
                }
                if records.count > left { records.removeLast(records.count - left) }
                left -= records.count
                let (progress, batch) = (box.progress, records)
                observe {
                    $0.read = progress
                    $0.documents += batch.count
                }
                work = Work {
                    let documents = try await source.parse(batch)
                    return BatchSlot(DocumentBatch(documents: documents, stageCount: stageCount))
                }
            case .recorded(let box):
                guard let documents = try await queue.run({ try box.next() }) else {
                    return .read(wasInterrupted: false, isComplete: true)
                }
                observe { $0.recorded += documents.count }
                let batch = DocumentBatch(
                    documents: documents,
                    stageCount: stageCount,
                    isRecorded: true
                )
                let slot = BatchSlot(batch)
                work = Work { slot }
            }
            guard await output.send(work) else { break }
        }
        return .read(wasInterrupted: false, isComplete: false)
    }

    /// Lets in all documents that the log holds.
    private func admitRecorded(
        from input: BatchChannel<Work>,
        into output: BatchChannel<Work>
    ) async throws -> PartialTotals {
        defer { Self.leave(input, output) }
        while let work = await input.receive() {
            var batch = try await work.value.take()
            batch.counts[0].input = batch.documents.count
            batch.counts[0].kept = batch.liveCount
            guard await output.send(Self.measure(batch, steps[0])) else { break }
        }
        return .nothing
    }

    private func admit(
        from input: BatchChannel<Work>,
        into output: BatchChannel<Work>
    ) async throws -> PartialTotals {
        defer { Self.leave(input, output) }
        var admission = Admission(
            index: session.state.documents,
            runStart: session.runStart,
            stage: 0,
            retractions: session.state.retractions,
            plan: session.plan
        )
        let step = steps[0]
        while let work = await input.receive() {
            var batch = try await work.value.take()
            admission.admit(&batch.documents)
            batch.counts[0].input = batch.documents.count { $0.fate != .unchanged }
            batch.counts[0].kept = batch.liveCount
            guard await output.send(Self.measure(batch, step)) else { break }
        }
        return .admitted(admission)
    }

    /// A task that ends, whatever ends it, takes no more and hands on no more; what it handed on goes
    /// its way.
    private static func leave<Element, Next>(
        _ input: BatchChannel<Element>,
        _ output: BatchChannel<Next>
    ) {
        input.cancel()
        output.close()
    }

    private static func measure(_ batch: DocumentBatch, _ step: StageSteps.Step) -> Work {
        let slot = BatchSlot(batch)
        return Work {
            var batch = slot.take()
            try await step.measure(&batch)
            return BatchSlot(batch)
        }
    }

    private func decide(
        _ step: StageSteps.Step,
        from input: BatchChannel<Work>,
        into output: BatchChannel<Work>,
        next: StageSteps.Step,
        anew: Bool
    ) async throws -> PartialTotals {
        defer { Self.leave(input, output) }
        guard let number = step.decidingStage,
            var decider = session.state.deciders.first(where: { $0.stage == number })?.decider
        else { return .nothing }
        if anew { decider.reset() }
        while let work = await input.receive() {
            var batch = try await work.value.take()
            decider.decide(&batch.documents)
            if batch.isRecorded {
                for index in batch.documents.indices {
                    let said = batch.documents[index].events
                    batch.documents[index].way?.compare(number, in: said)
                }
            }
            batch.counts[number].kept = batch.liveCount
            guard await output.send(Self.measure(batch, next)) else { break }
        }
        return .decided(isUnsettled: decider.isUnsettled)
    }

    /// A group whose batch is encoded.
    struct EncodedGroup: Sendable {
        let batch: EncodedBatch
        let exports: [CommitGroup.ExportBytes]
        let totals: RunTotals
    }

    private func place(
        from input: BatchChannel<Work>,
        into output: BatchChannel<Task<EncodedGroup, any Error>>
    ) async throws -> PartialTotals {
        defer { Self.leave(input, output) }
        var builder = GroupBuilder(
            stageNames: pipeline.stages.map(\.name),
            run: session.run,
            runStart: session.runStart,
            firstPosition: session.nextPosition,
            sinks: session.state.sinks
        )
        var notes = RunTotals(ledger: [])
        var (read, failed) = (0, 0)
        while let work = await input.receive() {
            var batch: DocumentBatch
            do {
                batch = try await work.value.take()
            } catch {
                // What came before is whole, and answers in it were asked for at some cost.
                if !builder.isEmpty { _ = await output.send(Self.encode(builder.cut(), &notes)) }
                throw error
            }
            read += batch.documents.count
            batch.leaveOutWhatStands()
            failed += batch.failedCount
            builder.add(batch.counts)
            for document in batch.documents {
                if let way = document.way {
                    if way.settled < session.runStart { notes.restatedUnchanged += 1 }
                    notes.deadExports += way.exports.count
                }
                builder.add(document)
                notes.note(document)
                guard builder.isFull else { continue }
                guard await output.send(Self.encode(builder.cut(), &notes)) else { return .nothing }
            }
            if let budget = pipeline.errorBudget,
                budget.isExceeded(failed: failed, of: read, atEnd: false)
            {
                if !builder.isEmpty { _ = await output.send(Self.encode(builder.cut(), &notes)) }
                throw RunError.tooManyFailed(failed, of: read, budget)
            }
        }
        if !builder.isEmpty { _ = await output.send(Self.encode(builder.cut(), &notes)) }
        return .nothing
    }

    private static func encode(
        _ group: CommitGroup,
        _ notes: inout RunTotals
    ) -> Task<EncodedGroup, any Error> {
        var totals = notes
        totals.ledger = group.ledger
        notes = RunTotals(ledger: [])
        return Task { [totals] in
            EncodedGroup(
                // Facts stay as they are: every replay reads them, and decompressing them takes
                // longer than all else it does. Contents are read by few and make up most bytes.
                batch: try group.builder.encode(compression: .fast, facts: Compression.none),
                exports: group.exports,
                totals: totals
            )
        }
    }

    private func commit(
        from input: BatchChannel<Task<EncodedGroup, any Error>>,
        observe: Observe
    ) async throws -> PartialTotals {
        defer { input.cancel() }
        let queue = BlockingQueue("annals.commit")
        let (session, writer, files) = (session, session.writer, session.files)
        var totals = RunTotals(ledger: pipeline.stages.map { StageBalance(stage: $0.name) })
        while let work = await input.receive() {
            let group = try await work.value
            try await queue.run {
                try writer.append(group.batch, time: session.time)
                Failpoint.groupAppended.reach()
                try files.value.write(group.exports)
                Failpoint.groupWritten.reach()
            }
            totals.add(group.totals)
            let ledger = totals.ledger
            let drops = totals.drops
            observe {
                $0.stages = ledger
                $0.reasons = drops
            }
        }
        return .committed(totals)
    }
}

extension RunTotals {
    /// Adds what a committed group counted.
    mutating func add(_ other: RunTotals) {
        for (index, balance) in other.ledger.enumerated() { ledger[index].add(balance) }
        for (rule, count) in other.drops { drops[rule, default: 0] += count }
        restatedUnchanged += other.restatedUnchanged
        deadExports += other.deadExports
        noteFailures(of: other)
    }

    mutating func noteFailures(of other: RunTotals) {
        unreadableSources += other.unreadableSources
        failures.append(contentsOf: other.failures.prefix(Self.failuresShown - failures.count))
    }
}
