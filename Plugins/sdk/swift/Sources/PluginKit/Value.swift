/// What messages are made of: JSON's values, and bytes.
public enum Value: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case double(Double)
    case text(String)
    case bytes([UInt8])
    case array([Value])
    case map([String: Value])

    /// A member of a map; nil if this is no map, or has none of that name.
    public subscript(_ key: String) -> Value? {
        if case .map(let members) = self { members[key] } else { nil }
    }

    /// The text, if it is one.
    public var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    /// The number, if it is a whole one.
    public var integer: Int? {
        switch self {
        case .integer(let number): number
        case .double(let number): Int(exactly: number)
        default: nil
        }
    }

    /// The number, if it is one.
    public var double: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .double(let number): number
        default: nil
        }
    }

    /// Whether, if it says so.
    public var bool: Bool? {
        if case .bool(let truth) = self { truth } else { nil }
    }

    /// The items, if it is an array.
    public var array: [Value]? {
        if case .array(let items) = self { items } else { nil }
    }

    /// The members, if it is a map.
    public var map: [String: Value]? {
        if case .map(let members) = self { members } else { nil }
    }

    /// The bytes, if it is bytes, or base64 as JSON has them.
    public var bytes: [UInt8]? {
        switch self {
        case .bytes(let bytes): bytes
        case .text(let text): Base64.decode(text)
        default: nil
        }
    }
}

extension Value: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    /// Null.
    public init(nilLiteral: ()) { self = .null }
    /// A truth.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A whole number.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// A number.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// A text.
    public init(stringLiteral value: String) { self = .text(value) }
    /// An array.
    public init(arrayLiteral elements: Value...) { self = .array(elements) }
    /// A map; the last of equal keys counts.
    public init(dictionaryLiteral elements: (String, Value)...) {
        self = .map(Dictionary(elements) { _, last in last })
    }
}
