internal import Bytes
internal import Dispatch
internal import EventLog
internal import Pipeline
internal import PluginHost

/// Runs a pipeline, and again whenever its sources or its files change, until Ctrl-C.
///
/// Each run is one like any other, over all sources: same log, same guarantees. Folders are watched
/// before a run lists them, so that what changes while it reads is for the next one.
struct WatchLoop {
    let path: String
    let profile: String?
    /// The store that was named; nil for the pipeline's own.
    let store: String?
    let jobs: Int
    let format: OutputFormat

    private let inotify: Inotify
    private let stop = StopSwitch()
    private let queue = DispatchQueue(label: "annals.watch")

    init(
        path: String,
        profile: String?,
        store: String?,
        jobs: Int,
        format: OutputFormat
    ) throws {
        (self.path, self.profile, self.store) = (path, profile, store)
        (self.jobs, self.format) = (jobs, format)
        inotify = try Inotify()
    }

    /// How long to wait for what passes by itself.
    private static let pause = Duration.seconds(1)

    func run() async throws {
        let interrupts = InterruptHandler(stop)
        defer { interrupts.end() }
        var files = WatchedFiles(inotify)
        try await runFirst(&files)
        Console.error("annals: watching; Ctrl-C ends it\n")
        var pause: Duration?
        while let changes = try await changes(in: &files, within: pause) {
            if !changes.isEmpty {
                Console.error("annals: \(TerminalText.escaped(changes.text))\n")
            }
            let isNews = pause == nil || !changes.isEmpty
            pause = try await runAgain(
                &files,
                quietly: !changes.concernDefinition,
                isNews: isNews
            )
        }
        Console.error("\nannals: no longer watching\n")
    }

    private func runFirst(_ files: inout WatchedFiles) async throws {
        let pipeline = try await load(&files, quietly: false)
        guard !pipeline.source.sources.contains("-") else {
            throw Failure(
                .usage,
                "standard input ends once and cannot be watched: leave - out of from"
            )
        }
        do {
            try await run(pipeline, isFirst: true)
        } catch {
            guard Self.isOfDocuments(error) else { throw error }
            Failure(error)?.show()
        }
    }

    /// Runs once more; returns how long to wait until trying again in any case.
    private func runAgain(
        _ files: inout WatchedFiles,
        quietly: Bool,
        isNews: Bool
    ) async throws -> Duration? {
        do {
            try await run(try await load(&files, quietly: quietly), isFirst: false)
        } catch {
            guard let failure = Failure(error) else { throw error }
            // Another process may let go of the store, or somebody of space on the disk.
            if failure.status == .tryAgain || failure.status == .inputOutput {
                if isNews { failure.show() }
                return Self.pause
            }
            guard Self.isOfDocuments(error) || Self.isOfPipeline(error) else { throw error }
            failure.show()
        }
        return nil
    }

    /// The pipeline as it is now, its files and sources watched from before they were read.
    private func load(
        _ files: inout WatchedFiles,
        quietly: Bool
    ) async throws -> PipelineDefinition {
        let folder = PipelineFile.folder(of: path)
        let lock = folder.isEmpty ? PluginLock.fileName : folder + "/" + PluginLock.fileName
        var result = PipelineFile.read(path, profile: profile)
        while try files.watch(definition: result.files + [lock]) {
            result = PipelineFile.read(path, profile: profile)
        }
        let pipeline = try await PipelineFile.toRun(result, path, quietly: quietly)
        try files.watch(
            pipeline.source,
            store: store ?? pipeline.store,
            definition: result.files + [lock]
        )
        return pipeline
    }

    private func run(_ pipeline: PipelineDefinition, isFirst: Bool) async throws {
        let stores = store.map { " --store " + $0 } ?? ""
        try await PipelineRun(
            definition: pipeline,
            options: RunOptions(jobs: jobs, limit: nil, store: store ?? pipeline.store),
            format: format,
            command: "annals run --watch " + path + stores,
            tellsNothingNew: isFirst
        ).run(until: stop)
    }

    /// Whether what went wrong concerns documents and sources: others may come.
    private static func isOfDocuments(_ error: any Error) -> Bool {
        switch error {
        case let failure as Failure: failure.status == .badData || failure.status == .noInput
        case RunError.noInput, RunError.tooManyFailed: true
        default: false
        }
    }

    /// Whether what went wrong can be mended in the pipeline.
    private static func isOfPipeline(_ error: any Error) -> Bool {
        switch error {
        case RunError.stage, RunError.otherPipeline: true
        default: false
        }
    }

    /// Waits until something that matters to a run has changed and has come to rest.
    ///
    /// - Returns: what changed, nothing after `limit`; nil when there is to be an end.
    private func changes(
        in files: inout WatchedFiles,
        within limit: Duration?
    ) async throws -> Changes? {
        let end = limit.map { ContinuousClock.now + $0 }
        var changes = Changes()
        while !stop.isStopped && !Console.isOutputGone {
            let settled = changes.wait(isWriting: files.isWriting)
            let hasEvents = await wait(settled ?? end.map { max(.zero, $0 - .now) })
            if hasEvents {
                for event in inotify.read() { changes.note(files.take(event)) }
            } else if !changes.isEmpty {
                // Folders that came or went mean nothing by themselves.
                guard try changes.areOfFoldersOnly && !files.surveyAgain() else { return changes }
                changes = Changes()
            } else if let end, end <= .now {
                return changes
            }
        }
        return nil
    }

    private func wait(_ duration: Duration?) async -> Bool {
        let milliseconds = duration.map { duration in
            Int32(clamping: duration.components.seconds * 1000)
                + Int32(duration.components.attoseconds / 1_000_000_000_000_000) + 1
        }
        return await withCheckedContinuation { continuation in
            queue.async { [inotify, stop] in
                continuation.resume(
                    returning: inotify.wait(orFor: stop.descriptor, milliseconds: milliseconds)
                )
            }
        }
    }
}
