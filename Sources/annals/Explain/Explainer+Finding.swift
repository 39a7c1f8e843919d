internal import Bytes
internal import EventLog
internal import Events
internal import Pipeline
internal import Projections
internal import Stages
internal import YAML

extension Explainer {
    /// Why a document is not annotated with an id: what the log recorded, and what the annotator
    /// says when it is asked about the recorded text.
    func whyNot(_ explanation: Explanation, annotator: String, id: String) -> [WhyNot] {
        let about = "\(annotator):\(id)"
        guard let telling = explanation.newest, let definition = telling.definition else {
            return [WhyNot(about: about, text: "the log holds no statement of it")]
        }
        var answers = [recorded(about, annotator, id, telling)]
        guard let text = Explainer.text(of: telling) else {
            answers.append(
                WhyNot(about: about, text: "its text is not there any more to be asked about")
            )
            return answers
        }
        let document = Self.document(
            explanation.row.document,
            text,
            Explainer.fields(of: telling.statement)
        )
        guard let asked = ask(annotator, id, document, definition) else {
            let isPlugin = definition.stages(ofKind: "enrich").contains { stage in
                stage.list.contains { $0.path == "plugin.name" && $0.value == annotator }
            }
            answers.append(
                WhyNot(
                    about: about,
                    text: isPlugin
                        ? "\(annotator) is a plugin: what it answered is all that is known"
                        : "the dictionary cannot be read from here: name the pipeline's file with"
                            + " --pipeline"
                )
            )
            return answers
        }
        answers += words(asked, about, annotator, id)
        return answers
    }

    /// What the log says of an annotator and an id.
    private func recorded(
        _ about: String,
        _ annotator: String,
        _ id: String,
        _ telling: Explanation.Telling
    ) -> WhyNot {
        let event = telling.statement.events.last { event in
            event.type == EventType.documentEnriched.rawValue
                && event.payload["annotator"]?.text == annotator
        }
        guard let event else {
            let fate = telling.statement.fate
            let why =
                fate.settledBy.isEmpty
                ? "no stage of the pipeline annotated as \(annotator)"
                : "\(annotator) never saw it: \(FateText.outcome(fate)) at \(fate.settledBy)"
            return WhyNot(about: about, text: why)
        }
        let annotations = event.payload["annotations"]?.items ?? []
        let ids = annotations.compactMap { $0["id"]?.text }
        if ids.contains(id) {
            return WhyNot(about: about, text: "recorded: the document is annotated so")
        }
        let open = (event.payload["unresolved"]?.items ?? []).count { mention in
            (mention["candidates"]?.items ?? []).contains { $0.text == id }
        }
        return WhyNot(
            about: about,
            text: "recorded: \(ids.count) found, not this one"
                + (open > 0 ? ", but a candidate of \(open) mentions left open" : "")
        )
    }

    private struct Asked {
        let answer: FindingAnswer
        /// Whether the stage is as it was when the log recorded its answer.
        let isSame: Bool
    }

    /// Asks the stage that has the annotator, built from the recorded definition.
    private func ask(
        _ annotator: String,
        _ id: String,
        _ document: Document,
        _ definition: DefinitionInForce
    ) -> Asked? {
        var others: [String] = []
        for outline in definition.stages(ofKind: EnrichStage.kind.name) {
            for folder in folders {
                guard
                    let stage = Self.alone(annotator, in: outline)?
                        .build(kinds: [EnrichStage.kind], folder: folder)?.stage as? EnrichStage
                else { continue }
                let answer = stage.inquire(annotator, id, of: document)
                if case .noAnnotator = answer { continue }
                let whole = outline.build(kinds: [EnrichStage.kind], folder: folder)
                let recorded = definition.pipeline.stages.first { $0.stage == outline.name }
                return Asked(answer: answer, isSame: whole?.fingerprint == recorded?.fingerprint)
            }
            others += Self.annotators(of: outline)
        }
        guard !others.contains(annotator) else { return nil }
        return Asked(answer: .noAnnotator(others), isSame: true)
    }

    /// Where dictionaries may lie: beside the pipeline's file, or where such files usually are.
    private var folders: [String] { folder.map { [$0] } ?? ["", "Pipelines"] }

    private static func annotators(of outline: PipelineOutline.Stage) -> [String] {
        (outline.options.sequence ?? []).compactMap { item in
            let entry = item.mapping?.entries.first
            return entry?.key.text == "plugin" ? entry?.value["name"]?.text : entry?.key.text
        }
    }

    /// The stage with one annotator alone, so that what another needs is not needed.
    private static func alone(
        _ annotator: String,
        in outline: PipelineOutline.Stage
    ) -> PipelineOutline.Stage? {
        let items = (outline.options.sequence ?? []).filter { item in
            item.mapping?.entries.first?.key.text == annotator
        }
        guard !items.isEmpty else { return nil }
        return PipelineOutline.Stage(
            name: outline.name,
            kind: outline.kind,
            options: Node(kind: .sequence(items), range: outline.options.range)
        )
    }

    // MARK: In words

    private func words(
        _ asked: Asked,
        _ about: String,
        _ annotator: String,
        _ id: String
    ) -> [WhyNot] {
        switch asked.answer {
        case .noAnnotator(let names):
            let hint = Suggestion.hint(for: annotator, among: names)
            return [
                WhyNot(
                    about: about,
                    text: "the pipeline has no annotator '\(annotator)'; "
                        + (hint ?? "it has \(names.joined(separator: ", "))")
                )
            ]
        case .unknown(let ids):
            let hint =
                Suggestion.hint(for: id, among: ids)
                ?? ids.first { $0.hasSuffix("-" + id) || $0.hasPrefix(id + "-") }
                .map { "did you mean \"\($0)\"?" }
            return [
                WhyNot(
                    about: about,
                    text: "the dictionary does not have '\(id)'"
                        + (hint.map { "; " + $0 } ?? ": add it, and run the pipeline")
                )
            ]
        case .answer(let inquiry): return [words(inquiry, asked.isSame, about)]
        }
    }

    private func words(
        _ inquiry: FindingInquiry,
        _ isSame: Bool,
        _ about: String
    ) -> WhyNot {
        let places = inquiry.occurrences
        let counting = places.count(where: \.counts)
        var text = "the dictionary has \(inquiry.label)"
        if places.isEmpty {
            text += "; none of its names stands in the text"
        } else {
            let times = places.count == 1 ? "one place" : "\(places.count) places"
            let which =
                counting == places.count
                ? "and count" : counting == 0 ? "and do not count" : "of which \(counting) count"
            text += "; its names stand in \(times) \(which)"
        }
        if let score = inquiry.score {
            text +=
                "; the text scores \(FateText.number(score.reached)) of"
                + " \(FateText.number(score.needed)) needed"
        }
        if inquiry.isFound { text += "; by this dictionary it is found" }
        var details = places.prefix(20).map { place in
            "\(place.isTitle ? "title" : "byte \(place.span.start)"):"
                + " “\(TextExcerpt.line(place.text))”: \(place.reason)"
        }
        if places.count > 20 { details.append("… and \(places.count - 20) more places") }
        details += inquiry.remarks
        let names = inquiry.names.prefix(12).joined(separator: ", ")
        details.append("names: \(names)\(inquiry.names.count > 12 ? " …" : "")")
        if !isSame {
            details.append(
                "the dictionaries are others than when this was recorded; told by those of today"
            )
        }
        return WhyNot(
            about: about,
            text: text,
            value: inquiry.score?.reached,
            turnsAt: inquiry.score?.needed,
            details: details
        )
    }
}
