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

    private struct Row {
        let name: String
        let documents: Int
        let bytes: Int
        let seconds: Double
    }

    private var rows: [Row] = []

    private mutating func measure(_ pipeline: PipelineDefinition) throws {
        var reader = try pipeline.source.makeReader()
        var batches: [[RawRecord]] = []
        let reading = Self.seconds {
            while let batch = reader.next() { batches.append(batch) }
        }
        let documents = batches.reduce(0) { $0 + $1.count }
        let bytes = batches.reduce(0) { $1.reduce($0) { $0 + $1.bytes.count } }
        rows.append(Row(name: "read", documents: documents, bytes: bytes, seconds: reading))
        var parsed: [[Document]] = []
        let parsing = Self.seconds {
            for batch in batches { parsed.append(pipeline.source.parse(batch)) }
        }
        rows.append(Row(name: "parse", documents: documents, bytes: bytes, seconds: parsing))
        for stage in pipeline.stages.dropFirst() { measure(stage, &parsed) }
    }

    private mutating func measure(_ stage: any Stage, _ batches: inout [[Document]]) {
        let live = batches.joined().filter(\.isLive)
        let bytes = live.reduce(0) { $0 + $1.body.count }
        let decider = stage.makeDecider()
        let measuring = Self.seconds {
            for index in batches.indices { stage.measure(&batches[index]) }
        }
        let name = decider == nil ? stage.name : stage.name + ", measure"
        rows.append(Row(name: name, documents: live.count, bytes: bytes, seconds: measuring))
        guard var decider else { return }
        let deciding = Self.seconds {
            for index in batches.indices { decider.decide(&batches[index]) }
        }
        let decide = stage.name + ", decide"
        rows.append(Row(name: decide, documents: live.count, bytes: bytes, seconds: deciding))
    }

    private static func seconds(_ body: () -> Void) -> Double {
        let start = processorSeconds
        body()
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
