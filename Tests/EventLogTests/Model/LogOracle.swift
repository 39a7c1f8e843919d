import EventLog

/// An event with all that a reader shows of it.
struct SeenEvent: Hashable, Sendable {
    var position: Int
    var time: UInt64
    var run: String
    var event: SampleEvent
}

/// Where a batch lies.
struct SeenBatch: Hashable, Sendable {
    var first: Int
    var count: Int
    var time: UInt64
}

/// What a call gives.
enum Answer: Hashable, Sendable {
    case position(Int)
    case refused(LogError.Code)
}

/// What a log should answer, from another store than the log.
protocol LogOracle: AnyObject {
    /// The position after the last event.
    var end: Int { get }
    /// The positions at which a batch ends.
    var boundaries: Set<Int> { get }
    /// The newest batch of a producer.
    func newest(producer: Int) -> (sequence: Int, position: Int)?
    /// Takes a batch in at the end.
    func take(_ plan: BatchPlan)
    /// The positions of all erased events.
    var erased: Set<Int> { get }
    /// Erases events; some may be erased already.
    func erase(_ positions: Set<Int>)
    /// The events of a range, from batches that hold any of the types.
    func events(from: Int, until: Int, types: Set<String>?) -> [SeenEvent]
    /// The batch that holds a position.
    func batch(holding position: Int) -> SeenBatch?
    /// The first position before `end` that was committed after a time.
    func position(after time: UInt64, end: Int) -> Int
}

extension LogOracle {
    /// What appending gives; changes nothing.
    func answer(to plan: BatchPlan, at first: Int) -> Answer {
        if plan.shape == .tooLong, plan.events > 0 { return .refused(.limitExceeded) }
        if plan.events == 0 { return .refused(.emptyBatch) }
        if plan.producer != 0, let newest = newest(producer: plan.producer) {
            if plan.sequence < newest.sequence { return .refused(.staleSequence) }
            if plan.sequence == newest.sequence { return .position(newest.position) }
        }
        return first == end ? .position(first) : .refused(.wrongPosition)
    }
}

/// The obvious thing: an array of batches.
final class ArrayOracle: LogOracle {
    private var batches: [(first: Int, plan: BatchPlan)] = []
    private(set) var end = 0
    private(set) var erased: Set<Int> = []

    func erase(_ positions: Set<Int>) { erased.formUnion(positions) }

    var boundaries: Set<Int> { Set(batches.map { $0.first + $0.plan.events } + [0]) }

    func newest(producer: Int) -> (sequence: Int, position: Int)? {
        batches.last { $0.plan.producer == producer }.map { ($0.plan.sequence, $0.first) }
    }

    func take(_ plan: BatchPlan) {
        batches.append((end, plan))
        end += plan.events
    }

    func events(from: Int, until: Int, types: Set<String>?) -> [SeenEvent] {
        var seen: [SeenEvent] = []
        for (first, plan) in batches where first < until && first + plan.events > from {
            let events = plan.sampleEvents(at: first)
            if let types, types.isDisjoint(with: events.map(\.type)) { continue }
            for (index, event) in events.enumerated()
            where (from..<max(from, until)).contains(first + index) {
                seen.append(
                    SeenEvent(
                        position: first + index,
                        time: plan.microseconds,
                        run: plan.runName,
                        event: erased.contains(first + index) ? ErasedStore.erased(event) : event
                    )
                )
            }
        }
        return seen
    }

    func batch(holding position: Int) -> SeenBatch? {
        batches.first { ($0.first..<$0.first + $0.plan.events).contains(position) }
            .map { SeenBatch(first: $0.first, count: $0.plan.events, time: $0.plan.microseconds) }
    }

    func position(after time: UInt64, end: Int) -> Int {
        batches.first { $0.first < end && $0.plan.microseconds > time }?.first ?? end
    }
}
