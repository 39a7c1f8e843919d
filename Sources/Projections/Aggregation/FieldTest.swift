/// What a declaration asks of a field; of several values any may answer, but for `not` and `missing`.
package indirect enum FieldTest: Sendable, Hashable {
    /// A value is one of these.
    case equals([Literal])
    /// A value is on the right side of all of these.
    case compares([Comparison])
    /// There is a value.
    case exists
    /// There is none.
    case missing
    /// The other test does not hold.
    case not(FieldTest)

    /// A value in a declaration.
    package struct Literal: Sendable, Hashable {
        /// As it is written.
        package let text: String
        /// What it means, if it is a number.
        package let number: Double?

        /// Takes a value.
        package init(text: String, number: Double? = nil) {
            self.text = text
            self.number = number
        }
    }

    /// A side of a value.
    package struct Comparison: Sendable, Hashable {
        /// The sides.
        package enum Side: String, Sendable, CaseIterable {
            case atLeast = ">="
            case above = ">"
            case atMost = "<="
            case below = "<"
        }

        let side: Side
        let literal: Literal

        /// Takes a side and the value.
        package init(_ side: Side, _ literal: Literal) {
            self.side = side
            self.literal = literal
        }
    }

    /// Whether it holds of a field with these values, none of which is absent.
    func holds(of values: some Sequence<FieldValue>) -> Bool {
        switch self {
        case .equals(let literals):
            values.contains { value in literals.contains { $0.equals(value) } }
        case .compares(let comparisons):
            values.contains { value in comparisons.allSatisfy { $0.holds(of: value) } }
        case .exists: values.contains { _ in true }
        case .missing: !values.contains { _ in true }
        case .not(let test): !test.holds(of: values)
        }
    }

    /// Whether it says what must not be, so that all values must be looked at, wherever they are.
    var isNegative: Bool {
        switch self {
        case .missing, .not: true
        case .equals, .compares, .exists: false
        }
    }

    /// The values that it names.
    var literals: [Literal] {
        switch self {
        case .equals(let literals): literals
        case .compares(let comparisons): comparisons.map(\.literal)
        case .not(let test): test.literals
        case .exists, .missing: []
        }
    }
}

extension FieldTest.Literal {
    /// As a number if both are numbers, else as it is written.
    func equals(_ value: FieldValue) -> Bool {
        if let number, let other = value.number { return number == other }
        return switch value {
        case .text(let bytes): bytes.elementsEqual(text.utf8)
        default: value.text == text
        }
    }
}

extension FieldTest.Comparison {
    /// By size if the literal is a number and the value, too, or its text; by bytes if neither is.
    func holds(of value: FieldValue) -> Bool {
        if let number = literal.number {
            guard let other = value.number ?? value.text.flatMap(Double.init) else { return false }
            return holds(other < number, other == number)
        }
        guard case .text(let bytes) = value else { return false }
        let isSame = bytes.elementsEqual(literal.text.utf8)
        return holds(bytes.lexicographicallyPrecedes(literal.text.utf8), isSame)
    }

    private func holds(_ isLess: Bool, _ isSame: Bool) -> Bool {
        switch side {
        case .atLeast: !isLess
        case .above: !isLess && !isSame
        case .atMost: isLess || isSame
        case .below: isLess
        }
    }
}
