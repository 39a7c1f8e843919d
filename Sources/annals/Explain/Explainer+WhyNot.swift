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

    func neighbours(
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
    static func fingerprint(of statement: DocumentStatement) -> DocumentFingerprint? {
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

    func measurements(
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

    static func breach(
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
    static func yaml(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? value.description
    }

    /// A threshold just above a similarity.
    static func above(_ similarity: Double) -> String {
        let next = ((similarity * 1000).rounded(.down) + 1) / 1000
        return next > 1 ? "1" : next.description
    }
}
