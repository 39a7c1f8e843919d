import EventLog

/// A batch as few small numbers, so that a failing sequence can be printed, pasted and shrunk.
struct BatchPlan: Hashable, Sendable {
    /// What its events look like.
    enum Shape: String, CaseIterable, Sendable {
        case ordinary, empty, huge, tooLong
    }

    var events = 1
    var shape = Shape.ordinary
    /// Where in the endless row of sample events it begins.
    var seed = 0
    var isCompressed = false
    var run = 0
    var producer = 0
    var sequence = 0
    /// Seconds since 1970; later batches may be earlier.
    var time = 0
    /// Where its segment begins, if that was written outside of the store: no cause is before.
    var base = 0

    static func random(_ generator: inout SeededGenerator) -> BatchPlan {
        func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &generator) }
        let shapes: [Shape] = [.ordinary, .ordinary, .ordinary, .ordinary, .empty, .huge]
        return BatchPlan(
            events: number(0..<30) == 0 ? 0 : number(1..<7),
            shape: number(0..<40) == 0
                ? .tooLong : shapes.randomElement(using: &generator) ?? .empty,
            seed: number(0..<40),
            isCompressed: number(0..<2) == 0,
            run: number(0..<2),
            producer: number(0..<3),
            sequence: number(0..<8),
            time: number(0..<50)
        )
    }

    /// Plans that are less, most of all first.
    var simpler: [BatchPlan] {
        var plans: [BatchPlan] = []
        func add(_ path: WritableKeyPath<BatchPlan, Int>) {
            for value in self[keyPath: path].smaller {
                var plan = self
                plan[keyPath: path] = value
                plans.append(plan)
            }
        }
        for path in [\BatchPlan.events, \.seed, \.run, \.producer, \.sequence, \.time] {
            add(path)
        }
        if shape != .ordinary {
            var plan = self
            plan.shape = .ordinary
            plans.append(plan)
        }
        if isCompressed {
            var plan = self
            plan.isCompressed = false
            plans.append(plan)
        }
        return plans
    }

    var runName: String { run == 0 ? "" : "run-\(run)" }
    var microseconds: UInt64 { UInt64(time) * 1_000_000 }

    /// Its events if it begins at a position.
    func sampleEvents(at first: Int) -> [SampleEvent] {
        (0..<events).map { index in
            var event = Sample.event(seed + index)
            switch shape {
            case .ordinary: break
            case .empty:
                event.stream = ""
                event.type = ""
                event.stage = ""
                event.facts = []
                event.content = index % 2 == 0 ? nil : []
            case .huge:
                event.stream = String(repeating: "s", count: 4096)
                event.type = String(repeating: "t", count: 1024)
                event.facts = [UInt8](repeating: UInt8(index), count: 3000)
                event.content = (0..<9000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 5) }
            case .tooLong: event.stage = String(repeating: "x", count: 1025)
            }
            // Nothing is appended after an event that is refused: no cause before it then.
            event.causeDistance =
                shape == .tooLong
                ? 0 : min(UInt64((seed + index) % 5), UInt64(first + index - base))
            return event
        }
    }

    /// The batch as the writer takes it.
    func encoded(at first: Int) throws(LogError) -> EncodedBatch {
        try Sample.builder(
            first: EventPosition(UInt64(first)),
            sampleEvents(at: first),
            run: runName,
            producer: UInt64(producer),
            sequence: UInt64(sequence)
        ).encode(compression: isCompressed ? .fast : .none)
    }
}

extension BatchPlan: CustomStringConvertible {
    /// As Swift, without what is as usual.
    var description: String {
        var fields = ["events: \(events)"]
        if shape != .ordinary { fields.append("shape: .\(shape.rawValue)") }
        if seed != 0 { fields.append("seed: \(seed)") }
        if isCompressed { fields.append("isCompressed: true") }
        if run != 0 { fields.append("run: \(run)") }
        if producer != 0 { fields.append("producer: \(producer)") }
        if sequence != 0 { fields.append("sequence: \(sequence)") }
        if time != 0 { fields.append("time: \(time)") }
        return "BatchPlan(\(fields.joined(separator: ", ")))"
    }
}

extension Int {
    /// Numbers nearer to zero, the nearest first.
    var smaller: [Int] {
        guard self != 0 else { return [] }
        var numbers = [0]
        for number in [self / 2, self - signum()] where !numbers.contains(number) {
            numbers.append(number)
        }
        return numbers
    }
}
