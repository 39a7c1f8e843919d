import Bytes
import EventLog
import Glibc
import Projections

/// Replays the index of leaders from a store of four million events, against its limits.
///
/// `annals-bench-replay [--events N] [--repeats N] [--jobs N] [--facts plain|zstd] [--store FOLDER]`
/// makes a store with ``StoreGenerator``, which stays if it is named, or takes one that is there, and
/// prints Markdown. Exits with 1 where a limit is missed. Of each measure the best of the repeats
/// counts: everything that disturbs makes it worse.
@main
struct ReplayBenchmark {
    /// Events per CPU-second.
    private static let leastRate = 3_000_000.0
    /// How many times as fast two jobs are as one, in wall time, and what they may cost more.
    private static let leastSpeedup = 1.7
    private static let mostOverhead = 1.15

    private var events = 4_000_000
    private var repeats = 9
    private var jobs = 2
    /// How the runner stores facts (`RunFlow`).
    private var facts = Compression.none
    private var store: String?
    private var isMissed = false

    static func main() async throws {
        var benchmark = try ReplayBenchmark(CommandLine.arguments.dropFirst())
        try await benchmark.run()
        if benchmark.isMissed { exit(1) }
    }

    private struct Usage: Error {
        let argument: String
    }

    private init(_ arguments: ArraySlice<String>) throws {
        var rest = arguments
        while let name = rest.popFirst() {
            guard let value = rest.popFirst() else { throw Usage(argument: name) }
            switch (name, Int(value)) {
            case ("--events", .some(let count)): events = count
            case ("--repeats", .some(let count)): repeats = max(1, count)
            case ("--jobs", .some(let count)): jobs = max(2, count)
            case ("--facts", _): facts = value == "plain" ? .none : .fast
            case ("--store", _): store = value
            default: throw Usage(argument: name)
            }
        }
    }

    private mutating func run() async throws {
        let folder = store ?? "\(TemporaryFolder.parent)/annals-bench-replay.\(getpid())"
        defer { if store == nil { TemporaryFolder.remove(folder) } }
        if unsafe access(folder, F_OK) != 0 {
            var generator = try StoreGenerator(folder, seed: 1, facts: facts)
            describe(try generator.write(events: events))
        }
        var serial = Measure()
        var parallel = Measure()
        // In turns, so that what disturbs for a while disturbs both.
        for _ in 0..<repeats {
            try await measure(folder, jobs: 1, &serial)
            try await measure(folder, jobs: jobs, &parallel)
        }
        guard serial.digest == parallel.digest else {
            print("the digests differ: \(serial.digest), \(parallel.digest)")
            isMissed = true
            return
        }
        report(serial, parallel)
    }

    /// What a replay took, at best.
    private struct Measure {
        var events = 0
        var digest = ""
        var processor = Double.infinity
        var wall = Double.infinity
    }

    private func measure(_ folder: String, jobs: Int, _ best: inout Measure) async throws {
        let engine = ProjectionEngine(store: folder, reader: try EventLogReader.open(folder))
        let clock = ContinuousClock.now
        let start = Self.processorSeconds
        let result = try await engine.replay(
            [.leaders],
            jobs: jobs,
            now: { ContinuousClock.now - clock }
        )[0]
        best.events = result.events
        best.digest = result.digest.description
        best.processor = min(best.processor, Self.processorSeconds - start)
        best.wall = min(best.wall, (ContinuousClock.now - clock) / .seconds(1))
    }

    private func describe(_ summary: StoreGenerator.Summary) {
        print("| type | events | facts, bytes on average |")
        print("|---|---:|---:|")
        var bytes = 0
        for (type, count) in summary.types.sorted(by: { $0.key < $1.key }) {
            print("| \(type) | \(count.events) | \(count.bytes / count.events) |")
            bytes += count.bytes
        }
        print("| all | \(summary.events) | \(bytes / max(1, summary.events)) |\n")
    }

    private mutating func report(_ serial: Measure, _ parallel: Measure) {
        let rate = Double(serial.events) / serial.processor
        print("| replay of the index of leaders | measured | limit | |")
        print("|---|---:|---:|---|")
        line("events", Double(serial.events), nil, isMet: true)
        line("CPU-seconds by one job", serial.processor, nil, isMet: true)
        line("events per CPU-second", rate, Self.leastRate, isMet: rate >= Self.leastRate)
        let speedup = serial.wall / parallel.wall
        let overhead = parallel.processor / serial.processor
        line("seconds by one job", serial.wall, nil, isMet: true)
        line("seconds by \(jobs) jobs", parallel.wall, nil, isMet: true)
        let isFast = speedup >= Self.leastSpeedup
        line("times as fast by \(jobs) jobs", speedup, Self.leastSpeedup, isMet: isFast)
        let isCheap = overhead <= Self.mostOverhead
        line("times the CPU time by \(jobs) jobs", overhead, Self.mostOverhead, isMet: isCheap)
    }

    private mutating func line(_ name: String, _ value: Double, _ limit: Double?, isMet: Bool) {
        func text(_ number: Double) -> String {
            number >= 1000
                ? String(Int(number)) : String((number * 1000).rounded() / 1000)
        }
        let verdict = limit == nil ? "" : isMet ? "met" : "MISSED"
        print("| \(name) | \(text(value)) | \(limit.map(text) ?? "") | \(verdict) |")
        if !isMet { isMissed = true }
    }

    private static var processorSeconds: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

/// The folder in which a store is made.
enum TemporaryFolder {
    static var parent: String {
        unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    }

    /// Removes a folder and all that is in it.
    static func remove(_ path: String) {
        if let folder = unsafe opendir(path) {
            while let entry = unsafe readdir(folder) {
                let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    unsafe String(
                        cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self)
                    )
                }
                if name != ".", name != ".." { remove(path + "/" + name) }
            }
            unsafe closedir(folder)
        }
        if unsafe rmdir(path) != 0 { _ = unsafe unlink(path) }
    }
}
