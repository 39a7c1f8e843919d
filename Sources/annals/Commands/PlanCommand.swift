internal import ArgumentParser
internal import Pipeline

/// `annals plan`: what a run would do, and why.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Say what a run would do: documents and stages, and why.",
        discussion: """
            Reads the log and the sources, asks no stage to measure, and changes nothing. Of a \
            document that a stage has to measure, only measuring tells whether later stages have \
            anything to do: they are counted, too. A run says nothing of a document that fares as \
            it fared before.

            'annals run --plan FILE' does what a plan says, or, if anything has changed since, \
            nothing (exit code 75).

            Exit code 0 if there is nothing to do, 2 if there is work.
            """
    )

    @Argument(help: "The pipeline file.", completion: .file(extensions: ["yaml", "yml"]))
    var pipeline: String

    @OptionGroup var profile: ProfileOption

    @Option(help: ArgumentHelp("The store's folder.", valueName: "folder"))
    var store: String?

    @Flag(help: "As if failed documents were tried again.")
    var retry = false

    @Option(
        help: ArgumentHelp("Write the plan for 'annals run --plan'.", valueName: "file")
    )
    var out: String?

    @Option(help: "How to print.")
    var format: OutputFormat = .text

    func validate() throws {
        guard out == nil || !retry else {
            throw ValidationError("--out is for 'annals run --plan', which tries nothing again")
        }
    }

    func run() async throws {
        let definition = try await PipelineFile.loadToRun(pipeline, profile: profile.name)
        if out != nil { try PlanFile.checkSources(definition) }
        let planner = Planner(
            pipeline: definition,
            store: store ?? definition.store,
            retries: retry ? .all : .none
        )
        let result = await PlanFile.result(of: planner, definition)
        let plan = try result.get()
        let text = PlanText(plan: plan)
        if let out { try PlanFile.write(text.json, to: out) }
        switch format {
        case .text: Console.out(text.text)
        case .json: Console.out(text.json)
        }
        if plan.hasWork { throw Failure(.work) }
    }
}
