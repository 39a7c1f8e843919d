import Bytes

/// A seeded sequence of numbers (splitmix64): the same store on every machine.
struct Numbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Hash64.finish(state)
    }

    /// A number below a bound.
    mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// Draws an index with the frequencies of a histogram.
    mutating func draw(_ weights: [Int]) -> Int {
        var rest = below(weights.reduce(0, +))
        for (index, weight) in weights.enumerated() {
            if rest < weight { return index }
            rest -= weight
        }
        return weights.count - 1
    }

    /// Draws an index below a bound, the first ones far more often than the last (about 1/n).
    mutating func drawRanked(_ bound: Int) -> Int {
        // 2^(u·log2 n) has the density 1/x; sixteen steps a doubling are fine enough.
        let doublings = Int.bitWidth - (bound - 1).leadingZeroBitCount
        let step = below(doublings * 16)
        let base = 1 << (step / 16)
        return min(bound - 1, base - 1 + below(base) * (step % 16 + 1) / 16)
    }
}
