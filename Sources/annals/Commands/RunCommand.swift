internal import ArgumentParser
internal import Pipeline

/// `annals run`: documents in, events, exports and projections out.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a pipeline over its sources.",
        discussion: """
            Documents that an earlier run settled, with the same content and pipeline, are left \
            alone. A run that was interrupted or killed goes on where it stopped. Ctrl-C ends it \
            after the batches on their way; a second Ctrl-C ends it at once, and nothing is lost.

            Exit code 65 if documents failed (more than max_failed, where the pipeline has it), 66 \
            if a source could not be read: everything else was processed all the same.

            With --watch it goes on until Ctrl-C: whenever a source, the pipeline or one of its \
            dictionaries has changed and is closed, there is another run. What is wrong with one \
            of them is said, and the next change looked at.
            """
    )

    @Argument(help: "The pipeline file.", completion: .file(extensions: ["yaml", "yml"]))
    var pipeline: String

    @Option(help: ArgumentHelp("Batches to measure at a time.", valueName: "count"))
    var jobs: Int = 0

    @OptionGroup var profile: ProfileOption

    @Option(help: ArgumentHelp("The store's folder.", valueName: "folder"))
    var store: String?

    @Option(help: ArgumentHelp("Read at most so many records.", valueName: "count"))
    var limit: Int?

    @Option(
        help: ArgumentHelp(
            "Do what a plan of 'annals plan --out' says, or nothing.",
            valueName: "file"
        )
    )
    var plan: String?

    @Flag(help: "Stay, and run again when sources or the pipeline change.")
    var watch = false

    @Option(help: "What runs the stages.")
    var engine: Engine = .local

    @Option(help: "How to print the balance sheet.")
    var format: OutputFormat = .text

    enum Engine: String, ExpressibleByArgument, CaseIterable {
        case local
    }

    func validate() throws {
        guard jobs >= 0 else { throw ValidationError("--jobs must not be negative") }
        guard plan == nil || limit == nil else {
            throw ValidationError("--plan does all that the plan says: leave --limit out")
        }
        guard !watch || plan == nil && limit == nil else {
            throw ValidationError(
                "--watch does all there is, again and again: leave --plan and --limit out"
            )
        }
        guard limit ?? 1 > 0 else { throw ValidationError("--limit must be at least 1") }
    }

    func run() async throws {
        guard !watch else {
            return try await WatchLoop(
                path: pipeline,
                profile: profile.name,
                store: store,
                jobs: jobs,
                format: format
            ).run()
        }
        let definition = try await PipelineFile.loadToRun(pipeline, profile: profile.name)
        let folder = store ?? definition.store
        var options = RunOptions(jobs: jobs, limit: limit, store: folder)
        if let plan { options.plan = try await PlanFile.approved(plan, definition, store: folder) }
        let stores = store.map { " --store " + $0 } ?? ""
        try await PipelineRun(
            definition: definition,
            options: options,
            format: format,
            command: "annals run " + pipeline + stores
        ).run()
    }
}
