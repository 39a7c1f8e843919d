extension ScalarRule where Value == Int {
    /// A whole number within bounds.
    package static func integer(in bounds: ClosedRange<Int>) -> ScalarRule {
        let expected = NumberText.expected("an integer", bounds)
        return ScalarRule(
            expected: expected,
            placeholder: NumberText.nearestToZero(bounds),
            shape: .integer(bounds)
        ) {
            scalar throws(ScalarRefusal) in
            guard case .integer(let value) = scalar.meaning else {
                throw NumberText.refusal(of: scalar, wholeOnly: true)
            }
            guard bounds.contains(value) else {
                throw ScalarRefusal(code: FieldCode.outOfRange, hint: nil)
            }
            return value
        }
    }

    /// A whole number and its unit, as in `5 words`; a single one may be in the singular.
    package static func quantity(unit: String, in bounds: ClosedRange<Int>) -> ScalarRule {
        quantity(units: [unit: 1], in: bounds)
    }

    /// A whole number and one of several units, each worth so many of the smallest.
    ///
    /// `bounds` are in the smallest unit; the first unit is the one in examples.
    package static func quantity(
        units: KeyValuePairs<String, Int>,
        in bounds: ClosedRange<Int>,
    ) -> ScalarRule {
        let names = units.map(\.key)
        precondition(!names.isEmpty, "a quantity without a unit")
        let noun =
            names.count == 1
            ? "a number of \(names[0])"
            : "a number with its unit (\(names.joined(separator: ", ")))"
        // Bounds are in the smallest unit, so with several units they would say the wrong thing.
        let expected = names.count == 1 ? NumberText.expected(noun, bounds) : noun
        return ScalarRule(
            expected: expected,
            placeholder: NumberText.nearestToZero(bounds),
            shape: .quantity(units: names)
        ) {
            scalar throws(ScalarRefusal) in
            let (number, unit) = NumberText.splitQuantity(scalar.text)
            guard let number, !unit.isEmpty else {
                throw ScalarRefusal(hint: "write \"\(number ?? 10) \(names[0])\"")
            }
            let match = units.first { $0.key == unit || (number == 1 && $0.key == unit + "s") }
            guard let match else {
                let meant = Suggestion.nearest(to: unit, among: names) ?? names[0]
                throw ScalarRefusal(
                    code: FieldCode.choice,
                    hint: "did you mean \"\(number) \(meant)\"?"
                )
            }
            let (value, overflow) = number.multipliedReportingOverflow(by: match.value)
            guard !overflow, bounds.contains(value) else {
                throw ScalarRefusal(code: FieldCode.outOfRange)
            }
            return value
        }
    }
}

extension ScalarRule where Value == Double {
    /// A number within bounds; integers are numbers, `.nan` is not.
    package static func double(in bounds: ClosedRange<Double>) -> ScalarRule {
        let expected = NumberText.expected("a number", bounds)
        return ScalarRule(
            expected: expected,
            placeholder: NumberText.nearestToZero(bounds),
            shape: .number(bounds)
        ) {
            scalar throws(ScalarRefusal) in
            let value: Double
            switch scalar.meaning {
            case .integer(let integer): value = Double(integer)
            case .double(let double): value = double
            default: throw NumberText.refusal(of: scalar, wholeOnly: false)
            }
            guard bounds.contains(value) else {
                throw ScalarRefusal(code: FieldCode.outOfRange)
            }
            return value
        }
    }
}

extension ScalarRule where Value == ClosedRange<Int> {
    /// `20..100000`, `20..` or `..100`; an open end is the bound.
    package static func range(in bounds: ClosedRange<Int>) -> ScalarRule {
        let expected = NumberText.expected("a range of integers", bounds)
        return ScalarRule(
            expected: expected,
            placeholder: bounds,
            shape: .range
        ) {
            scalar throws(ScalarRefusal) in
            try NumberText.range(scalar, in: bounds) { text in Int(text) }
        }
    }
}

extension ScalarRule where Value == ClosedRange<Double> {
    /// `0.2..0.8`, `0.2..` or `..0.8`; an open end is the bound.
    package static func doubleRange(in bounds: ClosedRange<Double>) -> ScalarRule {
        let expected = NumberText.expected("a range of numbers", bounds)
        return ScalarRule(
            expected: expected,
            placeholder: bounds,
            shape: .range
        ) {
            scalar throws(ScalarRefusal) in
            try NumberText.range(scalar, in: bounds) { text in Scalar.double(text) }
        }
    }
}
