/// The words and the parsing that the number rules share.
enum NumberText {
    /// `an integer from 1 to 10`.
    static func expected(_ noun: String, _ range: ClosedRange<Int>) -> String {
        bounds(range).map { "\(noun) \($0)" } ?? noun
    }

    /// `a number from 0 to 1`.
    static func expected(_ noun: String, _ range: ClosedRange<Double>) -> String {
        let largest = Double.greatestFiniteMagnitude
        let lower = range.lowerBound > -largest ? text(range.lowerBound) : nil
        let upper = range.upperBound < largest ? text(range.upperBound) : nil
        return bounds(lower, upper).map { "\(noun) \($0)" } ?? noun
    }

    /// `from 1 to 10`, or nothing where there are no bounds.
    static func bounds(_ range: ClosedRange<Int>) -> String? {
        let lower = range.lowerBound > .min ? String(range.lowerBound) : nil
        let upper = range.upperBound < .max ? String(range.upperBound) : nil
        return bounds(lower, upper)
    }

    private static func bounds(_ lower: String?, _ upper: String?) -> String? {
        switch (lower, upper) {
        case (let lower?, let upper?): "from \(lower) to \(upper)"
        case (let lower?, nil): "of at least \(lower)"
        case (nil, let upper?): "of at most \(upper)"
        case (nil, nil): nil
        }
    }

    private static func text(_ value: Double) -> String {
        let text = String(value)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// The placeholder of a number: the least surprising one within bounds.
    static func nearestToZero<Number: Comparable & AdditiveArithmetic>(
        _ bounds: ClosedRange<Number>
    ) -> Number {
        min(max(.zero, bounds.lowerBound), bounds.upperBound)
    }

    /// Why a scalar is no number, with what its author may have meant.
    static func refusal(of scalar: Scalar, wholeOnly: Bool) -> ScalarRefusal {
        let text = scalar.text
        if !scalar.isPlain, Scalar(text: text, isPlain: true).isNumber {
            return ScalarRefusal(hint: "write \(DisplayText.clipped(text)) without quotes")
        }
        if case .double(let value) = scalar.meaning, wholeOnly {
            guard let whole = Int(exactly: value) else {
                return ScalarRefusal(hint: "write a whole number")
            }
            return ScalarRefusal(hint: "write \(whole)")
        }
        let bare = text.filter { $0 != "_" && $0 != "," && $0 != " " && $0 != "'" }
        if bare != text, let value = Int(bare) {
            return ScalarRefusal(hint: "write \(value), without separators")
        }
        if !wholeOnly, text.last == "%", let percent = Scalar.double(String(text.dropLast())) {
            return ScalarRefusal(hint: "write \(self.text(percent / 100))")
        }
        return ScalarRefusal(hint: "write \(wholeOnly ? "a whole number" : "a number")")
    }

    /// The number and the unit of `5 words` or `5words`.
    static func splitQuantity(_ text: String) -> (number: Int?, unit: String) {
        let digits = text.prefix { ("0"..."9").contains($0) || $0 == "-" || $0 == "+" }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }
        return (Int(digits), String(unit))
    }

    /// A range with its ends parsed by `number`; open ends take the bounds.
    static func range<Number: Comparable>(
        _ scalar: Scalar,
        in bounds: ClosedRange<Number>,
        number: (String) -> Number?,
    ) throws(ScalarRefusal) -> ClosedRange<Number> {
        let text = scalar.text
        let unclear = ScalarRefusal(hint: "write it as 20..100, 20.. or ..100")
        guard let dots = text.firstRange(of: "..") else {
            guard let value = number(text) else { throw unclear }
            let hint = "write \"\(value)..\" for at least \(value), \"..\(value)\" for at most"
            throw ScalarRefusal(hint: hint)
        }
        guard !text[dots.lowerBound...].hasPrefix("...") else {
            throw ScalarRefusal(hint: "write two dots")
        }
        let lowerText = trimmed(text[..<dots.lowerBound])
        let upperText = trimmed(text[dots.upperBound...])
        guard !lowerText.isEmpty || !upperText.isEmpty else {
            throw ScalarRefusal(hint: "give at least one end")
        }
        let lower = lowerText.isEmpty ? bounds.lowerBound : number(lowerText)
        let upper = upperText.isEmpty ? bounds.upperBound : number(upperText)
        guard let lower, let upper else { throw unclear }
        guard lower <= upper else {
            throw ScalarRefusal(
                code: FieldCode.outOfRange,
                hint: "the first number must not exceed the second"
            )
        }
        guard bounds.contains(lower), bounds.contains(upper) else {
            throw ScalarRefusal(code: FieldCode.outOfRange)
        }
        return lower...upper
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
    }
}

extension Scalar {
    /// Whether the core schema reads it as a number.
    fileprivate var isNumber: Bool {
        switch meaning {
        case .integer, .double: true
        default: false
        }
    }
}
