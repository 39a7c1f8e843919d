import EventLog

/// Writes a segment outside of the store and joins it, killed at a call of joining or not.
struct Join: ModelCommand {
    var plans: [BatchPlan]
    /// The call of joining at which the process is killed; nil if it is not.
    var calls: Int?
    var writesHalf = false

    static func random(_ generator: inout SeededGenerator) -> Join {
        let count = Int.random(in: 1...4, using: &generator)
        let isKilled = Int.random(in: 0..<3, using: &generator) == 0
        return Join(
            plans: (0..<count).map { _ in .random(&generator) },
            calls: isKilled ? Int.random(in: 0..<24, using: &generator) : nil,
            writesHalf: Bool.random(using: &generator)
        )
    }

    var simpler: [any ModelCommand] {
        var joins: [Join] = []
        if let calls {
            joins.append(Join(plans: plans))
            joins += calls.smaller.map { Join(plans: plans, calls: $0, writesHalf: writesHalf) }
        }
        if writesHalf { joins.append(Join(plans: plans, calls: calls)) }
        for index in plans.indices {
            var fewer = self
            fewer.plans.remove(at: index)
            if !fewer.plans.isEmpty { joins.append(fewer) }
            joins += plans[index].simpler.map { plan in
                var join = self
                join.plans[index] = plan
                return join
            }
        }
        return joins
    }
    var description: String {
        let end = calls.map { ", calls: \($0), writesHalf: \(writesHalf)" } ?? ""
        return "Join(plans: \(plans)\(end))"
    }

    func run(in world: ModelWorld) throws {
        guard let writer = world.writer else { return }
        world.segmentsWritten += 1
        let path = "\(world.directory)-segment-\(world.segmentsWritten)"
        guard let taken = try write(path, world) else { return }
        let end = try world.end()
        let expected = try self.answer(to: taken, world)
        let joined = taken.map { plan in
            var plan = plan
            plan.base = end
            return plan
        }
        if let calls { world.storage.kill(after: calls, writesHalf: writesHalf) }
        let answer = try ModelWorld.answer { try writer.adopt(segmentAt: path) }
        world.isChanged = true
        if calls != nil {
            world.storage.restart()
            world.writer = nil
            if answer == .refused(.inputOutput) {
                world.pending = expected == .position(end) ? joined : []
                return
            }
        }
        try world.expect(answer, expected, "\(self)")
        guard expected == .position(end) else { return }
        for plan in joined { try world.take(plan) }
        guard world.writer != nil else { return }
        try world.expect(Int(writer.nextPosition.rawValue), try world.end(), "next position")
        let again = try ModelWorld.answer { try writer.adopt(segmentAt: path) }
        try world.expect(again, .position(end), "joined again")
    }

    /// Writes the segment, with an oracle beside; nil if no batch was taken.
    private func write(_ path: String, _ world: ModelWorld) throws -> [BatchPlan]? {
        let oracle = ArrayOracle()
        var taken: [BatchPlan] = []
        var segment = try DetachedSegmentWriter.create(path, storage: world.storage)
        for plan in plans {
            let first = oracle.end
            let expected = oracle.answer(to: plan, at: first)
            let answer: Answer
            do throws(LogError) {
                let batch = try plan.encoded(at: first)
                answer = .position(Int(try segment.append(batch, time: plan.microseconds).rawValue))
            } catch {
                answer = .refused(error.code)
            }
            try world.expect(answer, expected, "appending to a segment, \(plan)")
            if expected == .position(first) {
                oracle.take(plan)
                taken.append(plan)
            }
        }
        do throws(LogError) {
            try segment.seal()
        } catch {
            try world.expect(error.code, .emptyBatch, "sealing a segment without events")
        }
        return taken.isEmpty ? nil : taken
    }

    /// What joining such a segment gives.
    private func answer(to plans: [BatchPlan], _ world: ModelWorld) throws -> Answer {
        for plan in plans where plan.producer != 0 {
            let newest = try world.ask("the newest of \(plan.producer)") {
                $0.newest(producer: plan.producer)?.sequence
            }
            if let newest, plan.sequence <= newest { return .refused(.staleSequence) }
        }
        return .position(try world.end())
    }
}
