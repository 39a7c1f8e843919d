internal import Bytes
internal import Events
package import Pipeline
internal import YAML

/// Cleans a document's text: characters first, then the structure of a news article, then measures.
///
/// What is taken out of the body is recorded, piece by piece, with the rule that took it; body and
/// removals together hold every word of the input. Cleaning a cleaned document changes nothing.
package struct CleanStage: Stage {
    /// How pipelines name it.
    package static let kind = StageKind(
        name: "clean",
        summary: "Cleans characters, splits article structure off the body, asks for quality",
        version: 1,
        decisionOptions: ["require"]
    ) { node, context in
        guard let options = CleanOptions(node, &context) else { return nil }
        return CleanStage(name: context.name, number: context.number, options: options)
    }

    package let name: String
    /// The stage's number in the pipeline.
    package let number: Int
    /// What it was asked to do.
    package let options: CleanOptions

    /// Makes the stage.
    package init(name: String, number: Int, options: CleanOptions) {
        self.name = name
        self.number = number
        self.options = options
    }

    package func measure(_ documents: inout [Document]) {
        for index in documents.indices where documents[index].isLive {
            clean(&documents[index])
        }
    }

    /// The measurements stand; the bounds may have moved.
    package func recall(_ recorded: [PendingEvent], into document: inout Document) throws {
        let cleaned = recorded.filter { $0.type == .documentCleaned }
        try document.recall(cleaned)
        guard let event = cleaned.last else { return }
        let measurements = try DocumentCleaned(cbor: event.facts.span).measurements
        if let decision = options.requirements.decision(on: measurements) {
            document.drop(decision, stage: number)
        }
    }

    private func clean(_ document: inout Document) {
        var rules: [DocumentCleaned.RuleCount] = []
        var removed: [DocumentCleaned.Removal] = []
        if let text = CleanText.clean(document.body, form: options.unicode) {
            document.body = text.bytes
            rules = text.changes.ruleCounts
        }
        if options.article, let article = Article.split(document.body, known: document.fields) {
            document.body = article.body
            document.fields = article.fields
            removed = article.removed
            rules += article.ruleCounts
        }
        document.tokenize()
        let measurements = TextMeasurements(of: document.body.span, words: document.words.count)
        let event = DocumentCleaned(
            fields: document.fields,
            rules: rules,
            removed: removed,
            measurements: measurements.recorded
        )
        document.record(event, stage: number, content: document.body)
        if let decision = options.requirements.decision(on: event.measurements) {
            document.drop(decision, stage: number)
        }
    }
}
