internal import ArgumentParser

/// `annals log`: the raw log.
struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Look at the raw event log.",
        subcommands: [
            LogListCommand.self, LogShowCommand.self, LogTailCommand.self, LogExportCommand.self,
            LogVerifyCommand.self, LogRepairCommand.self,
        ]
    )
}
