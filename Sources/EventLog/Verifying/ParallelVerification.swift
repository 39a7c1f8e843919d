internal import Dispatch
internal import Synchronization

/// Checks segments side by side: none needs another but for the joins, which come after.
final class ParallelVerification: Sendable {
    /// What the check of one segment came to.
    struct Outcome: Sendable {
        var start: SegmentStart?
        var check: SegmentCheck?
        var error: LogError?
    }

    private let segments: [SegmentTask]
    private let outcomes: Mutex<[Outcome?]>
    private let next = Atomic(0)
    private let progress: VerifyProgressTracker

    init(_ segments: [SegmentTask], progress: VerifyProgressTracker) {
        self.segments = segments
        self.progress = progress
        outcomes = Mutex(Array(repeating: nil, count: segments.count))
    }

    /// Checks all, `jobs` at a time; one outcome a segment, in their order.
    func run(jobs: Int) -> [Outcome] {
        let workers = max(1, min(jobs, segments.count))
        DispatchQueue.concurrentPerform(iterations: workers) { _ in
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < segments.count else { return }
                let outcome = segments[index].run(progress)
                outcomes.withLock { $0[index] = outcome }
            }
        }
        return outcomes.withLock { $0.compactMap { $0 } }
    }
}

/// One segment to check: all that is known of it before it is opened.
struct SegmentTask: Sendable {
    let search: DurableEndSearch
    let base: UInt64
    /// The position after the last event that must be in it.
    let end: UInt64
    let isLast: Bool
    /// The offset up to which HEAD says that it is durable.
    let promised: UInt64

    /// Opens and checks it; whatever goes wrong is in the outcome.
    func run(_ progress: VerifyProgressTracker) -> ParallelVerification.Outcome {
        var outcome = ParallelVerification.Outcome()
        do throws(LogError) {
            let file = try SegmentFile.open(
                search.directory,
                base: base,
                storeID: search.storeID,
                storage: search.storage
            )
            outcome.start = file.start
            var check = SegmentVerification(
                file: file,
                end: end,
                isLast: isLast,
                promised: promised,
                progress: progress
            )
            try check.run()
            outcome.check = check.result
        } catch {
            outcome.error = error
        }
        return outcome
    }
}

/// Counts the bytes that were checked, for all workers.
final class VerifyProgressTracker: Sendable {
    /// A report is worth the call after so many bytes.
    private static let stepByteCount: UInt64 = 1 << 20

    private struct Count {
        var done: UInt64 = 0
        var reported: UInt64 = 0
    }

    private let total: UInt64
    private let count = Mutex(Count())
    private let report: (@Sendable (VerifyProgress) -> Void)?

    init(total: UInt64, _ report: (@Sendable (VerifyProgress) -> Void)?) {
        self.total = total
        self.report = report
    }

    /// Adds checked bytes; tells the caller, one call at a time, when it is worth it.
    func add(_ byteCount: UInt64) {
        guard let report else { return }
        count.withLock { count in
            // A segment may have grown since the total was taken.
            count.done = min(total, count.done + byteCount)
            guard count.done - count.reported >= Self.stepByteCount else { return }
            count.reported = count.done
            report(VerifyProgress(done: count.done, total: total))
        }
    }

    /// Tells the caller that all is done.
    func finish() {
        guard let report else { return }
        count.withLock { count in
            guard count.reported < total else { return }
            count.reported = total
            report(VerifyProgress(done: total, total: total))
        }
    }
}
