internal import EventLog
internal import Glibc

/// Opening a store for writing after its writer was killed.
///
/// The last segment is nearly full and not sealed, HEAD knows only of its first batch, as after a
/// power loss, and none of the segments is in the page cache.
struct OpenBenchmark {
    let directory: String
    let megabytes: Int
    let repeats: Int

    /// What the last segment is made of.
    enum Tail: String, CaseIterable {
        /// Batches of 1,000 events of 300 bytes.
        case batches
        /// Batches of one event: the most headers to walk.
        case events

        var eventsPerBatch: Int { self == .batches ? SampleEvents.perBatch : 1 }
        var description: String { self == .batches ? "batches of 1,000" : "single events" }
    }

    private static let segmentByteCount = 64 << 20

    func run(_ report: inout Report) throws {
        for tail in Tail.allCases {
            let path = directory + "/open-\(tail)"
            // Only the last segment differs: a small store shows that, too.
            let size = tail == .batches ? megabytes : min(megabytes, 256)
            try Self.runToItsDeath(["fill", path, "\(size)", tail.rawValue])
            try measure(path, tail, &report)
            try StoreFiles.remove(path)
        }
    }

    private func measure(_ path: String, _ tail: Tail, _ report: inout Report) throws {
        let stale = try StoreFiles.contents(path + "/HEAD")
        var wall = Samples()
        var processor = Samples()
        var byteCount = 0
        for _ in 0..<repeats {
            byteCount = try StoreFiles.dropCaches(path)
            let start = Moment()
            let writer = try EventLogWriter.open(path)
            wall.add(Clock.wall - start.wall)
            processor.add(Clock.processor - start.processor)
            guard writer.recovery == nil else { throw BenchmarkFailure("the tail is torn") }
            writer.close()
            try StoreFiles.overwrite(path + "/HEAD", stale)
        }
        let size = Report.text(Double(byteCount) / 1e9, 1)
        let name = "open \(size) GB after a kill, last segment \(tail.description)"
        report.add(name, wall, unit: "s", Limit(.atMost, 0.5), digits: 3)
        report.add(name, processor, unit: "CPU-s", digits: 3)
    }

    /// Runs this program again with other arguments; it must end by `SIGKILL`.
    private static func runToItsDeath(_ arguments: [String]) throws {
        var pointers: [UnsafeMutablePointer<CChar>?] =
            unsafe ([CommandLine.arguments[0]]
            + arguments).map { unsafe strdup($0) }
        defer { for index in unsafe pointers.indices { unsafe free(pointers[index]) } }
        unsafe pointers.append(nil)
        var child: pid_t = 0
        var status: Int32 = 0
        let spawned = unsafe posix_spawn(&child, "/proc/self/exe", nil, nil, pointers, environ)
        guard spawned == 0, unsafe waitpid(child, &status, 0) == child, status & 0x7F == SIGKILL
        else { throw BenchmarkFailure("the writer to be killed ended with \(status)") }
    }

    /// Writes a store, then ends this process as a crash does.
    static func fillAndDie(_ path: String, megabytes: Int, _ tail: Tail) throws -> Never {
        let sample = SampleEvents(.random)
        let writer = try EventLogWriter.open(path, storage: UnsynchronizedStorage())
        func append(_ count: Int) throws -> Int {
            let first = writer.nextPosition
            let batch = try sample.batch(at: first, count: count, compression: .none)
            try writer.append(batch, time: 1)
            return batch.byteCount
        }
        // Of sealed segments only both ends are looked at: a batch each.
        let perSegment = segmentByteCount / 350
        for _ in 1..<max(2, megabytes * 1_000_000 / segmentByteCount) { _ = try append(perSegment) }
        var size = try append(tail.eventsPerBatch)
        let stale = try StoreFiles.contents(path + "/HEAD")
        while size < segmentByteCount - (1 << 20) { size += try append(tail.eventsPerBatch) }
        try StoreFiles.overwrite(path + "/HEAD", stale)
        kill(getpid(), SIGKILL)
        exit(1)
    }
}
