/// Every kind of scalar three ways: required, with a default, optional.
extension FieldReader {
    // MARK: Any rule

    /// A required value; after an error its placeholder.
    package mutating func required<Value>(_ key: String, _ rule: ScalarRule<Value>) -> Value {
        let value = value(of: key, expected: rule.expected, isRequired: true, shape: rule.shape)
        guard let node = value else { return rule.placeholder }
        return scalar(node, subject: "\"\(key)\"", rule) ?? rule.placeholder
    }

    /// A value that may be absent; also nil after an error.
    package mutating func optional<Value>(
        _ key: String,
        _ rule: ScalarRule<Value>,
        default fallback: @autoclosure () -> FieldDefault? = nil,
    ) -> Value? {
        value(
            of: key,
            expected: rule.expected,
            isRequired: false,
            shape: rule.shape,
            fallback: fallback()
        ).flatMap { scalar($0, subject: "\"\(key)\"", rule) }
    }

    /// A required value of a type that is made from text; nil after it was reported.
    ///
    /// `reader.value("since", as: "a date such as 2017-11-21", CalendarDate.init(iso:))`
    package mutating func value<Value>(
        _ key: String,
        as expected: String,
        _ make: @escaping (String) -> Value?,
    ) -> Value? {
        required(key, .made(as: expected, make))
    }

    /// A value of a type that is made from text; nil if absent or after it was reported.
    package mutating func optionalValue<Value>(
        _ key: String,
        as expected: String,
        _ make: @escaping (String) -> Value?,
    ) -> Value? {
        optional(key, .made(as: expected, make)) ?? nil
    }

    /// The value of any node under a rule; nil after it was reported as `subject`.
    package mutating func scalar<Value>(
        _ node: Node,
        subject: String,
        _ rule: ScalarRule<Value>,
    ) -> Value? {
        guard let scalar = node.scalar else {
            refuse(subject, at: node, expected: rule.expected)
            return nil
        }
        do {
            return try rule.read(scalar)
        } catch {
            // Hints repeat the value, and one from the environment may be a secret.
            let hint = scalar.substituted?.hint ?? error.hint
            refuse(subject, at: node, expected: rule.expected, code: error.code, hint: hint)
            return nil
        }
    }

    // MARK: Text

    /// A required text, as written: `no` is "no".
    package mutating func string(_ key: String) -> String {
        required(key, .string)
    }

    /// A text, or the default.
    package mutating func string(_ key: String, default fallback: String) -> String {
        optional(key, .string, default: .text(fallback)) ?? fallback
    }

    /// A text that may be absent.
    package mutating func optionalString(_ key: String) -> String? {
        optional(key, .string)
    }

    // MARK: Numbers

    /// A required whole number within bounds.
    package mutating func integer(
        _ key: String,
        in bounds: ClosedRange<Int> = .min ... .max,
    ) -> Int {
        required(key, .integer(in: bounds))
    }

    /// A whole number within bounds, or the default.
    package mutating func integer(
        _ key: String,
        in bounds: ClosedRange<Int> = .min ... .max,
        default fallback: Int,
    ) -> Int {
        optional(key, .integer(in: bounds), default: .value(fallback)) ?? fallback
    }

    /// A whole number within bounds that may be absent.
    package mutating func optionalInteger(
        _ key: String,
        in bounds: ClosedRange<Int> = .min ... .max,
    ) -> Int? {
        optional(key, .integer(in: bounds))
    }

    /// A required number within bounds; without bounds any finite one.
    package mutating func double(
        _ key: String,
        in bounds: ClosedRange<Double> = .finite,
    ) -> Double {
        required(key, .double(in: bounds))
    }

    /// A number within bounds, or the default.
    package mutating func double(
        _ key: String,
        in bounds: ClosedRange<Double> = .finite,
        default fallback: Double,
    ) -> Double {
        optional(key, .double(in: bounds), default: .value(fallback)) ?? fallback
    }

    /// A number within bounds that may be absent.
    package mutating func optionalDouble(
        _ key: String,
        in bounds: ClosedRange<Double> = .finite,
    ) -> Double? {
        optional(key, .double(in: bounds))
    }

    // MARK: Ranges and quantities

    /// A required range such as `20..100000`, `20..` or `..100`; an open end is the bound.
    package mutating func range(
        _ key: String,
        in bounds: ClosedRange<Int> = 0 ... .max,
    ) -> ClosedRange<Int> {
        required(key, .range(in: bounds))
    }

    /// A range, or the default.
    package mutating func range(
        _ key: String,
        in bounds: ClosedRange<Int> = 0 ... .max,
        default fallback: ClosedRange<Int>,
    ) -> ClosedRange<Int> {
        optional(key, .range(in: bounds), default: .range(fallback, in: bounds)) ?? fallback
    }

    /// A range that may be absent.
    package mutating func optionalRange(
        _ key: String,
        in bounds: ClosedRange<Int> = 0 ... .max,
    ) -> ClosedRange<Int>? {
        optional(key, .range(in: bounds))
    }

    /// A range of numbers such as `0.2..0.8` that may be absent.
    package mutating func optionalDoubleRange(
        _ key: String,
        in bounds: ClosedRange<Double> = .finite,
    ) -> ClosedRange<Double>? {
        optional(key, .doubleRange(in: bounds))
    }

    /// A required number with its unit, as in `5 words`.
    package mutating func quantity(
        _ key: String,
        unit: String,
        in bounds: ClosedRange<Int> = 0 ... .max,
    ) -> Int {
        required(key, .quantity(unit: unit, in: bounds))
    }

    /// A number with its unit, or the default.
    package mutating func quantity(
        _ key: String,
        unit: String,
        in bounds: ClosedRange<Int> = 0 ... .max,
        default fallback: Int,
    ) -> Int {
        optional(
            key,
            .quantity(unit: unit, in: bounds),
            default: .plain("\(fallback) \(unit)")
        ) ?? fallback
    }

    /// A number with one of several units, in the smallest of them, or the default.
    ///
    /// `reader.quantity("timeout", units: ["s": 1, "min": 60], in: 1...3600, default: 30)`
    package mutating func quantity(
        _ key: String,
        units: KeyValuePairs<String, Int>,
        in bounds: ClosedRange<Int> = 0 ... .max,
        default fallback: Int,
    ) -> Int {
        optional(
            key,
            .quantity(units: units, in: bounds),
            default: units.first { $0.value == 1 }.map { .plain("\(fallback) \($0.key)") }
        ) ?? fallback
    }

    // MARK: Booleans and choices

    /// A required `true` or `false`.
    package mutating func bool(_ key: String) -> Bool {
        required(key, .bool)
    }

    /// `true` or `false`, or the default.
    package mutating func bool(_ key: String, default fallback: Bool) -> Bool {
        optional(key, .bool, default: .value(fallback)) ?? fallback
    }

    /// `true` or `false`, or absent.
    package mutating func optionalBool(_ key: String) -> Bool? {
        optional(key, .bool)
    }

    /// One of a few words, required.
    package mutating func choice(_ key: String, of words: [String]) -> String {
        required(key, .choice(of: words))
    }

    /// One of a few words, or the default.
    package mutating func choice(
        _ key: String,
        of words: [String],
        default fallback: String,
    ) -> String {
        optional(key, .choice(of: words), default: .text(fallback)) ?? fallback
    }

    /// One case of an enum of words, or the default.
    ///
    /// `let format = reader.choice("format", default: Format.text)`
    package mutating func choice<Choice>(_ key: String, default fallback: Choice) -> Choice
    where Choice: RawRepresentable<String> & CaseIterable {
        optional(
            key,
            .choice(of: Choice.allCases.map(\.rawValue)),
            default: .text(fallback.rawValue)
        ).flatMap(Choice.init(rawValue:)) ?? fallback
    }

    /// One case of an enum of words, or absent.
    package mutating func optionalChoice<Choice>(_ key: String, of type: Choice.Type) -> Choice?
    where Choice: RawRepresentable<String> & CaseIterable {
        optional(key, .choice(of: Choice.allCases.map(\.rawValue)))
            .flatMap(Choice.init(rawValue:))
    }
}

extension ClosedRange<Double> {
    /// Every number but the infinities.
    package static var finite: ClosedRange<Double> {
        -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    }
}
