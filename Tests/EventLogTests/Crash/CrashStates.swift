import EventLog

/// Goes through the states that power losses during a piece of work can leave.
struct CrashStates {
    /// A state and what led to it.
    struct State {
        let image: CrashImage
        let moment: CrashStorage.Moment
        /// The number of the state, of all that were shown.
        let number: Int
    }

    private var generator: SeededGenerator
    private var seen: Set<Int> = []
    /// How many different states were shown.
    private(set) var count = 0

    init(seed: UInt64) {
        generator = SeededGenerator(state: seed)
    }

    /// The different states of all moments that were not shown before.
    ///
    /// Each mask of kept and lost things where there are at most `things` of them, samples
    /// otherwise; and `samples` with older versions, torn sectors and any filling.
    mutating func states(
        of moments: [CrashStorage.Moment],
        things: Int,
        samples: Int
    ) -> [State] {
        var states: [State] = []
        for moment in moments {
            let unsynced = moment.disk.unsynced
            if unsynced.count <= things {
                for mask in 0..<1 << unsynced.count {
                    let filling = CrashDisk.Filling.allCases[mask % 3]
                    let image = moment.disk.image(filling: filling, Self.keeping(mask, unsynced))
                    add(image, moment, to: &states)
                }
            }
            guard !unsynced.isEmpty else { continue }
            for _ in 0..<(unsynced.count <= things ? samples : samples * 2) {
                let filling = CrashDisk.Filling.allCases.randomElement(using: &generator)
                let image = moment.disk.image(filling: filling ?? .zeros, random(unsynced))
                add(image, moment, to: &states)
            }
        }
        return states
    }

    /// The newest version of each thing whose bit is set.
    private static func keeping(
        _ mask: Int,
        _ things: [(thing: CrashDisk.Unsynced, versions: Int)]
    ) -> [CrashDisk.Unsynced: CrashDisk.Fate] {
        var fates: [CrashDisk.Unsynced: CrashDisk.Fate] = [:]
        for (index, (thing, versions)) in things.enumerated() where mask >> index & 1 == 1 {
            fates[thing] = CrashDisk.Fate(version: versions - 1)
        }
        return fates
    }

    private mutating func random(
        _ things: [(thing: CrashDisk.Unsynced, versions: Int)]
    ) -> [CrashDisk.Unsynced: CrashDisk.Fate] {
        var fates: [CrashDisk.Unsynced: CrashDisk.Fate] = [:]
        for (thing, versions) in things {
            fates[thing] = CrashDisk.Fate(
                version: Int.random(in: 0..<versions, using: &generator),
                byteCount: Int.random(in: 0..<3, using: &generator) == 0
                    ? Int.random(in: 1..<512, using: &generator) : 512
            )
        }
        return fates
    }

    private mutating func add(
        _ image: CrashImage,
        _ moment: CrashStorage.Moment,
        to states: inout [State]
    ) {
        var hasher = Hasher()
        hasher.combine(image)
        hasher.combine(moment.promise)
        guard seen.insert(hasher.finalize()).inserted else { return }
        states.append(State(image: image, moment: moment, number: count))
        count += 1
    }
}
