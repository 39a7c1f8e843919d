internal import ArgumentParser
internal import Glibc

/// The command line of Annals: a file a command, no logic that a library user would want.
@main
struct Annals: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "annals",
        abstract: "An event-sourced document pipeline.",
        discussion: """
            A pipeline declares stages in YAML; 'annals run' streams documents through them, and \
            every stage appends what it found to an event log. Every view of the corpus is a \
            projection of the log: thrown away and rebuilt at will by 'annals replay'.

            Exit codes: 0 done, 64 usage, 65 bad pipeline or data, 66 no input, 69 a plugin gave \
            up, 70 internal error, 74 input/output error, 75 the store is in use, 130 interrupted.
            """,
        version: "0.1.0",
        subcommands: [
            RunCommand.self, PlanCommand.self, CheckCommand.self, TestCommand.self,
            SchemaCommand.self, GraphCommand.self, ReplayCommand.self, ShowCommand.self,
            ExplainCommand.self, DiffCommand.self, FailedCommand.self, RetractCommand.self,
            LogCommand.self, PluginCommand.self,
        ]
    )

    static func main() async {
        // What is opened next would else get a closed one's number, and messages for a user with it.
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            _ = unsafe open("/dev/null", O_RDWR)
        }
        // A reader that goes away (annals show | head) ends the output, not the process half-way.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            Failure.exit(with: error)
        }
    }
}
