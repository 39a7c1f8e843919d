internal import Events

/// Why stages have anything to do about documents that the log knows.
struct PlanReasons {
    /// The stages by which the log's documents were settled, where those are others.
    let earlier: [PipelineDefined.StageFingerprint]
    /// Whether they are.
    private let isAnother: Bool
    private let now: [PipelineDefined.StageFingerprint]
    /// How the stages differ from those of the definition before.
    private let changed: [StageChange]

    init(pipeline: PipelineDefinition, state: StoreState) {
        isAnother = state.hasForebears
        earlier = isAnother ? state.generations.dropLast().last?.stages ?? [] : []
        now = pipeline.fingerprints
        let definition = PipelineDefined(name: pipeline.name, yaml: pipeline.yaml, stages: now)
        changed = state.definition.map { StageChange.between($0, definition) } ?? []
    }

    /// What is said of the stages that are no more.
    var stagesLeft: [String] {
        earlier.filter { stage in !now.contains { $0.stage == stage.stage } }
            .map { "the stage \($0.stage) is no longer in the pipeline" }
    }

    /// Why one stage has anything to do; `files` says which of its files changed.
    func texts(of work: RunPlan.StageWork, _ number: Int, _ files: [String]) -> [String] {
        guard work.run + work.decide + work.retry > 0 else { return [] }
        let retried = work.retry > 0 ? ["what failed at it is tried again"] : []
        guard isAnother else {
            if work.decide > 0 { return retried + ["what they are copies of changes or goes"] }
            return retried.isEmpty ? [Self.handedOn] : retried
        }
        let changed = texts(work.stage, number, files)
        return retried + (work.run + work.decide > 0 ? changed : [])
    }

    private static let handedOn = "what earlier stages hand on to it may change"

    private func texts(_ name: String, _ number: Int, _ files: [String]) -> [String] {
        guard let then = earlier.first(where: { $0.stage == name }) else {
            return ["it is a new stage"]
        }
        var texts = files
        if case .options(let options)? = changed.first(where: { $0.stage == name })?.kind {
            texts = options.map(Self.text) + files
        } else if then.fingerprint != now[number].fingerprint, files.isEmpty {
            let keepsMeasurement =
                !then.measurement.isEmpty && then.measurement == now[number].measurement
            texts = [
                keepsMeasurement
                    ? "the bounds by which it decides changed"
                    : "its options, its plugin or its version changed"
            ]
        }
        let (before, after) = (earlier.prefix { $0.stage != name }, now.prefix(number))
        if before.map(\.stage) != after.map(\.stage) {
            texts.append(
                "it comes after \(Self.list(after)); before, it came after \(Self.list(before))"
            )
        }
        return texts.isEmpty ? [Self.handedOn] : texts
    }

    private static func list(_ stages: ArraySlice<PipelineDefined.StageFingerprint>) -> String {
        stages.map(\.stage).joined(separator: ", ")
    }

    private static func text(_ option: StageChange.Change) -> String {
        switch (option.before, option.after) {
        case (let before?, let after?): "\(option.path) changed from \(before) to \(after)"
        case (nil, let after?): "\(option.path) is now \(after); it was not set before"
        case (let before?, nil): "\(option.path) is no longer set; it was \(before)"
        case (nil, nil): "\(option.path) changed"
        }
    }
}

/// How the files of a stage differ from those of an earlier pipeline.
struct ResourceChanges {
    private struct File {
        let name: String
        let hasEntries: Bool
        /// The entries that are new, changed or gone, by list and id.
        let entries: Set<String>
        /// Documents of which the log says that they hold one.
        var holders = 0
    }

    private var files: [File] = []

    init(from earlier: [PipelineDefined.Resource], to now: [PipelineDefined.Resource]) {
        for resource in now {
            guard let then = earlier.first(where: { $0.path == resource.path }),
                then.sha256 != resource.sha256
            else { continue }
            let names = Set(then.entries.keys).union(resource.entries.keys)
            files.append(
                File(
                    name: resource.path.split(separator: "/").last.map(String.init)
                        ?? resource.path,
                    hasEntries: !names.isEmpty,
                    entries: names.filter { then.entries[$0] != resource.entries[$0] }
                )
            )
        }
    }

    /// Counts a document by what a stage said of it.
    mutating func note(_ events: [PendingEvent]) {
        for index in files.indices where !files[index].entries.isEmpty {
            let holds = events.contains { event in
                guard event.type == .documentEnriched,
                    let found = try? DocumentEnriched(cbor: event.facts.span)
                else { return false }
                // A dictionary's main list has the name of the annotator that reads it.
                return found.annotations.contains {
                    files[index].entries.contains(found.annotator + "/" + $0.id)
                }
            }
            if holds { files[index].holders += 1 }
        }
    }

    /// A sentence for each file.
    var texts: [String] {
        files.map { file in
            guard file.hasEntries else { return "the file \(file.name) changed" }
            let count = file.entries.count
            guard count > 0 else {
                return "dictionary \(file.name) changed, though none of its entries"
            }
            return "dictionary \(file.name) changed: \(count)"
                + (count == 1 ? " entry" : " entries")
                + "; " + Self.naming(file.holders, count == 1 ? "it" : "them")
        }
    }

    private static func naming(_ holders: Int, _ entries: String) -> String {
        switch holders {
        case 0: "no document names \(entries) so far"
        case 1: "1 document names \(entries)"
        default: "\(holders) documents name \(entries)"
        }
    }
}
