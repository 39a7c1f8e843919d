internal import ArgumentParser
internal import Bytes
internal import EventLog
internal import Projections

/// `annals explain`: everything that the log says of a document.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tell a document's whole story: every stage, rule, measured value, threshold.",
        discussion: """
            A document is named by its id, its source path or a part of its title. Where it was \
            stated several times, the newest statement is told in full and of the others what \
            differs; --all tells each in full.

            With --why-not it says what would have had to be different: which bound, by how much, \
            which document nearby. With --why-not ANNOTATOR:ID, such as leaders:joe-biden, why the \
            document is not annotated so; name the pipeline with --pipeline, so that its \
            dictionaries are found.
            """
    )

    @Argument(help: "The document's id, source path or a part of its title.")
    var document: String

    @Argument(help: ArgumentHelp("With --why-not: what it lacks.", valueName: "annotator:id"))
    var finding: String?

    @Flag(help: "Say what would have had to be different.")
    var whyNot = false

    @Flag(help: "Tell every statement in full.")
    var all = false

    @OptionGroup var store: StoreArgument

    @Option(help: "How to print.")
    var format: OutputFormat = .text

    func validate() throws {
        guard finding == nil || whyNot else {
            throw ValidationError(
                "one document at a time: quote what holds spaces (ANNOTATOR:ID goes with --why-not)"
            )
        }
        if let finding, !finding.contains(":") {
            throw ValidationError("'\(finding)' is no ANNOTATOR:ID, such as leaders:joe-biden")
        }
    }

    func run() async throws {
        let projections = try store.projections()
        let explainer = try Explainer(projections, folder: store.pipelineFolder)
        var explanation = try explainer.explain(try explainer.find(document), all: all)
        if let finding, let colon = finding.firstIndex(of: ":") {
            explanation.whyNot = explainer.whyNot(
                explanation,
                annotator: String(finding[..<colon]),
                id: String(finding[finding.index(after: colon)...])
            )
        } else if whyNot {
            explanation.whyNot = try await explainer.whyNot(explanation)
        }
        switch format {
        case .text:
            let width = Console.isOutputTerminal ? Console.width : nil
            let lines = StoryText(explanation, width: width).lines
            let isColored = Console.isOutputColored
            Console.out(lines.map { $0.rendered(isColored: isColored) + "\n" }.joined())
        case .json: Console.out(StoryJSON(explanation: explanation).bytes)
        }
    }
}
