import Testing

/// The made-up corpus in a folder, with a pipeline over it.
struct Store {
    let folder: TestFolder

    init(documents: Int, files: Int = 4) throws {
        folder = try TestFolder()
        try Corpus(documents: documents, files: files).write(into: folder)
        try PipelineText.write(into: folder)
    }

    /// Runs the pipeline to its end.
    func run(_ options: String...) throws -> AnnalsProcess.Outcome {
        try start(options).wait()
    }

    /// Starts a run in small groups, so that there are many instants to stop it at.
    func start(_ options: [String] = [], failpoint: String = "") throws -> AnnalsProcess {
        try AnnalsProcess(
            ["run", "news.yaml"] + options,
            in: folder,
            environment: ["ANNALS_GROUP_DOCUMENTS": "100", "ANNALS_FAILPOINT": failpoint]
        )
    }

    /// Runs it until it reaches a point for the n-th time, where it kills itself.
    func killed(at point: String) throws {
        let outcome = try start(failpoint: point).wait()
        try #require(outcome.status == 137, "\(point) was not reached: \(outcome.messages)")
    }

    /// Gives every third document of a file another title: a new revision of it.
    func changeEveryThird() throws {
        let lines = folder.read("news/part-1.jsonl").split(separator: "\n").enumerated()
        let changed = lines.map { number, line in
            number % 3 == 0
                ? line.split(separator: "Report", maxSplits: 1).joined(separator: "Change")
                : String(line)
        }
        try folder.write("news/part-1.jsonl", changed.map { $0 + "\n" }.joined())
    }

    /// Whether the last thing in the log is a run's end.
    func hasFinished() throws -> Bool {
        guard folder.exists("store/STORE") else { return false }
        return try folder.annals(
            "log",
            "tail",
            "-n",
            "1",
            "--store",
            "store",
            "--format",
            "json"
        ).output.contains("\"type\":\"run.finished\"")
    }

    /// How many runs finished.
    func finishedRuns() throws -> Int {
        try events().count { $0.contains("\"type\":\"run.finished\"") }
    }

    /// The log's events without what may differ: times and run ids.
    func events() throws -> [String] {
        let outcome = try folder.annals("log", "list", "--store", "store", "--format", "json")
        #expect(outcome.status == 0, "\(outcome.messages)")
        // That a torn tail was cut is told behind the documents, and moves no event but the last.
        return outcome.output.split(separator: "\n")
            .filter { !$0.contains("\"type\":\"log.recovered\"") }
            .map { Self.withoutTimeAndRun(String($0)) }
    }

    /// The events of documents, with neither their places in the log nor in the exports.
    func documentEvents() throws -> [String] {
        try events().filter { $0.contains("\"type\":\"document.") }
            .map { $0.split(separator: ",").dropFirst().joined(separator: ",") }
            .filter { !$0.contains("document.exported") }
            .map { line in
                line.split(separator: ",").filter { !$0.hasPrefix("\"cause\":") }
                    .joined(separator: ",")
            }
    }

    /// An export's record without the position of its event.
    static func withoutPosition(_ record: Substring) -> String {
        let parts = record.split(separator: ",").filter { !$0.hasPrefix("\"position\":") }
        return parts.joined(separator: ",")
    }

    /// An event's line without its time and its run.
    static func withoutTimeAndRun(_ line: String) -> String {
        var parts = line.split(separator: ",", maxSplits: 7).map(String.init)
        // position, time, type, schema, stream, version, run, then the rest
        guard parts.count == 8 else { return line }
        parts[1] = "\"time\":"
        if parts[4].hasPrefix("\"stream\":\"run:") { parts[4] = "\"stream\":\"run:" }
        parts[6] = "\"run\":"
        if parts[2].contains("run.finished") { (parts[0], parts[5]) = ("{\"position\":", "") }
        return parts.joined(separator: ",")
    }

    /// The digests of the projections that hold no times.
    func digests() throws -> [String] {
        let outcome = try AnnalsProcess(
            ["replay", "news.yaml"] + PipelineText.projections + ["--format", "json"],
            in: folder
        ).wait()
        #expect(outcome.status == 0, "\(outcome.messages)")
        return outcome.output.split(separator: "\"").map(String.init).filter { $0.count == 64 }
    }

    /// What two stores of the same documents have in common: see ``expectEqual(_:sourceLocation:)``.
    struct Snapshot {
        var events: [String]
        let exports: [[UInt8]]
        let digests: [String]
    }

    private static let exports = ["out/news.jsonl", "out/news.csv"]

    /// The events, the exports and the projections' digests.
    func snapshot() throws -> Snapshot {
        Snapshot(
            events: try events(),
            exports: Self.exports.map { folder.bytes($0) },
            digests: try digests()
        )
    }

    /// Expects the same events, exports and projections.
    func expectEqual(
        _ other: Store,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try expectEqual(try other.snapshot(), sourceLocation: sourceLocation)
    }

    /// Leaves out what runs appended that found nothing to do after the first that finished.
    private static func withoutEmptyRuns(_ events: [String]) -> [String] {
        let isEnd = { (line: String) in line.contains("\"type\":\"run.finished\"") }
        guard let end = events.firstIndex(where: isEnd) else { return events }
        let later = events[(end + 1)...].filter {
            !isEnd($0) && !$0.contains("\"type\":\"run.started\"")
        }
        return Array(events[...end]) + later
    }

    /// Expects the same events, exports and projections; `ignoringEmptyRuns` where a run may have
    /// been killed when all of it was written, so that the next one had nothing to do.
    func expectEqual(
        _ other: Snapshot,
        ignoringEmptyRuns: Bool = false,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var own = try snapshot()
        if ignoringEmptyRuns { own.events = Self.withoutEmptyRuns(own.events) }
        #expect(own.events.count == other.events.count, sourceLocation: sourceLocation)
        let difference = zip(own.events, other.events).first { $0 != $1 }
        #expect(difference == nil, sourceLocation: sourceLocation)
        for (number, export) in Self.exports.enumerated() {
            #expect(
                own.exports[number] == other.exports[number],
                "\(export) differs",
                sourceLocation: sourceLocation
            )
            #expect(!own.exports[number].isEmpty, sourceLocation: sourceLocation)
            #expect(!folder.exists(export + ".rebuilding"), sourceLocation: sourceLocation)
        }
        #expect(own.digests == other.digests, sourceLocation: sourceLocation)
        #expect(own.digests.count == PipelineText.projections.count, sourceLocation: sourceLocation)
        let verified = try folder.annals("log", "verify", "--store", "store")
        #expect(verified.status == 0, sourceLocation: sourceLocation)
    }
}
