import Bytes
import EventLog
import Glibc
import Projections

@main
struct ReplayBenchmark {
    static func main() async throws {
        let path = CommandLine.arguments[1]
        let events = Int(CommandLine.arguments[2]) ?? 0
        if events > 0 {
            let facts: Compression? = CommandLine.arguments.count > 3 ? Compression.none : nil
            var generator = try StoreGenerator(path, seed: 1, facts: facts)
            let summary = try generator.write(events: events)
            print(summary.events, summary.documents)
            var total = 0
            for (type, count) in summary.types.sorted(by: { $0.key < $1.key }) {
                print(type, count.events, Double(count.bytes) / Double(count.events))
                total += count.bytes
            }
            print("mean", Double(total) / Double(summary.events))
        }
        for jobs in [1, 1, 1, 1, 1, 2, 2, 2, 2, 2] {
            let engine = ProjectionEngine(store: path, reader: try EventLogReader.open(path))
            let start = seconds
            let clock = ContinuousClock.now
            let result = try await engine.replay([.leaders], jobs: jobs, now: { .zero })[0]
            let used = seconds - start
            print(
                jobs,
                result.digest.description.prefix(8),
                used,
                Double(result.events) / used,
                (ContinuousClock.now - clock) / .seconds(1)
            )
        }
    }

    static var seconds: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
