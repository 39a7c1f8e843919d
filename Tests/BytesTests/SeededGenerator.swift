import Foundation

/// SplitMix64: the same numbers on every machine, from a seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    /// Bytes of any value.
    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}

/// How many cases a property is tried on: `ANNALS_PROPERTY_CASES` times the test's own number.
enum PropertyCases {
    static func count(_ standard: Int) -> Int {
        let factor = ProcessInfo.processInfo.environment["ANNALS_PROPERTY_CASES"].flatMap(Int.init)
        return standard * (factor ?? 1)
    }
}
