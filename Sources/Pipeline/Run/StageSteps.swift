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
    }

    let steps: [Step]

    init(stages: [any Stage], deciding: Set<Int>) {
        var steps: [Step] = []
        var current = Step(stages: [])
        for (number, stage) in stages.enumerated().dropFirst() {
            current.stages.append((number, stage))
            if deciding.contains(number) {
                current.decidingStage = number
                steps.append(current)
                current = Step(stages: [])
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
            try await stage.measure(&batch.documents)
            batch.counts[number].kept = batch.liveCount
        }
    }
}
