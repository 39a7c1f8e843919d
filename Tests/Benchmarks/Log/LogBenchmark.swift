internal import Glibc

/// Measures the event log against its limits; prints Markdown, exits with 1 if one is missed.
///
/// `annals-bench-log DIRECTORY [append] [scan] [open] [verify]`: all parts if none is named. Their
/// files go into the directory, which is on the file system that is measured.
@main
@MainActor
struct LogBenchmark {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 1 else {
            print("usage: annals-bench-log DIRECTORY [append] [scan] [open] [verify]")
            exit(64)
        }
        if arguments.count == 5, arguments[1] == "fill", let megabytes = Int(arguments[3]),
            let tail = OpenBenchmark.Tail(rawValue: arguments[4])
        {
            try OpenBenchmark.fillAndDie(arguments[2], megabytes: megabytes, tail)
        }
        let directory = arguments[1]
        let wanted = Set(arguments.dropFirst(2))
        func wants(_ part: String) -> Bool { wanted.isEmpty || wanted.contains(part) }
        var report = Report()
        if wants("append") {
            let append = AppendBenchmark(
                directory: directory,
                turns: setting("ANNALS_BENCH_TURNS", default: 24),
                batches: setting("ANNALS_BENCH_BATCHES", default: 48)
            )
            try await append.run(&report)
        }
        if wants("scan") || wants("verify") {
            let scan = ScanBenchmark(
                directory: directory,
                events: setting("ANNALS_BENCH_EVENTS", default: 1_000_000),
                repeats: setting("ANNALS_BENCH_REPEATS", default: 7)
            )
            try scan.run(scan: wants("scan"), verify: wants("verify"), &report)
        }
        if wants("open") {
            let open = OpenBenchmark(
                directory: directory,
                megabytes: setting("ANNALS_BENCH_STORE_MB", default: 1000),
                repeats: setting("ANNALS_BENCH_REPEATS", default: 7)
            )
            try open.run(&report)
        }
        if report.missed > 0 { exit(1) }
    }

    /// A number from the environment, so that a longer run needs no other code.
    static func setting(_ name: String, default value: Int) -> Int {
        guard let text = unsafe getenv(name) else { return value }
        return Int(unsafe String(cString: text)) ?? value
    }
}
