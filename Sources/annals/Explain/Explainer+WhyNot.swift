internal import Bytes
internal import EventLog
internal import Events
internal import Pipeline
internal import Projections
internal import Stages

extension Explainer {
    /// What would have had to be different for the document to fare otherwise.
    func whyNot(_ explanation: Explanation) async throws -> [WhyNot] {
        if let gone = gone(explanation) { return [gone] }
        guard let telling = explanation.newest else { return [] }
        switch telling.statement.fate.outcome {
        case .dropped(let drop): return try await dropped(drop, telling, explanation.row.document)
        case .duplicate(let kinship):
            return try duplicate(kinship, telling, explanation.row.document)
        case .failed(let code, let message, let isRetryable):
            return [failed(code, message, isRetryable, explanation)]
        case .kept: return try kept(telling, explanation.row.document)
        case .removed, .retracted: return []
        }
    }

    private func gone(_ explanation: Explanation) -> WhyNot? {
        guard let statement = explanation.tellings.last?.statement else { return nil }
        switch statement.fate.outcome {
        case .removed:
            return WhyNot(
                about: "removed",
                text: "its source \(statement.fate.source) no longer holds it: put it back and run"
                    + " the pipeline"
            )
        case .retracted(let reason):
            return WhyNot(
                about: "retracted",
                text: "somebody withdrew it" + (reason.map { ": " + $0 } ?? "")
            )
        default: return nil
        }
    }

    private func failed(
        _ code: String,
        _ message: String,
        _ isRetryable: Bool,
        _ explanation: Explanation
    ) -> WhyNot {
        let document = explanation.row.document
        let command = FailureAdvice.command(document: document, isRetryable: isRetryable)
        return WhyNot(
            about: code,
            text: FailureAdvice.text(code: code, isRetryable: isRetryable),
            details: [message] + (command.map { [$0] } ?? [])
                + ["annals failed show \(FailureAdvice.quoted(document))"]
        )
    }

    // MARK: Dropped

    private func dropped(
        _ drop: DocumentFate.Drop,
        _ telling: Explanation.Telling,
        _ document: String
    ) async throws -> [WhyNot] {
        let stage = telling.statement.fate.settledBy
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

    private func broken(
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
    private func later(
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

    // MARK: Duplicates

    private func duplicate(
        _ kinship: DocumentFate.Kinship,
        _ telling: Explanation.Telling,
        _ document: String
    ) throws -> [WhyNot] {
        let stage = telling.statement.fate.settledBy
        var answers: [WhyNot] = []
        if kinship.kind == "exact" {
            answers.append(
                WhyNot(
                    about: stage,
                    text: "word for word \(kinship.original): no threshold tells them apart",
                    value: kinship.similarity,
                    document: kinship.original
                )
            )
        } else if let similarity = kinship.similarity, let threshold = kinship.threshold {
            let over = FateText.number(similarity - threshold)
            answers.append(
                WhyNot(
                    about: stage,
                    text: "similarity \(FateText.number(similarity)) is \(over) above the threshold"
                        + " \(FateText.number(threshold)): \(stage): {near: {threshold:"
                        + " \(Self.above(similarity))}} would have let it pass",
                    value: similarity,
                    turnsAt: threshold,
                    document: kinship.original
                )
            )
        }
        guard let fingerprint = Self.fingerprint(of: telling.statement) else { return answers }
        let near = try neighbours(fingerprint, document, telling.statement, least: 0.5)
            .filter { $0.document != kinship.original }
        let threshold = kinship.threshold ?? 0.8
        var answer = WhyNot(about: stage, text: "", turnsAt: threshold)
        if let next = near.first, next.isExact || next.similarity >= threshold {
            answer.text =
                "without \(kinship.original) it would still be a duplicate, of \(next.document),"
                + " by \(FateText.number(next.similarity))"
            answer.value = next.similarity
            answer.document = next.document
        } else {
            answer.text = "without \(kinship.original) it would have passed"
            if let next = near.first {
                answer.text +=
                    ": the next, \(next.document), is like it by"
                    + " \(FateText.number(next.similarity))"
                answer.value = next.similarity
                answer.document = next.document
            } else {
                answer.text += ": no other earlier document reaches 0.5"
            }
        }
        return answers + [answer]
    }

    // MARK: Kept

    private func kept(_ telling: Explanation.Telling, _ document: String) throws -> [WhyNot] {
        var answers: [WhyNot] = []
        for event in telling.statement.events where event.type == EventType.documentCleaned.rawValue
        {
            let measured = event.payload["measurements"]?.pairs ?? []
            for bound in telling.definition?.bounds(of: event.stage) ?? [] {
                guard
                    let value = measured.first(where: { $0.key == bound.measurement })?.value.number
                else { continue }
                answers.append(Self.margin(value, bound, event.stage))
            }
        }
        guard
            let event = telling.statement.events.last(where: { event in
                event.type == EventType.documentUnique.rawValue
            }), let fingerprint = Self.fingerprint(of: telling.statement)
        else { return answers }
        let outline = telling.definition?.outline?.stage(event.stage)
        let threshold = outline.flatMap { telling.definition?.threshold(of: $0) }
        let near = try neighbours(fingerprint, document, telling.statement, least: 0.5).first
        answers.append(
            WhyNot(
                about: event.stage,
                text: near.map { neighbour in
                    "the earlier document most like it is \(neighbour.document), by"
                        + " \(FateText.number(neighbour.similarity))"
                        + (threshold.map { ", below the threshold \(FateText.number($0))" } ?? "")
                } ?? "no earlier document reaches 0.5",
                value: near?.similarity,
                turnsAt: threshold,
                document: near?.document
            )
        )
        return answers
    }

    /// How far a measurement is from the bounds that it keeps.
    private static func margin(
        _ value: Double,
        _ bound: QualityRequirements.Bound,
        _ stage: String
    ) -> WhyNot {
        var texts: [String] = []
        var turnsAt: Double?
        if let minimum = bound.minimum {
            texts.append(
                "\(FateText.number(value - minimum)) above the minimum \(FateText.number(minimum))"
            )
            turnsAt = minimum
        }
        if let maximum = bound.maximum {
            texts.append(
                "\(FateText.number(maximum - value)) below the maximum \(FateText.number(maximum))"
            )
            if turnsAt.map({ maximum - value < value - $0 }) ?? true { turnsAt = maximum }
        }
        return WhyNot(
            about: "\(stage).\(bound.measurement)",
            text: "measured \(FateText.number(value)): " + texts.joined(separator: ", "),
            value: value,
            turnsAt: turnsAt
        )
    }

    // MARK: What is asked

    private func neighbours(
        _ fingerprint: DocumentFingerprint,
        _ document: String,
        _ statement: DocumentStatement,
        least: Double
    ) throws -> [Neighbour] {
        try projections.engine.neighbours(
            of: fingerprint,
            document,
            heardOf: try documents.firstPosition(of: document),
            before: statement.events.last?.position ?? statement.position,
            least: least,
            in: documents
        )
    }

    /// The fingerprint that the deduplicate stage recorded.
    private static func fingerprint(of statement: DocumentStatement) -> DocumentFingerprint? {
        for event in statement.events.reversed() where !event.isErased {
            let facts = event.payload.encoded
            switch EventType(rawValue: event.type) {
            case .documentUnique: return try? DocumentUnique(cbor: facts.span).fingerprint
            case .documentDuplicate: return try? DocumentDuplicate(cbor: facts.span).fingerprint
            default: continue
            }
        }
        return nil
    }

    private func measurements(
        of statement: DocumentStatement,
        _ stage: String
    ) -> [(key: String, value: Double)] {
        let event = statement.events.last {
            $0.type == EventType.documentCleaned.rawValue && $0.stage == stage
        }
        return (event?.payload["measurements"]?.pairs ?? []).compactMap { pair in
            pair.value.number.map { (pair.key, $0) }
        }
    }

    private static func breach(
        _ value: Double,
        _ bound: QualityRequirements.Bound
    ) -> DocumentFate.Drop? {
        let isOut =
            bound.minimum.map { value < $0 } ?? false || bound.maximum.map { value > $0 } ?? false
        guard isOut else { return nil }
        return DocumentFate.Drop(
            rule: bound.measurement,
            value: value,
            minimum: bound.minimum,
            maximum: bound.maximum
        )
    }

    /// A document as stages take it in, from what the log recorded of it.
    static func document(_ id: String, _ text: [UInt8], _ fields: DocumentFields) -> Document {
        var document = Document(
            id: DocumentID(rawValue: id),
            fields: fields,
            metadata: .map([]),
            body: text,
            revision: "",
            origin: Document.Origin(source: id, offset: 0, record: nil)
        )
        document.tokenize()
        return document
    }

    /// A number as YAML has it.
    private static func yaml(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? value.description
    }

    /// A threshold just above a similarity.
    private static func above(_ similarity: Double) -> String {
        let next = ((similarity * 1000).rounded(.down) + 1) / 1000
        return next > 1 ? "1" : next.description
    }
}
