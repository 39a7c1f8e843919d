internal import ArgumentParser
internal import Bytes
internal import Events
internal import Projections

/// `annals failed show`: everything known of one failure, and what to do.
struct FailedShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract:
            "Show all that is known of a failure: the message, the input around it, the attempts.",
        discussion: "A document is named by its id, its source path or a part of its title."
    )

    @Argument(help: "The document's id, source path or a part of its title.")
    var document: String

    @OptionGroup var store: StoreArgument

    @Option(help: "How to print.")
    var format: OutputFormat = .text

    func run() throws {
        let projections = try store.projections()
        let explainer = try Explainer(projections, folder: store.pipelineFolder)
        let row = try explainer.find(document)
        guard let report = try FailureReport(row, explainer) else {
            let name = TerminalText.escaped(row.document)
            throw Failure(
                .badData,
                "\(name) has never failed: it is \(row.status.name)"
                    + " (annals explain tells its story)"
            )
        }
        switch format {
        case .text:
            let width = Console.isOutputTerminal ? Console.width : 100
            let isColored = Console.isOutputColored
            let lines = report.lines(width: width)
            Console.out(lines.map { $0.rendered(isColored: isColored) + "\n" }.joined())
        case .json: Console.out(report.json)
        }
    }
}
