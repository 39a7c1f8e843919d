internal import EventLog
internal import Events

/// What the log says of a document's way through the stages.
struct RecordedWay: Sendable {
    /// The events of each stage of the pipeline as it is now, by its number, without those that only
    /// say where a record went or what a plugin was asked.
    var events: [[PendingEvent]]
    /// What of them holds.
    let reuse: StageReuse
    /// Where the document's last statement begins.
    let settled: EventPosition
    /// The exports that hold a record of the document, by stage.
    var exports: Set<Int> = []
    /// Whether stages said something of it that are no more.
    var holdsMore = false
    /// Whether all stages so far have said what they said before.
    var isSame = true
    /// Whether a stage that fails may be tried again, although nothing has changed.
    var retries = false
    /// Whether the body's words are yet to be split.
    var awaitsWords = false

    init(events: [[PendingEvent]], reuse: StageReuse, settled: EventPosition) {
        self.events = events
        self.reuse = reuse
        self.settled = settled
    }

    /// Whether a stage need not measure.
    func canRecall(_ stage: Int) -> Bool {
        guard isSame else { return false }
        switch reuse.stages[stage] {
        case .run: return false
        case .decide: return !events[stage].isEmpty && failure(at: stage) == nil
        case .reuse: return !(retries && failure(at: stage)?.retryable == true)
        }
    }

    /// Whether nothing is to be said of the document that the log does not say.
    var stands: Bool { isSame && !holdsMore }

    /// How a stage failed.
    func failure(at stage: Int) -> DocumentFailed? {
        guard let last = events[stage].last, last.type == .documentFailed else { return nil }
        return try? DocumentFailed(cbor: last.facts.span)
    }

    /// Notes whether a stage said what it said before.
    mutating func compare(_ stage: Int, in said: [PendingEvent]) {
        guard isSame else { return }
        isSame = said.lazy.filter { $0.stage == stage && $0.isOutcome }.elementsEqual(events[stage])
    }
}

/// What of an earlier pipeline's results holds for the pipeline as it is now.
struct StageReuse: Sendable, Equatable {
    /// What a stage has to do about a document that comes to it as it came before.
    enum Step: Sendable, Equatable {
        /// Nothing: it would say the same.
        case reuse
        /// It measures the same, and decides anew.
        case decide
        /// It is another stage, or comes after other stages.
        case run
    }

    /// By the stage's number.
    var stages: [Step]
    /// The numbers that the earlier pipeline's stages have now, by name.
    var numbers: [String: Int]

    /// Compares two pipelines.
    ///
    /// Stages answer to each other as far as the names are the same from the first on.
    init(
        from earlier: [PipelineDefined.StageFingerprint],
        to now: [PipelineDefined.StageFingerprint]
    ) {
        stages = []
        numbers = [:]
        for (number, stage) in now.enumerated() {
            let other = number < earlier.count ? earlier[number] : nil
            guard let other, other.stage == stage.stage, numbers.count == number else {
                stages.append(.run)
                continue
            }
            numbers[stage.stage] = number
            if number == 0 || other.fingerprint == stage.fingerprint {
                // What is in the log was read; another way to read is for the sources to show.
                stages.append(.reuse)
            } else if !stage.measurement.isEmpty, other.measurement == stage.measurement {
                stages.append(.decide)
            } else {
                stages.append(.run)
            }
        }
    }
}

extension PendingEvent {
    /// Whether it says what became of a document, and not merely where that went, or who was asked.
    var isOutcome: Bool { type != .documentExported && type != .pluginAnswered }
}

extension Document {
    /// Takes up what a stage said of the document before; a decision with it.
    ///
    /// - Throws: a `CBORError` for events that cannot be read.
    package mutating func recall(_ recorded: [PendingEvent]) throws {
        for event in recorded {
            switch event.type {
            case .documentIngested:
                body = event.content ?? []
            case .documentCleaned:
                fields = try DocumentCleaned(cbor: event.facts.span).fields
                body = event.content ?? body
                way?.awaitsWords = true
            case .documentEnriched:
                enrichments.append(try DocumentEnriched(cbor: event.facts.span))
            case .documentDropped:
                fate = .settled(stage: event.stage, outcome: .dropped)
            case .documentFailed:
                fate = .settled(stage: event.stage, outcome: .failed)
            default: break
            }
            events.append(event)
        }
    }
}
