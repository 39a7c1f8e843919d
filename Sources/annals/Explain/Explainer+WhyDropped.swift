internal import Bytes
internal import EventLog
internal import Events
internal import Pipeline
internal import Projections
internal import Stages

/// What would have let a dropped document pass.
extension Explainer {
    func dropped(
        _ drop: DocumentFate.Drop,
        _ telling: Explanation.Telling,
        _ document: String
    ) async throws -> [WhyNot] {
        let stage = telling.statement.fate.settledBy
        if drop.rule == Retractions.rule {
            return [
                WhyNot(
                    about: "\(stage).\(drop.rule)",
                    text: "its words are those of a document that was withdrawn: annals log verify"
                        + " names the takedowns"
                )
            ]
        }
        let bounds = telling.definition?.bounds(of: stage) ?? []
        var answers = [
            broken(drop, stage, isOption: bounds.contains { $0.measurement == drop.rule })
        ]
        let measured = measurements(of: telling.statement, stage)
        var isOut = false
        for bound in bounds where bound.measurement != drop.rule {
            guard let value = measured.first(where: { $0.key == bound.measurement })?.value,
                let other = Self.breach(value, bound)
            else { continue }
            isOut = true
            answers.append(
                WhyNot(
                    about: "\(stage).\(bound.measurement)",
                    text: "it would then have been dropped by this: \(FateText.comparison(other))",
                    value: value,
                    turnsAt: value < (bound.minimum ?? -.infinity) ? bound.minimum : bound.maximum
                )
            )
        }
        if !isOut { answers += try await later(than: stage, telling, document) }
        return answers
    }

    func broken(
        _ drop: DocumentFate.Drop,
        _ stage: String,
        isOption: Bool
    ) -> WhyNot {
        let value = drop.value ?? 0
        var text = "measured \(FateText.number(drop.value))"
        var turnsAt: Double?
        if let minimum = drop.minimum, value < minimum {
            turnsAt = minimum
            text +=
                ", \(FateText.number(minimum - value)) below the minimum \(FateText.number(minimum))"
        } else if let maximum = drop.maximum, value > maximum {
            turnsAt = maximum
            text +=
                ", \(FateText.number(value - maximum)) above the maximum \(FateText.number(maximum))"
        }
        if isOption, let turnsAt {
            let open = value < turnsAt
            let bound = Self.yaml(value)
            text +=
                ": \(stage): {require: {\(drop.rule): \(open ? bound + ".." : ".." + bound)}}"
                + " would have let it pass"
        }
        return WhyNot(
            about: "\(stage).\(drop.rule)",
            text: text,
            value: drop.value,
            turnsAt: turnsAt
        )
    }

    /// What the deduplicate stages behind would have said, from the recorded text.
    func later(
        than stage: String,
        _ telling: Explanation.Telling,
        _ document: String
    ) async throws -> [WhyNot] {
        var answers: [WhyNot] = []
        for outline in telling.definition?.stages(ofKind: "deduplicate") ?? []
        where telling.definition?.stage(outline.name, comesAfter: stage) == true {
            guard let text = Explainer.text(of: telling),
                let built = outline.build(kinds: BuiltInStages.kinds, folder: folder ?? ""),
                let threshold = telling.definition?.threshold(of: outline)
            else { continue }
            var documents = [Self.document(document, text, DocumentFields())]
            try await built.stage.measure(&documents)
            guard let fingerprint = documents[0].fingerprint else { continue }
            let near = try neighbours(fingerprint, document, telling.statement, least: threshold)
            if let first = near.first {
                answers.append(
                    WhyNot(
                        about: outline.name,
                        text: "it would then have been \(first.isExact ? "an exact" : "a near")"
                            + " duplicate of \(first.document), by"
                            + " \(FateText.number(first.similarity))",
                        value: first.similarity,
                        turnsAt: threshold,
                        document: first.document
                    )
                )
            } else {
                answers.append(
                    WhyNot(
                        about: outline.name,
                        text: "no earlier document reaches \(FateText.number(threshold)): it would"
                            + " then have passed"
                    )
                )
            }
        }
        let others = telling.definition?.stages.filter { name in
            telling.definition?.stage(name, comesAfter: stage) == true
                && telling.definition?.outline?.stage(name)?.kind == "plugin"
        }
        for name in others ?? [] {
            answers.append(
                WhyNot(about: name, text: "never saw it: what it would have said is not on record")
            )
        }
        return answers
    }
}
