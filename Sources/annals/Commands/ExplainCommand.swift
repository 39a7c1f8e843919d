internal import ArgumentParser
internal import Bytes
internal import EventLog
internal import Projections

/// `annals explain`: everything that the log says of a document.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tell a document's whole story: every stage, rule, measured value, threshold.",
        discussion: "A document is named by its id, its source path or a part of its title."
    )

    @Argument(help: "The document's id, source path or a part of its title.")
    var document: String

    @OptionGroup var store: StoreArgument

    @Option(help: "How to print.")
    var format: OutputFormat = .text

    func run() throws {
        let projections = try StoreProjections(store: store.folder())
        let view = try projections.documents()
        let story: DocumentStory
        switch try view.find(document) {
        case .one(let row): story = try projections.story(of: row.document, in: view)
        case .several(let rows):
            let list = rows.map { "  \($0.document)  \($0.title ?? "")" }.joined(separator: "\n")
            throw Failure(
                .usage,
                "'\(document)' may be several documents; name one by id:\n\(list)"
            )
        case .none:
            throw Failure(
                .noInput,
                "no document has '\(document)' as its id or source, or in its title"
                    + " (annals show documents lists them)"
            )
        }
        switch format {
        case .text:
            Console.out(TerminalText.escaped(StoryText(story).text, keepingLines: true))
        case .json: Console.out(json(story))
        }
    }

    private func json(_ story: DocumentStory) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("document")
        writer.string(story.document)
        writer.key("events")
        writer.beginArray()
        for event in story.events {
            writer.beginObject()
            writer.key("position")
            writer.integer(Int(event.position.rawValue))
            writer.key("time")
            writer.string(Timestamp.iso8601(event.time))
            writer.key("run")
            writer.string(event.run)
            writer.key("stage")
            writer.string(event.stage)
            writer.key("type")
            writer.string(event.type)
            if event.isErased {
                writer.key("erased")
                writer.bool(true)
            }
            writer.key("facts")
            writer.value(event.payload)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        writer.newline()
        return writer.bytes
    }
}
