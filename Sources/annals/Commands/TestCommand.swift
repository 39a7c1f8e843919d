internal import ArgumentParser

/// `annals test`: a pipeline's own tests.
struct TestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run the tests that pipeline files bring along, or record one.",
        discussion: """
            'annals test PIPELINE…' runs them; 'annals test record DOCUMENT' makes a test of a \
            document of the store.
            """,
        subcommands: [TestRunCommand.self, TestRecordCommand.self],
        defaultSubcommand: TestRunCommand.self
    )
}
