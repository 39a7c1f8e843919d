internal import Bytes
internal import Events
internal import Glibc
internal import Pipeline
internal import PluginHost
internal import YAML

/// Measures what the host spends on a document that a plugin answers to at once.
///
/// `annals-bench-plugins EMPTY_PLUGIN` prints microseconds of this process's CPU time, user and
/// system, a document; it exits with 1 where the median of the turns is above the limit.
@main
struct PluginBenchmark {
    private static let limitMicroseconds = 15.0
    private static let documentsPerBatch = 64
    private static let documentBytes = 4096
    private static let batchesPerTurn = 100
    private static let turns = 15

    static func main() async throws {
        guard CommandLine.arguments.count == 2 else {
            print("usage: annals-bench-plugins EMPTY_PLUGIN")
            exit(64)
        }
        print(
            "| messages | turns | documents a turn | µs a document, median | least | most | limit |"
        )
        print("|---|---:|---:|---:|---:|---:|---:|")
        var isMissed = false
        for encoding in ["json", "cbor"] {
            let folder = try PluginFolder(
                program: CommandLine.arguments[1],
                encoding,
                documentsPerBatch
            )
            let stage = try folder.stage()
            let microseconds = try await measure(stage)
            await stage.close()
            report(encoding, microseconds)
            isMissed = isMissed || microseconds[turns / 2] > limitMicroseconds
        }
        guard isMissed else { return }
        print("\nabove the limit")
        exit(1)
    }

    /// Microseconds a document of each turn, least first.
    private static func measure(_ stage: any Stage) async throws -> [Double] {
        var documents = sampleDocuments()
        // The first turn starts the plugin, and is not counted.
        var results: [Double] = []
        for turn in 0...turns {
            let start = processorSeconds
            for _ in 0..<batchesPerTurn { try await stage.measure(&documents) }
            let seconds = processorSeconds - start
            let count = Double(batchesPerTurn * documentsPerBatch)
            if turn > 0 { results.append(seconds * 1e6 / count) }
            guard documents.allSatisfy(\.isLive) else {
                print("a document failed: \(documents.first { !$0.isLive }?.fate as Any)")
                exit(70)
            }
        }
        return results.sorted()
    }

    private static func report(_ encoding: String, _ microseconds: [Double]) {
        let texts = [microseconds[turns / 2], microseconds[0], microseconds[turns - 1]].map(tenths)
        print(
            "| \(encoding) | \(turns) | \(batchesPerTurn * documentsPerBatch) | "
                + texts.joined(separator: " | ") + " | \(tenths(limitMicroseconds)) |"
        )
    }

    private static func tenths(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// Documents of news: words of several lengths, quotes, line ends, some letters beyond ASCII.
    private static func sampleDocuments() -> [Document] {
        let sentence =
            "The minister said: \"We’ll see what Zürich does\", and left the room after an hour.\n"
        return (0..<documentsPerBatch).map { number in
            var body = Array("Document \(number). ".utf8)
            while body.count + sentence.utf8.count < documentBytes { body += sentence.utf8 }
            while body.count < documentBytes { body.append(0x2E) }
            var fields = DocumentFields()
            fields.title = "What the minister said, part \(number)"
            fields.byline = "A. Writer"
            return Document(
                id: DocumentID(rawValue: "news/2024/\(number).txt"),
                fields: fields,
                metadata: .map([CBORValue.Pair("section", .text("politics"))]),
                body: body,
                revision: String(repeating: "0", count: 64),
                origin: Document.Origin(source: "news.jsonl", offset: 0, record: number)
            )
        }
    }

    /// User and system time of this process's threads.
    private static var processorSeconds: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
