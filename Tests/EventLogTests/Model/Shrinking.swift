/// Makes a failing sequence small: Zeller's delta debugging over the steps (Zeller and Hildebrandt,
/// "Simplifying and Isolating Failure-Inducing Input", 2002), then over each step's numbers.
struct Shrinking {
    /// Whether a sequence still fails.
    let fails: ([any ModelCommand]) -> Bool
    /// Sequences tried.
    private(set) var tries = 0
    /// No more sequences are tried than this.
    let triesMax: Int

    init(triesMax: Int, fails: @escaping ([any ModelCommand]) -> Bool) {
        self.triesMax = triesMax
        self.fails = fails
    }

    /// The smallest sequence found that fails as `commands` does.
    mutating func run(_ commands: [any ModelCommand]) -> [any ModelCommand] {
        var smallest = commands
        while tries < triesMax {
            let before = tries
            let fewer = withoutChunks(smallest)
            let simpler = simplified(fewer.commands)
            smallest = simpler.commands
            if !fewer.isSmaller, !simpler.isSmaller || tries == before { break }
        }
        return smallest
    }

    private mutating func stillFails(_ commands: [any ModelCommand]) -> Bool {
        guard tries < triesMax else { return false }
        tries += 1
        return fails(commands)
    }

    private mutating func withoutChunks(
        _ commands: [any ModelCommand]
    ) -> (commands: [any ModelCommand], isSmaller: Bool) {
        var smallest = commands
        var length = commands.count / 2
        while length >= 1 {
            var start = 0
            while start < smallest.count {
                var shorter = smallest
                shorter.removeSubrange(start..<min(start + length, smallest.count))
                if stillFails(shorter) { smallest = shorter } else { start += length }
            }
            length /= 2
        }
        return (smallest, smallest.count < commands.count)
    }

    private mutating func simplified(
        _ commands: [any ModelCommand]
    ) -> (commands: [any ModelCommand], isSmaller: Bool) {
        var smallest = commands
        var isSmaller = false
        for index in smallest.indices {
            var candidates: [any ModelCommand] = smallest[index].simpler
            while let candidate = candidates.first {
                var simpler = smallest
                simpler[index] = candidate
                if stillFails(simpler) {
                    smallest = simpler
                    isSmaller = true
                    candidates = candidate.simpler
                } else {
                    candidates.removeFirst()
                }
            }
        }
        return (smallest, isSmaller)
    }
}
