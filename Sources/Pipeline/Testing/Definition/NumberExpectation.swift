/// What a number must be: `12`, `>= 0.8`, or a range such as `0.2..0.8`, `20..` or `..100`.
struct NumberExpectation: Equatable {
    /// What an expected number may look like, for messages.
    static let expected = "a number, a bound such as >= 0.8, or a range such as 0.2..0.8"

    private enum Bound: Equatable {
        case exactly(Double)
        case atLeast(Double)
        case above(Double)
        case atMost(Double)
        case below(Double)
        case within(Double, Double)
    }

    private let bound: Bound

    init?(_ text: String) {
        guard let bound = Self.comparison(text) ?? Self.range(text) ?? Self.number(text) else {
            return nil
        }
        self.bound = bound
    }

    /// Whether a number is as expected.
    func holds(for value: Double) -> Bool {
        switch bound {
        case .exactly(let number): value == number
        case .atLeast(let number): value >= number
        case .above(let number): value > number
        case .atMost(let number): value <= number
        case .below(let number): value < number
        case .within(let low, let high): value >= low && value <= high
        }
    }

    private static func comparison(_ text: String) -> Bound? {
        let kinds: [(String, (Double) -> Bound)] = [
            (">=", Bound.atLeast), ("<=", Bound.atMost), (">", Bound.above), ("<", Bound.below),
        ]
        for (sign, make) in kinds where text.hasPrefix(sign) {
            return finite(text.dropFirst(sign.count)).map(make)
        }
        return nil
    }

    private static func range(_ text: String) -> Bound? {
        guard let dots = text.utf8.indices.first(where: { text[$0...].hasPrefix("..") }) else {
            return nil
        }
        let (low, high) = (text[..<dots], text[dots...].dropFirst(2))
        switch (low.isEmpty, high.isEmpty) {
        case (true, true): return nil
        case (true, false): return finite(high).map(Bound.atMost)
        case (false, true): return finite(low).map(Bound.atLeast)
        case (false, false):
            guard let low = finite(low), let high = finite(high), low <= high else { return nil }
            return .within(low, high)
        }
    }

    private static func number(_ text: String) -> Bound? {
        finite(text[...]).map(Bound.exactly)
    }

    private static func finite(_ text: Substring) -> Double? {
        let digits = text.drop { $0 == " " }
        guard digits.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let value = Double(digits),
            value.isFinite
        else { return nil }
        return value
    }
}
