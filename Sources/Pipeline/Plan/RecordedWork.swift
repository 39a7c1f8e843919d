internal import Bytes
internal import EventLog
internal import Events

/// What the stages of a pipeline would have to do about the documents that the log knows.
struct RecordedWork {
    private let pipeline: PipelineDefinition
    private let state: StoreState
    private var deciders: [StoreState.StageDecider]
    /// The changed entries of the stages' files, by stage number.
    private let changes: [ResourceChanges]
    /// How the stages differ from those of the definition before.
    private let changed: [StageChange]
    /// Documents of which the log says that they hold a changed entry, by stage number.
    private var holders: [Int]

    init(pipeline: PipelineDefinition, state: StoreState) {
        self.pipeline = pipeline
        self.state = state
        deciders = pipeline.stages.enumerated().compactMap { number, stage in
            stage.makeDecider().map { StoreState.StageDecider(stage: number, decider: $0) }
        }
        let now = PipelineDefined(
            name: pipeline.name,
            yaml: pipeline.yaml,
            stages: pipeline.fingerprints
        )
        changed = state.definition.map { StageChange.between($0, now) } ?? []
        let earlier = state.generations.dropLast().last?.stages ?? []
        changes = pipeline.fingerprints.map { stage in
            ResourceChanges(
                from: earlier.first { $0.stage == stage.stage }?.resources ?? [],
                to: stage.resources
            )
        }
        holders = Array(repeating: 0, count: pipeline.stages.count)
    }

    /// Goes over all documents in the order in which the log first saw them.
    mutating func go(
        over log: EventLogReader,
        retries: Retries,
        into plan: inout RunPlan
    ) throws {
        var reader = RecordedReader(
            log,
            state.documents.statements,
            state: state,
            stages: pipeline.fingerprints,
            retries: retries,
            content: false
        )
        while var documents = try reader.nextDocuments() {
            for index in documents.indices { try go(over: &documents[index], &plan) }
        }
        for (number, stage) in pipeline.stages.enumerated().dropFirst() {
            let work = plan.stages[number]
            guard work.run + work.decide > 0 else { continue }
            plan.stages[number].reasons = reasons(number, stage.name)
        }
    }

    /// Follows one document as far as the log tells.
    private mutating func go(over document: inout Document, _ plan: inout RunPlan) throws {
        var first: (stage: Int, action: RunPlan.Item.Action)?
        var isKnown = true
        for (number, stage) in pipeline.stages.enumerated().dropFirst() {
            noteHolder(document, number)
            guard document.isLive, let way = document.way else {
                try decide(&document, number, isKnown: isKnown)
                continue
            }
            if isKnown, way.canRecall(number), !(stage is any ExportStage) {
                if !way.events[number].isEmpty {
                    try stage.recall(way.events[number], into: &document)
                }
                try decide(&document, number, isKnown: true)
                let said = document.events
                document.way?.compare(number, in: said)
                if way.reuse.stages[number] == .decide {
                    plan.stages[number].decide += 1
                } else {
                    plan.stages[number].reuse += 1
                }
                if document.way?.isSame == false, first == nil { first = (number, .decide) }
            } else if stage is any ExportStage, way.isSame, isKnown,
                way.exports.contains(number), way.reuse.stages[number] == .reuse
            {
                plan.stages[number].reuse += 1
            } else {
                let isRetry = isKnown && way.isSame && way.failure(at: number) != nil && way.retries
                if isRetry { plan.stages[number].retry += 1 } else { plan.stages[number].run += 1 }
                if first == nil { first = (number, isRetry ? .retry : .run) }
                // An export changes nothing; of all others only measuring tells what comes after.
                if !(stage is any ExportStage) { isKnown = false }
            }
        }
        if first == nil, document.way?.holdsMore == true { first = (1, .run) }
        guard let first, first.stage < pipeline.stages.count else {
            return
        }
        plan.items.append(
            RunPlan.Item(
                document: document.id,
                action: first.action,
                stage: pipeline.stages[first.stage].name,
                revision: document.revision
            )
        )
    }

    private mutating func decide(_ document: inout Document, _ number: Int, isKnown: Bool) throws {
        guard isKnown, let index = deciders.firstIndex(where: { $0.stage == number }) else {
            return
        }
        var documents = [document]
        deciders[index].decider.decide(&documents)
        document = documents[0]
    }

    private mutating func noteHolder(_ document: Document, _ number: Int) {
        guard !changes[number].ids.isEmpty, let way = document.way else { return }
        let holds = way.events[number].contains { event in
            guard event.type == .documentEnriched,
                let found = try? DocumentEnriched(cbor: event.facts.span)
            else { return false }
            return found.annotations.contains { changes[number].ids.contains($0.id) }
        }
        if holds { holders[number] += 1 }
    }

    /// Why a stage has anything to do.
    private func reasons(_ number: Int, _ name: String) -> [String] {
        let earlier = state.generations.dropLast().last?.stages ?? []
        guard let then = earlier.first(where: { $0.stage == name }) else {
            return ["\(name) is new"]
        }
        let now = pipeline.fingerprints[number]
        if case .options(let options)? = changed.first(where: { $0.stage == name })?.kind {
            return options.map { option in
                "\(option.path) changed: \(option.before ?? "nothing") → \(option.after ?? "nothing")"
            }
        }
        var reasons = changes[number].texts(holders: holders[number])
        if then.fingerprint != now.fingerprint {
            if reasons.isEmpty {
                reasons.append(
                    then.measurement == now.measurement && !now.measurement.isEmpty
                        ? "its thresholds changed"
                        : "its options, its version or its plugin changed"
                )
            }
        } else if earlier.prefix(number).map(\.stage)
            != pipeline.fingerprints.prefix(number).map(\.stage)
        {
            reasons.append("the stages before it are others")
        } else {
            reasons.append("what comes to it changed")
        }
        return reasons
    }
}

/// How the files of a stage differ from those of an earlier pipeline.
struct ResourceChanges {
    private var files: [(path: String, entries: Int)] = []
    /// The ids of entries that are new, changed or gone.
    private(set) var ids: Set<String> = []

    init(from earlier: [PipelineDefined.Resource], to now: [PipelineDefined.Resource]) {
        for resource in now {
            guard let then = earlier.first(where: { $0.path == resource.path }),
                then.sha256 != resource.sha256
            else { continue }
            let names = Set(then.entries.keys).union(resource.entries.keys)
            let changed = names.filter { then.entries[$0] != resource.entries[$0] }
            files.append((resource.path, changed.count))
            for name in changed {
                ids.insert(String(name.split(separator: "/", maxSplits: 1).last ?? ""))
            }
        }
    }

    /// A sentence for each file.
    func texts(holders: Int) -> [String] {
        files.map { file in
            let name = file.path.split(separator: "/").last.map(String.init) ?? file.path
            return "dictionary \(name) changed: \(file.entries)"
                + (file.entries == 1 ? " entry" : " entries")
                + "; \(holders) " + (holders == 1 ? "document names" : "documents name")
                + (file.entries == 1 ? " it" : " them")
        }
    }
}
