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
    static func main() throws {
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
        try bench.measure(pipeline)
        bench.report()
    }

    private var rows: [(name: String, documents: Int, bytes: Int, seconds: Double)] = []

    private mutating func measure(_ pipeline: PipelineDefinition) throws {
        var reader = try pipeline.source.makeReader()
        var batches: [[RawRecord]] = []
        var bytes = 0
        var documents = 0
        time("read", { (documents, bytes) }) {
            while let batch = reader.next() {
                batches.append(batch)
                documents += batch.count
                bytes += batch.reduce(0) { $0 + $1.bytes.count }
            }
        }
        var parsed: [[Document]] = []
        time("parse", { (documents, bytes) }) {
            for batch in batches { parsed.append(pipeline.source.parse(batch)) }
        }
        for stage in pipeline.stages.dropFirst() { measure(stage, &parsed) }
    }

    private mutating func measure(_ stage: any Stage, _ batches: inout [[Document]]) {
        var documents = 0
        var bytes = 0
        for batch in batches {
            for document in batch where document.isLive {
                documents += 1
                bytes += document.body.count
            }
        }
        time(stage.name + (stage.makeDecider() == nil ? "" : ", measure"), { (documents, bytes) }) {
            for index in batches.indices { stage.measure(&batches[index]) }
        }
        guard var decider = stage.makeDecider() else { return }
        time(stage.name + ", decide", { (documents, bytes) }) {
            for index in batches.indices { decider.decide(&batches[index]) }
        }
    }

    private mutating func time(
        _ name: String,
        _ count: () -> (documents: Int, bytes: Int),
        _ body: () -> Void
    ) {
        let start = Self.processorSeconds
        body()
        let seconds = Self.processorSeconds - start
        let (documents, bytes) = count()
        rows.append((name, documents, bytes, seconds))
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
