/// How one kind of value is read from a scalar: what it is called, and what is refused why.
///
/// `FieldReader` has a method for each ordinary rule; rules as such serve lists and own types:
///
/// ```swift
/// let by = reader.optionalList("by", of: .choice(of: ["topic", "month"]))
/// ```
package struct ScalarRule<Value> {
    /// What is right, in words: `an integer from 1 to 10`.
    package let expected: String
    /// What a required key yields after its error was reported.
    package let placeholder: Value
    /// What is right, for schemas.
    package let shape: FieldShape
    private let parse: (Scalar) throws(ScalarRefusal) -> Value

    /// A rule.
    package init(
        expected: String,
        placeholder: Value,
        shape: FieldShape = .text,
        read: @escaping (Scalar) throws(ScalarRefusal) -> Value,
    ) {
        self.expected = expected
        self.placeholder = placeholder
        self.shape = shape
        parse = read
    }

    /// The value of a scalar; nothing (`~`, `null`) is never a value.
    package func read(_ scalar: Scalar) throws(ScalarRefusal) -> Value {
        guard !scalar.isNull else {
            let hint =
                scalar.text.isEmpty
                ? "give a value, or remove the key" : "quote it if the word is meant"
            throw ScalarRefusal(hint: hint)
        }
        return try parse(scalar)
    }

    /// A rule for any type that can be made from text.
    package static func parsed(
        as expected: String,
        placeholder: Value,
        hint: String? = nil,
        _ make: @escaping (String) -> Value?,
    ) -> ScalarRule {
        ScalarRule(expected: expected, placeholder: placeholder) {
            scalar throws(ScalarRefusal) in
            guard let value = make(scalar.text) else { throw ScalarRefusal(hint: hint) }
            return value
        }
    }
}

extension ScalarRule {
    /// A rule whose placeholder is that there is no value.
    static func made<Made>(
        as expected: String,
        _ make: @escaping (String) -> Made?,
    ) -> ScalarRule where Value == Made? {
        parsed(as: expected, placeholder: nil) { text in make(text).map(Optional.some) }
    }
}

/// Why a scalar was refused, to be joined with where it is and what was expected.
package struct ScalarRefusal: Error, Sendable {
    /// One of `FieldCode`.
    package let code: String
    /// What to do next.
    package let hint: String?

    /// A refusal, by default for the wrong type.
    package init(code: String = FieldCode.type, hint: String? = nil) {
        self.code = code
        self.hint = hint
    }
}

extension ScalarRule where Value == String {
    /// Any text, taken as written: `no` is "no", `1.10` is "1.10".
    package static var string: ScalarRule {
        ScalarRule(expected: "a string", placeholder: "") { $0.text }
    }

    /// One of a few words.
    package static func choice(of words: [String]) -> ScalarRule {
        precondition(!words.isEmpty, "a choice without words")
        return ScalarRule(
            expected: DisplayText.choice(words),
            placeholder: words[0],
            shape: .choice(words)
        ) {
            scalar throws(ScalarRefusal) in
            if words.contains(scalar.text) { return scalar.text }
            let hint = Suggestion.hint(for: scalar.text, among: words)
            throw ScalarRefusal(code: FieldCode.choice, hint: hint)
        }
    }
}

extension ScalarRule where Value == Bool {
    /// `true` or `false`.
    package static var bool: ScalarRule {
        ScalarRule(expected: "true or false", placeholder: false, shape: .bool) {
            scalar throws(ScalarRefusal) in
            if case .bool(let value) = scalar.meaning { return value }
            switch scalar.text.lowercased() {
            case "true", "false":
                throw ScalarRefusal(hint: "write \(scalar.text.lowercased()) without quotes")
            case "yes", "y", "on", "1": throw ScalarRefusal(hint: "write true")
            case "no", "n", "off", "0": throw ScalarRefusal(hint: "write false")
            default: throw ScalarRefusal(hint: "write true or false")
            }
        }
    }
}
