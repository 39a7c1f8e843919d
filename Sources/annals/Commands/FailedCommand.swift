internal import ArgumentParser

/// `annals failed`: the dead letters, what could not be processed.
struct FailedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "failed",
        abstract: "What could not be processed: list it, look at one, try again.",
        subcommands: [FailedListCommand.self, FailedShowCommand.self, FailedRetryCommand.self]
    )
}
