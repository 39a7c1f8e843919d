import EventLog

/// Erases every so-manieth event, killed at a call of that or not.
struct Erase: ModelCommand {
    var first = 0
    var step = 1
    /// The call of erasing at which the process is killed; nil if it is not.
    var calls: Int?

    static func random(_ generator: inout SeededGenerator) -> Erase {
        let isKilled = Int.random(in: 0..<2, using: &generator) == 0
        return Erase(
            first: Int.random(in: 0..<9, using: &generator),
            step: Int.random(in: 1..<15, using: &generator),
            calls: isKilled ? Int.random(in: 0..<60, using: &generator) : nil
        )
    }

    var simpler: [any ModelCommand] {
        var erasures: [Erase] = []
        if let calls {
            erasures.append(Erase(first: first, step: step))
            erasures += calls.smaller.map { Erase(first: first, step: step, calls: $0) }
        }
        return erasures + first.smaller.map { Erase(first: $0, step: step, calls: calls) }
    }
    var description: String {
        "Erase(first: \(first), step: \(step)\(calls.map { ", calls: \($0)" } ?? ""))"
    }

    func run(in world: ModelWorld) throws {
        guard let writer = world.writer, try !world.segments().isEmpty else { return }
        let chosen = Set(stride(from: first, to: try world.end(), by: step))
        let before = try world.ask("what is erased") { $0.erased }
        if let calls { world.storage.kill(after: calls, writesHalf: false) }
        var report: ErasureReport?
        var isTight = false
        do throws(LogError) {
            report = try writer.erase(Set(chosen.map { EventPosition(UInt64($0)) }))
        } catch {
            // These events are so small that the rest may compress worse without them.
            isTight = error.code == .limitExceeded
        }
        if calls != nil {
            world.storage.restart()
            world.writer = nil
        }
        world.isChanged = true
        let verified = try LogVerifier.verify(world.directory, storage: world.storage)
        let after = Set(verified.erased.map { Int($0.rawValue) })
        if let report {
            try world.expect(after, before.union(chosen), "\(self)")
            let news = report.events.map { Int($0.rawValue) }
            try world.expect(news, chosen.subtracting(before).sorted(), "\(self)")
        } else {
            try world.expect(calls == nil && !isTight, false, "an erasure fails of itself")
            try world.expect(before.isSubset(of: after), true, "what was erased stays so")
            try world.expect(after.isSubset(of: before.union(chosen)), true, "\(self)")
        }
        for oracle in world.oracles { oracle.erase(after) }
    }
}
