/// What plain scalars mean: the core schema of YAML 1.2.2, §10.3.2, and nothing of YAML 1.1.
///
/// `no`, `on`, `yes`, `NO` are words; so are dates, `1_000` and `12:30`.
extension Scalar {
    /// The meaning of a scalar under the core schema.
    package enum Meaning: Sendable, Equatable {
        /// Nothing, `~`, `null`.
        case null
        /// `true` or `false`.
        case bool(Bool)
        /// An integer that fits 64 bits.
        case integer(Int)
        /// Any other number.
        case double(Double)
        /// Everything else, and all that is quoted.
        case text
    }

    /// Whether it is plain and empty, `~` or `null`; never so when the environment filled it.
    package var isNull: Bool {
        guard isPlain, !isSubstituted else { return false }
        return text.isEmpty || text == "~" || ["null", "Null", "NULL"].contains(text)
    }

    /// What it means; one look at its first byte settles most words.
    package var meaning: Meaning {
        guard isPlain else { return .text }
        if isNull { return .null }
        switch text {
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        guard let first = text.utf8.first, Self.startsNumber(first) else { return .text }
        if let integer = Self.integer(text) { return .integer(integer) }
        if let double = Self.double(text) { return .double(double) }
        return .text
    }

    private static func startsNumber(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
            || byte == UInt8(ascii: ".")
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    /// `[-+]?[0-9]+`, `0o[0-7]+`, `0x[0-9a-fA-F]+`, if it fits.
    static func integer(_ text: String) -> Int? {
        if text.hasPrefix("0x") { return unsignedInteger(text.dropFirst(2), radix: 16) }
        if text.hasPrefix("0o") { return unsignedInteger(text.dropFirst(2), radix: 8) }
        return Int(text)
    }

    private static func unsignedInteger(_ digits: Substring, radix: Int) -> Int? {
        guard let first = digits.utf8.first else { return nil }
        guard first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else { return nil }
        return Int(digits, radix: radix)
    }

    /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, `.inf` and `.nan`.
    static func double(_ text: String) -> Double? {
        switch text {
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .infinity
        case "-.inf", "-.Inf", "-.INF": return -.infinity
        case ".nan", ".NaN", ".NAN": return .nan
        default: return isDecimal(text) ? Double(text) ?? Double(text + "0") : nil
        }
    }

    private static func isDecimal(_ text: String) -> Bool {
        var rest = Substring(text).utf8
        func dropSign() {
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
                rest.removeFirst()
            }
        }
        func dropDigits() -> Int {
            let before = rest.count
            rest = rest.drop(while: isDigit)
            return before - rest.count
        }
        dropSign()
        var digits = dropDigits()
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            digits += dropDigits()
        }
        guard digits > 0 else { return false }
        guard rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") else {
            return rest.isEmpty
        }
        rest.removeFirst()
        dropSign()
        return dropDigits() > 0 && rest.isEmpty
    }
}

extension Node {
    /// What is there, in words for "expected …, found …"; text is quoted and clipped.
    package var foundDescription: String {
        switch kind {
        case .sequence(let items): return items.isEmpty ? "an empty list" : "a list"
        case .mapping(let mapping): return mapping.count == 0 ? "an empty mapping" : "a mapping"
        case .scalar(let scalar):
            // A value of the environment may be a secret: it is named, never shown.
            if let substituted = scalar.substituted {
                return substituted.holdsSecret ? "a secret" : "a value from the environment"
            }
            switch scalar.meaning {
            case .null: return scalar.text.isEmpty ? "nothing" : "null"
            case .bool(let value): return "the boolean \(value)"
            case .integer: return "the integer \(DisplayText.clipped(scalar.text))"
            case .double: return "the number \(DisplayText.clipped(scalar.text))"
            case .text: return "the string \(DisplayText.quoted(scalar.text))"
            }
        }
    }
}
