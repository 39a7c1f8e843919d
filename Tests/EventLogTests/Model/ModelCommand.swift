/// One step with a log.
///
/// Every subsequence of a sequence of steps must make sense, so that it can be shrunk: a step that
/// finds nothing to do does nothing.
protocol ModelCommand: Sendable, CustomStringConvertible {
    static func random(_ generator: inout SeededGenerator) -> Self
    /// Steps of its kind that are less, most of all first.
    var simpler: [any ModelCommand] { get }
    /// Does it with the log and compares with the oracles; throws a ``Mismatch`` or a `LogError`.
    func run(in world: ModelWorld) throws
}

extension ModelCommand {
    var simpler: [any ModelCommand] { [] }
}

/// What sequences are made of.
enum ModelCommands {
    /// Each kind with its weight: a new kind is a line here.
    private static let kinds: [(weight: Int, kind: any ModelCommand.Type)] = [
        (24, Append.self), (6, KilledAppend.self), (12, Open.self), (5, Close.self),
        (3, TearTail.self), (3, LoseHead.self), (9, OpenReader.self), (10, Refresh.self),
        (14, Scan.self), (6, LookUpEvent.self), (5, LookUpBatch.self), (4, LookUpTime.self),
        (4, Verify.self), (6, Join.self), (4, Erase.self),
    ]

    static func random(_ generator: inout SeededGenerator) -> any ModelCommand {
        let total = kinds.reduce(0) { $0 + $1.weight }
        var choice = Int.random(in: 0..<total, using: &generator)
        for (weight, kind) in kinds {
            if choice < weight { return kind.random(&generator) }
            choice -= weight
        }
        return Verify()
    }

    /// A sequence that begins with an open log.
    static func sequence(seed: UInt64) -> [any ModelCommand] {
        var generator = SeededGenerator(state: seed)
        let count = Int.random(in: 5..<45, using: &generator)
        return [Open.random(&generator)] + (0..<count).map { _ in random(&generator) }
    }
}
