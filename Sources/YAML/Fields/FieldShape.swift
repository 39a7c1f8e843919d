/// What the value of a field looks like, for schemas of editors.
package indirect enum FieldShape: Sendable, Hashable {
    /// Anything.
    case any
    /// A text.
    case text
    /// `true` or `false`.
    case bool
    /// A whole number.
    case integer(ClosedRange<Int>)
    /// A number.
    case number(ClosedRange<Double>)
    /// `20..100`, `20..` or `..100`.
    case range
    /// A number with a unit, such as `5 words`.
    case quantity(units: [String])
    /// One of a few words.
    case choice([String])
    /// A scalar, or a list of such.
    case oneOrMore(FieldShape)
    /// A list of anything.
    case list
    /// A mapping.
    case mapping
    /// What the schema defines under this name.
    case definition(String)
}

/// What a field is when it is absent.
package enum FieldDefault: Sendable, Hashable {
    /// A number, a boolean, a range or a quantity, as it would be written.
    case plain(String)
    /// A text.
    case text(String)
    /// A list of texts.
    case texts([String])
}

extension FieldDefault {
    static func value(_ value: some CustomStringConvertible) -> FieldDefault {
        .plain(value.description)
    }

    /// `20..100`, its ends open where they are the bounds.
    static func range(_ range: ClosedRange<Int>, in bounds: ClosedRange<Int>) -> FieldDefault {
        let lower = range.lowerBound == bounds.lowerBound ? "" : "\(range.lowerBound)"
        let upper = range.upperBound == bounds.upperBound ? "" : "\(range.upperBound)"
        return .plain(
            lower.isEmpty && upper.isEmpty ? "\(range.lowerBound).." : lower + ".." + upper
        )
    }
}
