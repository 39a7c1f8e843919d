internal import Projections

/// What became of a document, in few words.
enum FateText {
    /// `dropped by words: 18 < 20`, say.
    static func outcome(_ fate: DocumentFate) -> String {
        switch fate.outcome {
        case .kept: "kept"
        case .dropped(let drop): "dropped by \(drop.rule): \(comparison(drop))"
        case .duplicate(let kinship):
            kinship.original.isEmpty
                ? "duplicate of a document whose name is erased with what it says"
                : "\(kinship.kind) duplicate of \(kinship.original)\(measure(kinship))"
        case .failed(let code, _, _): "failed [\(code)]"
        case .removed: "removed: its source no longer holds it"
        case .retracted(let reason):
            "retracted" + (reason.map { $0.isEmpty ? "" : ": " + $0 } ?? "")
        }
    }

    /// What appended events: a takedown belongs to no run.
    static func run(_ id: String) -> String { id.isEmpty ? "a takedown" : "run \(id)" }

    /// The one word that `annals show documents` has for it.
    static func status(_ fate: DocumentFate) -> String {
        switch fate.outcome {
        case .kept: "kept"
        case .dropped: "dropped"
        case .duplicate: "duplicate"
        case .failed: "failed"
        case .removed: "removed"
        case .retracted: "retracted"
        }
    }

    /// `18 < 20`: what was measured against the bound that it broke.
    static func comparison(_ drop: DocumentFate.Drop) -> String {
        let value = number(drop.value)
        if let minimum = drop.minimum, let measured = drop.value, measured < minimum {
            return "\(value) < \(number(minimum))"
        }
        if let maximum = drop.maximum, let measured = drop.value, measured > maximum {
            return "\(value) > \(number(maximum))"
        }
        let bounds = bounds(drop.minimum, drop.maximum)
        return "measured \(value)" + (bounds.isEmpty ? "" : ", asked for \(bounds)")
    }

    /// `at least 20 and at most 100`; nothing for no bound.
    static func bounds(_ minimum: Double?, _ maximum: Double?) -> String {
        var bounds: [String] = []
        if let minimum { bounds.append("at least \(number(minimum))") }
        if let maximum { bounds.append("at most \(number(maximum))") }
        return bounds.joined(separator: " and ")
    }

    private static func measure(_ kinship: DocumentFate.Kinship) -> String {
        guard kinship.kind == "near", let similarity = kinship.similarity,
            let threshold = kinship.threshold
        else { return "" }
        return " (\(number(similarity)) ≥ \(number(threshold)))"
    }

    /// What differs between two fates of a document: `dropped … → kept`, or what stages now say.
    static func difference(_ before: DocumentFate?, _ after: DocumentFate) -> String {
        guard let before else { return outcome(after) }
        if before.outcome != after.outcome || before.settledBy != after.settledBy {
            return outcome(before) + " → " + outcome(after)
        }
        let details = details(before, after)
        return outcome(after) + (details.isEmpty ? "" : "; " + details.joined(separator: "; "))
    }

    /// What the stages say differently, a phrase for each who says it.
    static func details(_ before: DocumentFate, _ after: DocumentFate) -> [String] {
        var details: [String] = []
        for result in after.results {
            let old = before.results.first { $0.isBySame(as: result) }
            guard old != result else { continue }
            details.append(detail(old, result))
        }
        for result in before.results
        where !after.results.contains(where: { $0.isBySame(as: result) }) {
            details.append("\(result.name): no longer")
        }
        return details
    }

    private static func detail(
        _ old: DocumentFate.StageResult?,
        _ new: DocumentFate.StageResult
    ) -> String {
        guard let old else {
            return new.ids.isEmpty
                ? "\(new.name): new" : "\(new.name): + \(new.ids.joined(separator: ", "))"
        }
        if new.subject == "cleaned" { return "cleaned differently" }
        let added = new.ids.filter { !old.ids.contains($0) }
        let gone = old.ids.filter { !new.ids.contains($0) }
        var parts: [String] = []
        if !added.isEmpty { parts.append("+ " + added.joined(separator: ", ")) }
        if !gone.isEmpty { parts.append("− " + gone.joined(separator: ", ")) }
        return "\(new.name): " + (parts.isEmpty ? "says otherwise" : parts.joined(separator: " "))
    }

    /// A number as people read it: thousands grouped, at most three places.
    static func number(_ value: Double?) -> String {
        guard let value else { return "?" }
        if let whole = Int(exactly: value) { return BalanceSheet.grouped(whole) }
        return ((value * 1000).rounded() / 1000).description
    }
}

extension DocumentFate.StageResult {
    /// Whether the same part of the same stage says it.
    func isBySame(as other: Self) -> Bool { stage == other.stage && subject == other.subject }

    /// Who says it, for people: an annotator's name, an export's path.
    var name: String {
        if subject.hasPrefix("export:") { return "export to \(subject.dropFirst(7))" }
        return subject
    }
}
