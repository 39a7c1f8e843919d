internal import Bytes
internal import Events

/// The stages of a pipeline cut at those that decide in order.
///
/// A step measures batches in parallel and ends with a decider, if it has one.
struct StageSteps: Sendable {
    /// Stages measured one after the other on the same batch.
    struct Step: Sendable {
        var stages: [(number: Int, stage: any Stage)]
        /// The number of the stage whose decider comes after.
        var decidingStage: Int?
        /// From this stage on there are only exports.
        var firstLastExport: Int
    }

    let steps: [Step]

    init(stages: [any Stage], deciding: Set<Int>) {
        let firstLastExport = (stages.lastIndex { !($0 is any ExportStage) } ?? -1) + 1
        var steps: [Step] = []
        var current = Step(stages: [], firstLastExport: firstLastExport)
        for (number, stage) in stages.enumerated().dropFirst() {
            current.stages.append((number, stage))
            if deciding.contains(number) {
                current.decidingStage = number
                steps.append(current)
                current = Step(stages: [], firstLastExport: firstLastExport)
            }
        }
        steps.append(current)
        self.steps = steps
    }
}

extension StageSteps.Step {
    /// Measures a batch and counts what each stage takes in and hands on.
    func measure(_ batch: inout DocumentBatch) async throws {
        for (number, stage) in stages {
            batch.counts[number].input = batch.liveCount
            if batch.isRecorded {
                try await recall(&batch.documents, number, stage)
            } else {
                try await stage.measure(&batch.documents)
            }
            batch.counts[number].kept = batch.liveCount
        }
    }

    /// Has a stage measure only those documents of which the log does not say what it would say.
    private func recall(
        _ documents: inout [Document],
        _ number: Int,
        _ stage: any Stage
    ) async throws {
        let isExport = stage is any ExportStage
        var unknown: [Int] = []
        for index in documents.indices where documents[index].isLive {
            guard let way = documents[index].way, way.canRecall(number),
                // A record is rendered unless it is sure to stand.
                !isExport
                    || number >= firstLastExport && way.stands
                        && (firstLastExport..<way.events.count).allSatisfy(way.exports.contains)
            else {
                unknown.append(index)
                continue
            }
            let recorded = way.events[number]
            if !recorded.isEmpty { try stage.recall(recorded, into: &documents[index]) }
            if number != decidingStage {
                let said = documents[index].events
                documents[index].way?.compare(number, in: said)
            }
        }
        guard !unknown.isEmpty else { return }
        var measured = unknown.map { index in
            if documents[index].way?.awaitsWords == true { documents[index].tokenize() }
            return documents[index]
        }
        // One owner: what the stage changes is not to be copied.
        for index in unknown { documents[index] = Document.placeholder }
        try await stage.measure(&measured)
        for (place, index) in unknown.enumerated() {
            var document = measured[place]
            document.countAttempt(at: number)
            let said = document.events
            if number != decidingStage { document.way?.compare(number, in: said) }
            if isExport, document.way?.exports.contains(number) == false {
                document.way?.isSame = false
            }
            documents[index] = document
        }
    }
}

extension Document {
    /// Stands where a document was taken from.
    fileprivate static let placeholder = Document(
        id: DocumentID(rawValue: ""),
        fields: DocumentFields(),
        metadata: .map([]),
        body: [],
        revision: "",
        origin: Origin(source: "", offset: 0, record: nil)
    )

    /// Counts how often a document that fails again has failed at a stage.
    fileprivate mutating func countAttempt(at stage: Int) {
        guard let way, way.retries, let earlier = way.failure(at: stage),
            let last = events.last, last.type == .documentFailed,
            var failure = try? DocumentFailed(cbor: last.facts.span)
        else { return }
        failure.attempt = earlier.attempt + 1
        events[events.count - 1] = PendingEvent(failure, stage: stage)
    }
}
