import EventLog
import Testing

/// A power loss at every system call, in every combination of what was not synced.
///
/// `ANNALS_CRASH_STATES` is how many states of interrupted recoveries each scenario adds to those
/// of the work itself, which are all tried.
@Suite("Power loss at every call")
struct CrashTests {
    private static let nestedCount = loopCount("ANNALS_CRASH_STATES", default: 120)

    /// What was found in the states of a scenario.
    private struct Tally {
        var states = CrashStates(seed: 1)
        var checked = [0, 0, 0]
        var faults: [String] = []

        /// Checks a state; returns the tail that its recovery put into quarantine.
        mutating func check(_ state: CrashStates.State, depth: Int, tail: [UInt8]?) -> [UInt8]? {
            checked[depth] += 1
            do throws(CrashCheck.Fault) {
                let promise = state.moment.promise
                return try CrashCheck(image: state.image, promise: promise, tail: tail).run()
            } catch {
                let place = "after \(state.moment.call), \(state.moment.promise)"
                faults.append("depth \(depth), \(place): \(error.what)")
                return nil
            }
        }

        /// "N of N", and the check that it is so.
        func publish(_ scenario: CrashScenario, _ what: String) {
            let count = checked.reduce(0, +)
            let depths = checked.filter { $0 > 0 }.map(String.init).joined(separator: " + ")
            let sound = "\(count - faults.count) of \(count) (\(depths))"
            print("crash states: \(scenario.name): \(sound); \(what)")
            #expect(faults.isEmpty, "\(faults.count) of \(count): \(faults.prefix(5))")
        }

        /// Opens the store of a state, and loses power again at each call of that.
        mutating func interrupt(_ state: CrashStates.State, depth: Int, tail: [UInt8]?, limit: Int)
        {
            let storage = CrashStorage(state.image, promise: state.moment.promise)
            _ = try? EventLogWriter.open(
                CrashCheck.store,
                storage: storage,
                options: CrashCheck.options
            )
            let again = states.states(of: storage.moments, things: 6, samples: 4)
            let stride = max(1, again.count / max(1, limit))
            for (index, state) in again.enumerated() where index % stride == 0 {
                let kept = check(state, depth: depth, tail: tail)
                if depth == 1, index % (stride * 4) == 0 {
                    interrupt(state, depth: 2, tail: kept, limit: limit / 4)
                }
            }
        }
    }

    @Test("loses nothing acknowledged and leaves no half batch", arguments: CrashScenario.all)
    func everyCall(scenario: CrashScenario) throws {
        let (image, acknowledged) = try scenario.start.made()
        let promise = CrashStorage.Promise(acknowledged: acknowledged, attempted: acknowledged)
        let storage = CrashStorage(image, promise: promise)
        try scenario.work(storage)

        var tally = Tally()
        let states = tally.states.states(of: storage.moments, things: 10, samples: 128)
        // Recoveries that are interrupted themselves: of states from all over the work.
        let interrupted = min(states.count, max(1, Self.nestedCount / 40))
        for state in states {
            let tail = tally.check(state, depth: 0, tail: nil)
            if state.number * interrupted / states.count
                != (state.number + 1) * interrupted / states.count
            {
                tally.interrupt(state, depth: 1, tail: tail, limit: 20)
            }
        }
        tally.publish(
            scenario,
            "\(storage.moments.count) of \(storage.callCount) calls change the disk"
        )
        #expect(tally.checked.allSatisfy { $0 > 0 })
    }

    @Test(
        "after a killed process loses nothing that the next one found",
        arguments: CrashScenario.all
    )
    func killedBefore(scenario: CrashScenario) throws {
        let (image, acknowledged) = try scenario.start.made()
        let promise = CrashStorage.Promise(acknowledged: acknowledged, attempted: acknowledged)
        let whole = CrashStorage(image, promise: promise)
        try scenario.work(whole)

        var tally = Tally()
        for call in 0..<whole.callCount {
            let storage = CrashStorage(image, promise: promise)
            storage.kill(at: call)
            #expect(throws: LogError.self) { try scenario.work(storage) }
            storage.restart()
            let writer = try CrashScenario.open(storage)
            try CrashScenario.append(writer, storage)
            let states = tally.states.states(of: storage.moments, things: 4, samples: 2)
            let stride = max(1, states.count * 30 / max(1, Self.nestedCount))
            for (index, state) in states.enumerated() where index % stride == 0 {
                _ = tally.check(state, depth: 0, tail: nil)
            }
        }
        tally.publish(scenario, "after a process killed at each of \(whole.callCount) calls")
    }
}
