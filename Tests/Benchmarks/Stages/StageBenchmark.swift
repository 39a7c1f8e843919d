internal import Glibc
internal import Pipeline
internal import Stages
internal import YAML

/// Times each stage of a pipeline by itself, on one thread, over the pipeline's own sources.
///
/// `annals-bench PIPELINE` prints documents and megabytes of text per CPU-second for reading,
/// parsing and each stage; a stage that decides in order is timed as measure and decide.
@main
struct StageBenchmark {
    static func main() async throws {
        guard CommandLine.arguments.count == 2 else {
            print("usage: annals-bench PIPELINE")
            exit(64)
        }
        let loader = PipelineLoader(kinds: BuiltInStages.kinds, environment: [:])
        let result = loader.load(CommandLine.arguments[1])
        guard let pipeline = result.pipeline else {
            for diagnostic in result.diagnostics { print(diagnostic.rendered()) }
            exit(65)
        }
        var bench = StageBenchmark()
        try await bench.measure(pipeline)
        bench.report()
    }

    private struct Row {
        let name: String
        var documents = 0
        var bytes = 0
        var seconds = 0.0
    }

    private var rows: [Row] = []

    /// Takes each batch through all steps, as a run does, and adds up the time of each step.
    private mutating func measure(_ pipeline: PipelineDefinition) async throws {
        var reader = try pipeline.source.makeReader()
        var deciders = pipeline.stages.map { $0.makeDecider() }
        while true {
            var batch: [RawRecord]?
            let reading = await Self.seconds { batch = reader.next() }
            guard let records = batch else { return }
            let bytes = records.reduce(0) { $0 + $1.bytes.count }
            add("read", records.count, bytes, reading)
            var documents: [Document] = []
            let parsing = try await Self.seconds {
                documents = try await pipeline.source.parse(records)
            }
            add("parse", records.count, bytes, parsing)
            for (number, stage) in pipeline.stages.enumerated().dropFirst() {
                try await measure(stage, &deciders[number], &documents)
            }
        }
    }

    private mutating func measure(
        _ stage: any Stage,
        _ decider: inout (any Decider)?,
        _ documents: inout [Document]
    ) async throws {
        let count = documents.count(where: \.isLive)
        let bytes = documents.reduce(0) { $0 + ($1.isLive ? $1.body.count : 0) }
        let measuring = try await Self.seconds { try await stage.measure(&documents) }
        add(decider == nil ? stage.name : stage.name + ", measure", count, bytes, measuring)
        guard decider != nil else { return }
        let deciding = await Self.seconds { decider?.decide(&documents) }
        add(stage.name + ", decide", count, bytes, deciding)
    }

    private mutating func add(_ name: String, _ documents: Int, _ bytes: Int, _ seconds: Double) {
        let row = rows.firstIndex { $0.name == name } ?? rows.count
        if row == rows.count { rows.append(Row(name: name)) }
        rows[row].documents += documents
        rows[row].bytes += bytes
        rows[row].seconds += seconds
    }

    private static func seconds(_ body: () async throws -> Void) async rethrows -> Double {
        let start = processorSeconds
        try await body()
        return processorSeconds - start
    }

    private static var processorSeconds: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    private func report() {
        print("| step | documents | documents per CPU-second | MB per CPU-second |")
        print("|---|---:|---:|---:|")
        for row in rows {
            let rate = Int(Double(row.documents) / max(row.seconds, 1e-9))
            let megabytes = Int(Double(row.bytes) / 1e6 / max(row.seconds, 1e-9))
            print("| \(row.name) | \(row.documents) | \(rate) | \(megabytes) |")
        }
    }
}
