import EventLog

/// Opens the store for writing; refused while it is open.
struct Open: ModelCommand {
    var segmentByteLimit = 1 << 20

    static func random(_ generator: inout SeededGenerator) -> Open {
        let limits = [1, 5000, 6000, 9000, 20_000, 1 << 20]
        return Open(segmentByteLimit: limits.randomElement(using: &generator) ?? 1)
    }

    var simpler: [any ModelCommand] { segmentByteLimit == 1 << 20 ? [] : [Open()] }
    var description: String { "Open(segmentByteLimit: \(segmentByteLimit))" }

    func run(in world: ModelWorld) throws {
        let options = LogOptions(segmentByteLimit: UInt64(segmentByteLimit))
        if world.writer != nil {
            let answer = try ModelWorld.answer {
                try EventLogWriter.open(world.directory, storage: world.storage, options: options)
                    .nextPosition
            }
            return try world.expect(answer, .refused(.locked), "a second writer")
        }
        let last = try world.segments().last
        let before = try last.map(world.bytes)
        let writer = try EventLogWriter.open(
            world.directory,
            storage: world.storage,
            options: options
        )
        world.writer = writer
        try settlePending(Int(writer.nextPosition.rawValue), world)
        if let last, let before { try compareTail(last, before, writer.recovery, world) }
        world.isHeadDamaged = false
        world.isTorn = false
        world.isChanged = true
    }

    /// What has no answer is there whole or not at all.
    private func settlePending(_ next: Int, _ world: ModelWorld) throws {
        let end = try world.end()
        if next == end + world.pendingCount { return try world.takePending() }
        world.pending = []
        try world.expect(next, end, "the log is opened at")
    }

    /// What was cut is in quarantine, and what was not cut is as it was.
    private func compareTail(
        _ path: String,
        _ before: [UInt8],
        _ recovery: RecoveryReport?,
        _ world: ModelWorld
    ) throws {
        guard let recovery else {
            try world.expect(world.isTorn, false, "a torn tail went unnoticed, as")
            return try world.expect(try world.bytes(of: path) == before, true, "segment kept")
        }
        let cut = try world.bytes(of: world.directory + "/" + recovery.quarantine)
        let kept = Array(before.prefix(Int(recovery.offset)))
        try world.expect(cut == Array(before.dropFirst(kept.count)), true, "tail in quarantine")
        try world.expect(
            try world.bytes(of: path).prefix(kept.count).elementsEqual(kept),
            true,
            "segment kept before its tail"
        )
    }
}

/// Appends a batch, `offset` events from where the log ends.
struct Append: ModelCommand {
    var plan: BatchPlan
    var offset = 0

    static func random(_ generator: inout SeededGenerator) -> Append {
        let isWrong = Int.random(in: 0..<12, using: &generator) == 0
        return Append(
            plan: .random(&generator),
            offset: isWrong ? Int.random(in: -3...3, using: &generator) : 0
        )
    }

    var simpler: [any ModelCommand] {
        plan.simpler.map { Append(plan: $0, offset: offset) }
            + offset.smaller.map { Append(plan: plan, offset: $0) }
    }
    var description: String {
        "Append(plan: \(plan)\(offset == 0 ? "" : ", offset: \(offset)"))"
    }

    func run(in world: ModelWorld) throws {
        guard let writer = world.writer else { return }
        let end = try world.end()
        let first = max(0, end + offset)
        let expected = try world.ask("\(self)") { $0.answer(to: plan, at: first) }
        let answer = try ModelWorld.answer {
            try writer.append(try plan.encoded(at: first), time: plan.microseconds)
        }
        try world.expect(answer, expected, "\(self)")
        if expected == .position(end) { try world.take(plan) }
        try world.expect(Int(writer.nextPosition.rawValue), try world.end(), "next position")
    }
}

/// Appends a batch and is killed at a call of that.
struct KilledAppend: ModelCommand {
    var plan: BatchPlan
    var calls = 0
    var writesHalf = false

    static func random(_ generator: inout SeededGenerator) -> KilledAppend {
        KilledAppend(
            plan: .random(&generator),
            calls: Int.random(in: 0..<14, using: &generator),
            writesHalf: Bool.random(using: &generator)
        )
    }

    var simpler: [any ModelCommand] {
        let others: [any ModelCommand] = [Close(), Append(plan: plan)]
        return others
            + plan.simpler.map { KilledAppend(plan: $0, calls: calls, writesHalf: writesHalf) }
            + calls.smaller.map { KilledAppend(plan: plan, calls: $0, writesHalf: writesHalf) }
            + (writesHalf ? [KilledAppend(plan: plan, calls: calls)] : [])
    }
    var description: String {
        "KilledAppend(plan: \(plan), calls: \(calls), writesHalf: \(writesHalf))"
    }

    func run(in world: ModelWorld) throws {
        guard let writer = world.writer else { return }
        let end = try world.end()
        let expected = try world.ask("\(self)") { $0.answer(to: plan, at: end) }
        world.storage.kill(after: calls, writesHalf: writesHalf)
        let answer = try ModelWorld.answer {
            try writer.append(try plan.encoded(at: end), time: plan.microseconds)
        }
        world.storage.restart()
        world.writer = nil
        world.isChanged = true
        if answer == .refused(.inputOutput), expected == .position(end) {
            world.pending = [plan]
        } else {
            try world.expect(answer, expected, "\(self)")
            if expected == .position(end) { try world.take(plan) }
        }
    }
}

/// Closes the log.
struct Close: ModelCommand {
    static func random(_ generator: inout SeededGenerator) -> Close { Close() }
    var description: String { "Close()" }

    func run(in world: ModelWorld) throws {
        guard let writer = world.writer else { return }
        writer.close()
        world.writer = nil
        let answer = try ModelWorld.answer {
            try writer.append(
                try BatchPlan().encoded(at: try world.end()),
                time: 0
            )
        }
        try world.expect(answer, .refused(.closed), "appending to a closed log")
    }
}
