internal import ArgumentParser
internal import Bytes
internal import EventLog
internal import Pipeline
internal import Projections

/// `annals replay`: projections rebuilt from the log's first event.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Rebuild projections from the log, beside the live ones, then swap.",
        discussion: """
            Replay runs no stage and reads no clock, and asks no plugin but those that are \
            projections themselves: the digest of a rebuilt \
            projection is the digest of the live one. With --until the live ones stay as they are. \
            An event that cannot be read stops a projection; with --on-error skip it is left out, \
            with park every later event of its document, too, until a program can read it. What is \
            left out is counted.

            With --until the digest is the one that a projection had then. \(MomentArgument.help)
            """
    )

    @Argument(help: "The pipeline file.", completion: .file(extensions: ["yaml", "yml"]))
    var pipeline: String?

    @Argument(help: "The projections; all if none is named.")
    var projections: [String] = []

    @Option(
        help: ArgumentHelp("The store's folder, instead of the pipeline's.", valueName: "folder")
    )
    var store: String?

    @OptionGroup var profile: ProfileOption

    @Option(
        help: ArgumentHelp(
            "Stop before a position, at a time or after a run.",
            valueName: "\(MomentArgument.valueName)"
        )
    )
    var until: MomentArgument?

    @Option(help: ArgumentHelp("Parts of the log folded at a time.", valueName: "count"))
    var jobs: Int = 0

    @Option(help: "What to do with an event that cannot be read: stop, skip or park.")
    var onError: PoisonPolicy.Action = .stop

    @Option(help: "How to print.")
    var format: OutputFormat = .text

    func validate() throws {
        guard jobs >= 0 else { throw ValidationError("--jobs must not be negative") }
    }

    func run() async throws {
        let limit = try until?.limit()
        let (known, names) = try opened(asOf: limit)
        let wanted = names.isEmpty ? known.declarations.map(\.name) + known.plugins.names : names
        let ofPlugins = try wanted.compactMap { try known.plugins.projection($0) }
        let others = wanted.filter { !known.plugins.names.contains($0) }
        var results = try await known.replay(
            others.map { try known.declaration($0) },
            until: limit,
            onError: onError,
            jobs: jobs
        )
        for projection in ofPlugins {
            results.append(try await known.plugins.replay(projection, until: limit))
        }
        switch format {
        case .text: Console.out(text(results))
        case .json: Console.out(json(results))
        }
    }

    /// With `--store` the first argument is a projection, too.
    private func opened(asOf limit: ReplayLimit?) throws -> (StoreProjections, [String]) {
        if let store, !(pipeline ?? "").hasSuffix(".yaml"), !(pipeline ?? "").hasSuffix(".yml") {
            let known = try StoreProjections(store: store).asOf(limit)
            return (known, (pipeline.map { [$0] } ?? []) + projections)
        }
        guard let pipeline else {
            throw Failure(.usage, "name a pipeline file, or a store with --store")
        }
        let definition = try PipelineFile.load(pipeline, profile: profile.name)
        return (
            try StoreProjections(store: store ?? definition.store, pipeline: definition),
            projections
        )
    }

    private func text(_ results: [ReplayResult]) -> String {
        var lines: [String] = []
        for result in results {
            let rate = Double(result.events) / max(result.seconds, 0.000_001)
            lines.append(
                "\(result.projection): \(BalanceSheet.grouped(result.events)) events in"
                    + " \(milliseconds(result.seconds)) (\(BalanceSheet.grouped(Int(rate)))/s),"
                    + " up to position \(result.position), digest \(result.digest)"
            )
            if result.skipped + result.parked > 0 {
                lines.append(
                    "  left out because they cannot be read: \(result.skipped) events skipped,"
                        + " \(result.parked) parked"
                )
            }
            if until != nil { lines.append("  in \(result.path)") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func milliseconds(_ seconds: Double) -> String {
        BalanceSheet.grouped(Int((seconds * 1000).rounded())) + " ms"
    }

    private func json(_ results: [ReplayResult]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginArray()
        for result in results {
            writer.beginObject()
            writer.key("projection")
            writer.string(result.projection)
            writer.key("events")
            writer.integer(result.events)
            writer.key("position")
            writer.integer(Int(result.position.rawValue))
            writer.key("digest")
            writer.string(result.digest.description)
            writer.key("seconds")
            writer.double(result.seconds)
            writer.key("skipped")
            writer.integer(result.skipped)
            writer.key("parked")
            writer.integer(result.parked)
            writer.endObject()
        }
        writer.endArray()
        writer.newline()
        return writer.bytes
    }
}

extension PoisonPolicy.Action: ExpressibleByArgument {}
