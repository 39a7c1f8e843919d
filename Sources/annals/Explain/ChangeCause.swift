internal import Events
internal import Pipeline
internal import Projections

/// Why a document's fate is another than it was.
enum ChangeCause: Hashable {
    /// No earlier run knew it.
    case new
    /// Its text, or what its source says of it, is another.
    case revised
    /// Its source no longer holds it.
    case removed
    /// Somebody withdrew it.
    case retracted
    /// It was gone, and is there again.
    case returned
    /// What failed was tried again.
    case retried
    /// It was stated again, and nothing is another.
    case same
    /// A stage of the pipeline changed; in words.
    case stage(String)
    /// The document that it is, or was, a copy of changed; in words.
    case original(String)
    /// Nothing that the log says of it or of the pipeline explains it.
    case other

    /// The code for programs.
    var code: String {
        switch self {
        case .new: "new"
        case .revised: "revised"
        case .removed: "removed"
        case .retracted: "retracted"
        case .returned: "returned"
        case .retried: "retried"
        case .same: "same"
        case .stage: "pipeline"
        case .original: "original"
        case .other: "other"
        }
    }

    /// In words.
    var text: String {
        switch self {
        case .new: "new"
        case .revised: "text revised"
        case .removed: "removed: their sources no longer hold them"
        case .retracted: "retracted"
        case .returned: "there again"
        case .retried: "failed then, tried again"
        case .same: "stated again, with the same result"
        case .stage(let text), .original(let text): text
        case .other: "other documents around it changed"
        }
    }
}

/// Finds causes: what changed between two definitions, and what else changed with a document.
struct ChangeCauses {
    let before: DefinitionInForce?
    let after: DefinitionInForce?
    let stageChanges: [StageChange]
    /// The other documents whose fate changed.
    private let changes: [String: FateChange]

    init(_ before: PipelineDefined?, _ after: PipelineDefined?, changes: [FateChange] = []) {
        self.before = before.map(DefinitionInForce.init)
        self.after = after.map(DefinitionInForce.init)
        stageChanges =
            if let before, let after { StageChange.between(before, after) } else { [] }
        self.changes = Dictionary(changes.map { ($0.document, $0) }) { first, _ in first }
    }

    /// Why a document's fate changed.
    func cause(_ before: DocumentFate?, _ after: DocumentFate) -> ChangeCause {
        switch after.outcome {
        case .removed: return .removed
        case .retracted: return .retracted
        default: break
        }
        guard let before else { return .new }
        switch before.outcome {
        case .removed, .retracted: return .returned
        default: break
        }
        if before.revision != after.revision { return .revised }
        if before.isSame(as: after) { return .same }
        let stage = firstDifference(before, after)
        if case .failed = before.outcome,
            !stageChanges.contains(where: { $0.stage == before.settledBy })
        {
            return .retried
        }
        let changed = stageChanges.first { $0.stage == stage }
        if changed == nil, let original = originalChange(before, after) { return original }
        if let changed { return .stage(words(changed, before, after)) }
        let earlier = stageChanges.first { change in
            stage.map { self.after?.stage($0, comesAfter: change.stage) ?? false } ?? false
        }
        guard let change = earlier ?? stageChanges.first else { return .other }
        return .stage(words(change, before, after))
    }

    /// The first stage, in the pipeline's order, that comes to another result.
    private func firstDifference(_ before: DocumentFate, _ after: DocumentFate) -> String? {
        let stages = (self.after?.stages ?? []) + (self.before?.stages ?? [])
        return stages.first { stage in
            before.results.filter { $0.stage == stage }
                != after.results.filter { $0.stage == stage }
                || before.settledBy == stage && after.settledBy != stage
                || after.settledBy == stage
                    && (before.settledBy != stage || before.outcome != after.outcome)
        }
    }

    /// Whether the document that it is or was a copy of explains it.
    private func originalChange(_ before: DocumentFate, _ after: DocumentFate) -> ChangeCause? {
        for fate in [before, after] {
            guard case .duplicate(let kinship) = fate.outcome,
                let original = changes[kinship.original]
            else { continue }
            return .original(Self.words(original))
        }
        return nil
    }

    private static func words(_ original: FateChange) -> String {
        guard let before = original.before else { return "an earlier document like it is new" }
        switch original.after.outcome {
        case .removed: return "its original was removed"
        case .retracted: return "its original was retracted"
        default: break
        }
        if before.revision != original.after.revision { return "its original was revised" }
        return switch original.after.outcome {
        case .dropped: "its original is dropped now"
        case .duplicate: "its original is a copy of another now"
        case .failed: "its original fails now"
        default: "an earlier document like it is kept now"
        }
    }

    // MARK: Words for a stage's change

    /// `clean changed: require.words 20..100 → 15..100`.
    func words(_ change: StageChange) -> String {
        switch change.kind {
        case .added: return "\(change.stage) was added"
        case .left: return "\(change.stage) was taken out"
        case .unknown: return "\(change.stage) changed"
        case .options(let options):
            let texts = options.map { option in
                "\(option.path) \(option.before ?? "(none)") → \(option.after ?? "(none)")"
            }
            return "\(change.stage) changed: " + texts.joined(separator: ", ")
        case .resources:
            return "\(change.stage) changed: the same options, but \(resources(change.stage, nil))"
        }
    }

    private func words(
        _ change: StageChange,
        _ before: DocumentFate,
        _ after: DocumentFate
    ) -> String {
        guard change.kind == .resources else { return words(change) }
        var subjects: [String] = []
        for result in after.results + before.results
        where result.stage == change.stage && !subjects.contains(result.subject) {
            let old = before.results.first { $0.isBySame(as: result) }
            let new = after.results.first { $0.isBySame(as: result) }
            if old != new { subjects.append(result.subject) }
        }
        return "\(change.stage) changed: the same options, but "
            + resources(change.stage, subjects.isEmpty ? nil : subjects.sorted())
    }

    /// What besides its options determines what a stage says: of those who now say otherwise.
    private func resources(_ name: String, _ subjects: [String]?) -> String {
        let options = after?.outline?.stage(name)?.list ?? []
        var parts: [String] = []
        for option in options {
            let keys = option.path.split(separator: ".").map(String.init)
            if keys.last == "dictionary" {
                guard subjects?.contains(keys[0]) ?? true else { continue }
                parts.append("the dictionary \(option.value)")
            } else if keys == ["plugin", "name"] || keys == ["name"] || keys == ["plugin"] {
                guard subjects?.contains(option.value) ?? true else { continue }
                parts.append("the plugin \(option.value)")
            }
        }
        if parts.isEmpty { return "its resources, or the program itself, are others" }
        return parts.joined(separator: " or ") + " is another"
    }
}
