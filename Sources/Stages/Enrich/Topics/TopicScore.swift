/// How often a term stands in a text, weighed: `1 + log2(occurrences)`.
enum TopicScore {
    /// The factor for a number of occurrences, from 1.
    static func factor(_ occurrences: Int) -> Double {
        occurrences < table.count ? table[occurrences] : 1 + logarithm(occurrences)
    }

    /// Rounded to what events carry, so that a recorded score decides as the live one did.
    static func rounded(_ score: Double) -> Double {
        (score * 1_000).rounded() / 1_000
    }

    private static let table: [Double] = [0] + (1..<256).map { 1 + logarithm($0) }

    /// The binary logarithm to 24 places by squaring: only multiplication, which IEEE 754 makes the
    /// same on every machine, as a C library's `log2` is not (invariant 4).
    private static func logarithm(_ value: Int) -> Double {
        let whole = Int.bitWidth - 1 - value.leadingZeroBitCount
        var rest = Double(value) / Double(1 << whole)
        var result = Double(whole)
        var place = 0.5
        for _ in 0..<24 {
            rest *= rest
            if rest >= 2 {
                rest /= 2
                result += place
            }
            place /= 2
        }
        return result
    }
}
