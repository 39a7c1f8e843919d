internal import ArgumentParser
internal import Bytes
internal import Pipeline
internal import YAML

/// `annals test PIPELINE…`: runs tests and shows what is not as expected.
struct TestRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the tests of pipeline files (what 'annals test PIPELINE…' does).",
        discussion: """
            Each test sends its documents through the pipeline's own stages, plugins included, with \
            a store of its own that goes with it: neither the pipeline's store nor its exports are \
            touched. Only what an expectation names is compared.

            Exit code 65 if a test fails or a pipeline cannot be built, 66 if there is no such file \
            or no test.
            """
    )

    @Argument(help: "Pipeline files.", completion: .file(extensions: ["yaml", "yml"]))
    var pipelines: [String]

    @Option(help: ArgumentHelp("Only tests whose names hold this text.", valueName: "text"))
    var filter: String?

    @Option(help: "How to print.")
    var format: OutputFormat = .text

    @Option(
        help: ArgumentHelp("Write a JUnit report for continuous integration.", valueName: "file")
    )
    var junit: String?

    @Flag(help: "Write what came in the place of what was expected, in the pipeline files.")
    var bless = false

    func run() async throws {
        var session = try TestSession(filter: filter)
        defer { session.end() }
        for path in pipelines {
            await session.test(path)
            if bless { await session.bless(path) }
        }
        switch format {
        case .text: session.print()
        case .json: session.printJSON()
        }
        if let junit { try session.write(junit: junit) }
        try session.exitStatus()
    }
}
