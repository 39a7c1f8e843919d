import EventLog

/// Opens a reader, which is kept.
struct OpenReader: ModelCommand {
    var reader = 0

    static func random(_ generator: inout SeededGenerator) -> OpenReader {
        OpenReader(reader: Int.random(in: 0..<2, using: &generator))
    }

    var simpler: [any ModelCommand] { reader.smaller.map { OpenReader(reader: $0) } }
    var description: String { "OpenReader(reader: \(reader))" }

    func run(in world: ModelWorld) throws {
        world.readers[reader] = nil
        _ = try world.reader(reader)
    }
}

/// Lets a kept reader see what is new.
struct Refresh: ModelCommand {
    var reader = 0

    static func random(_ generator: inout SeededGenerator) -> Refresh {
        Refresh(reader: Int.random(in: 0..<2, using: &generator))
    }

    var simpler: [any ModelCommand] { reader.smaller.map { Refresh(reader: $0) } }
    var description: String { "Refresh(reader: \(reader))" }

    func run(in world: ModelWorld) throws {
        guard var held = world.readers[reader] else { return }
        try held.reader.refresh()
        try world.settle(Int(held.reader.end.rawValue), atLeast: held.end)
        held.end = Int(held.reader.end.rawValue)
        world.readers[reader] = held
    }
}

/// Reads a range of events with a kept reader.
struct Scan: ModelCommand {
    var reader = 0
    var from = 0
    /// None for the reader's end.
    var until: Int?
    /// Numbers of ``typeNames``; none for all types.
    var types: [Int]?
    var content = false

    static let typeNames = Sample.types + ["", String(repeating: "t", count: 1024), "never"]

    static func random(_ generator: inout SeededGenerator) -> Scan {
        func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &generator) }
        return Scan(
            reader: number(0..<2),
            from: number(0..<2) == 0 ? 0 : number(0..<40),
            until: number(0..<2) == 0 ? nil : number(0..<45),
            types: number(0..<2) == 0 ? nil : (0..<number(0..<3)).map { _ in number(0..<7) },
            content: number(0..<2) == 0
        )
    }

    var simpler: [any ModelCommand] {
        var scans: [Scan] = []
        func add(_ change: (inout Scan) -> Void) {
            var scan = self
            change(&scan)
            scans.append(scan)
        }
        for value in reader.smaller { add { $0.reader = value } }
        for value in from.smaller { add { $0.from = value } }
        if until != nil { add { $0.until = nil } }
        for value in until?.smaller ?? [] { add { $0.until = value } }
        if types != nil { add { $0.types = nil } }
        if let types, types.count > 1 {
            for index in types.indices { add { $0.types?.remove(at: index) } }
        }
        if content { add { $0.content = false } }
        return scans
    }

    var description: String {
        var fields = ["reader: \(reader)"]
        if from != 0 { fields.append("from: \(from)") }
        if let until { fields.append("until: \(until)") }
        if let types { fields.append("types: \(types)") }
        if content { fields.append("content: true") }
        return "Scan(\(fields.joined(separator: ", ")))"
    }

    func run(in world: ModelWorld) throws {
        guard let held = try world.reader(reader) else { return }
        let names = types.map { Set($0.map { Self.typeNames[$0] }) }
        let seen = try ModelWorld.read(
            held.reader,
            from: from,
            until: until,
            types: names,
            content: content
        )
        let end = min(until ?? held.end, held.end)
        var expected = try world.ask("\(self)") {
            $0.events(from: from, until: end, types: names)
        }
        if !content {
            for index in expected.indices { expected[index].event.content = nil }
        }
        try world.expect(seen.events, expected, "\(self)")
        let batches = try world.ask("batches of \(self)") { oracle in
            Set(expected.compactMap { oracle.batch(holding: $0.position)?.first }).sorted()
        }
        try world.expect(seen.batches, batches, "batches of \(self)")
    }
}

/// Looks up one event with a kept reader.
struct LookUpEvent: ModelCommand {
    var reader = 0
    var position = 0

    static func random(_ generator: inout SeededGenerator) -> LookUpEvent {
        LookUpEvent(
            reader: Int.random(in: 0..<2, using: &generator),
            position: Int.random(in: 0..<40, using: &generator)
        )
    }

    var simpler: [any ModelCommand] {
        reader.smaller.map { LookUpEvent(reader: $0, position: position) }
            + position.smaller.map { LookUpEvent(reader: reader, position: $0) }
    }
    var description: String { "LookUpEvent(reader: \(reader), position: \(position))" }

    func run(in world: ModelWorld) throws {
        guard let held = try world.reader(reader) else { return }
        let at = EventPosition(UInt64(position))
        guard position < held.end else {
            let answer = try ModelWorld.answer { try held.reader.record(at: at).record.position }
            return try world.expect(answer, .refused(.noSuchPosition), "\(self)")
        }
        let found = try held.reader.record(at: at)
        let expected = try world.ask("\(self)") {
            $0.events(from: position, until: position + 1, types: nil)
        }
        let cause = found.record.cause.map { at.rawValue - $0.rawValue }
        let event = SampleEvent(
            stream: found.stream,
            version: found.record.streamVersion,
            type: found.type,
            schema: found.record.schemaVersion,
            stage: found.stage,
            causeDistance: cause ?? 0,
            facts: found.facts,
            content: found.content
        )
        let seen = SeenEvent(position: position, time: found.time, run: found.run, event: event)
        try world.expect([seen], expected, "\(self)")
    }
}

/// Looks up the batch of an event with a kept reader.
struct LookUpBatch: ModelCommand {
    var reader = 0
    var position = 0

    static func random(_ generator: inout SeededGenerator) -> LookUpBatch {
        LookUpBatch(
            reader: Int.random(in: 0..<2, using: &generator),
            position: Int.random(in: 0..<40, using: &generator)
        )
    }

    var simpler: [any ModelCommand] {
        reader.smaller.map { LookUpBatch(reader: $0, position: position) }
            + position.smaller.map { LookUpBatch(reader: reader, position: $0) }
    }
    var description: String { "LookUpBatch(reader: \(reader), position: \(position))" }

    func run(in world: ModelWorld) throws {
        guard let held = try world.reader(reader) else { return }
        let at = EventPosition(UInt64(position))
        guard position < held.end else {
            let answer = try ModelWorld.answer {
                try held.reader.batch(holding: at).firstPosition
            }
            return try world.expect(answer, .refused(.noSuchPosition), "\(self)")
        }
        let found = try held.reader.batch(holding: at)
        let seen = SeenBatch(
            first: Int(found.firstPosition.rawValue),
            count: found.count,
            time: found.time
        )
        let expected = try world.ask("\(self)") { $0.batch(holding: position) }
        try world.expect(seen, expected, "\(self)")
    }
}

/// Looks up what was committed after a time with a kept reader.
struct LookUpTime: ModelCommand {
    var reader = 0
    var time = 0

    static func random(_ generator: inout SeededGenerator) -> LookUpTime {
        LookUpTime(
            reader: Int.random(in: 0..<2, using: &generator),
            time: Int.random(in: 0..<52, using: &generator)
        )
    }

    var simpler: [any ModelCommand] {
        reader.smaller.map { LookUpTime(reader: $0, time: time) }
            + time.smaller.map { LookUpTime(reader: reader, time: $0) }
    }
    var description: String { "LookUpTime(reader: \(reader), time: \(time))" }

    func run(in world: ModelWorld) throws {
        guard let held = try world.reader(reader) else { return }
        let microseconds = UInt64(time) * 1_000_000
        let found = try held.reader.position(after: microseconds)
        let expected = try world.ask("\(self)") {
            $0.position(after: microseconds, end: held.end)
        }
        try world.expect(Int(found.rawValue), expected, "\(self)")
    }
}

/// Checks every byte.
struct Verify: ModelCommand {
    static func random(_ generator: inout SeededGenerator) -> Verify { Verify() }
    var description: String { "Verify()" }

    func run(in world: ModelWorld) throws {
        guard try !world.segments().isEmpty else { return }
        let report = try LogVerifier.verify(world.directory, storage: world.storage)
        let damage = report.damage.filter { !(world.isHeadDamaged && $0.segment == "HEAD") }
        try world.expect(damage, [], "damage")
        let end = try world.end()
        let whole = end + world.pendingCount
        guard report.events == end || report.events == whole else {
            throw Mismatch(description: "verify counts \(report.events) events of \(end)")
        }
        if !world.isTorn, world.pending.isEmpty {
            try world.expect(report.unacknowledgedBytes, 0, "bytes after the log")
        }
    }
}
