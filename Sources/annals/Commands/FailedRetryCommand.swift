internal import ArgumentParser
internal import Events
internal import Pipeline
internal import Projections

/// `annals failed retry`: a run that tries failed documents again.
struct FailedRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Run a pipeline and try failed documents again.",
        discussion: """
            Tried again is what can succeed: a failure says whether the same input can. A document \
            that fails again stays listed, with one more attempt; one that succeeds goes its way \
            through the stages that follow. What failed for another reason waits until the \
            document, or the stage at which it failed, changes.

            Exit code 65 if documents failed again.
            """
    )

    @Argument(help: "The pipeline file.", completion: .file(extensions: ["yaml", "yml"]))
    var pipeline: String

    @Argument(help: "The documents' ids; all that can succeed if none is named.")
    var documents: [String] = []

    @Option(help: ArgumentHelp("Batches to measure at a time.", valueName: "count"))
    var jobs: Int = 0

    @OptionGroup var profile: ProfileOption

    @Option(help: ArgumentHelp("The store's folder.", valueName: "folder"))
    var store: String?

    @Option(help: "How to print the balance sheet.")
    var format: OutputFormat = .text

    func validate() throws {
        guard jobs >= 0 else { throw ValidationError("--jobs must not be negative") }
    }

    func run() async throws {
        let definition = try await PipelineFile.loadToRun(pipeline, profile: profile.name)
        let folder = store ?? definition.store
        try check(folder, definition)
        var options = RunOptions(jobs: jobs, limit: nil, store: folder)
        options.retries =
            documents.isEmpty ? .all : .some(Set(documents.map { DocumentID(rawValue: $0) }))
        let stores = store.map { " --store " + $0 } ?? ""
        try await PipelineRun(
            definition: definition,
            options: options,
            format: format,
            command: "annals failed retry "
                + ([pipeline + stores] + documents)
                .joined(separator: " ")
        ).run()
    }

    /// Names the documents that cannot be tried again, and why.
    private func check(_ folder: String, _ definition: PipelineDefinition) throws {
        let projections = try StoreProjections(store: folder, pipeline: definition)
        let rows = try projections.view(.failures, asOf: nil).failures()
        if documents.isEmpty, !rows.contains(where: \.isRetryable) {
            Console.error(
                rows.isEmpty
                    ? "annals: nothing failed\n"
                    : "annals: nothing that failed can succeed if it is tried again as it is;"
                        + " annals failed list says what to do\n"
            )
        }
        for document in documents {
            guard let row = rows.first(where: { $0.document == document }) else {
                throw Failure(
                    .noInput,
                    "the document '\(document)' has not failed; annals failed list names those that"
                        + " have"
                )
            }
            guard row.isRetryable else {
                throw Failure(
                    .usage,
                    "trying '\(document)' again cannot help: \(row.message); mend the document or"
                        + " the stage, and run the pipeline"
                )
            }
        }
    }
}
