/// What is no JSON, or no CBOR, or cannot be written as either.
struct EncodingError: Error, CustomStringConvertible {
    let description: String
}

/// JSON (RFC 8259), a value at a time.
struct JSONReader {
    private let bytes: ArraySlice<UInt8>
    private var place: Int

    /// The value that the bytes hold, and nothing else.
    static func value(of bytes: ArraySlice<UInt8>) throws -> Value {
        var reader = JSONReader(bytes: bytes, place: bytes.startIndex)
        let value = try reader.value()
        reader.skipSpace()
        guard reader.place == bytes.endIndex else { throw reader.wrong("more after a value") }
        return value
    }

    private func wrong(_ what: String) -> EncodingError {
        EncodingError(description: "\(what) at byte \(place - bytes.startIndex)")
    }

    private mutating func skipSpace() {
        while place < bytes.endIndex, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
    }

    /// The next byte that is no space.
    private mutating func peek() throws -> UInt8 {
        skipSpace()
        guard place < bytes.endIndex else { throw wrong("an end too early") }
        return bytes[place]
    }

    private mutating func value() throws -> Value {
        switch try peek() {
        case UInt8(ascii: "{"): return .map(try members())
        case UInt8(ascii: "["): return .array(try items())
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ word: String, _ value: Value) throws -> Value {
        guard bytes[place...].starts(with: word.utf8) else { throw wrong("no value") }
        place += word.utf8.count
        return value
    }

    private mutating func items() throws -> [Value] {
        var items: [Value] = []
        place += 1
        if try peek() == UInt8(ascii: "]") {
            place += 1
            return items
        }
        while true {
            items.append(try value())
            if try isLast(UInt8(ascii: "]")) { return items }
        }
    }

    private mutating func members() throws -> [String: Value] {
        var members: [String: Value] = [:]
        place += 1
        if try peek() == UInt8(ascii: "}") {
            place += 1
            return members
        }
        while true {
            guard try peek() == UInt8(ascii: "\"") else { throw wrong("no name") }
            let name = try string()
            guard try peek() == UInt8(ascii: ":") else { throw wrong("no colon") }
            place += 1
            members[name] = try value()
            if try isLast(UInt8(ascii: "}")) { return members }
        }
    }

    private mutating func isLast(_ end: UInt8) throws -> Bool {
        let next = try peek()
        guard next == end || next == UInt8(ascii: ",") else { throw wrong("no comma and no end") }
        place += 1
        return next == end
    }

    private mutating func number() throws -> Value {
        let start = place
        while place < bytes.endIndex, "+-.0123456789Ee".utf8.contains(bytes[place]) { place += 1 }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        if let whole = Int(text) { return .integer(whole) }
        guard let number = Double(text), number.isFinite else { throw wrong("no value") }
        return .double(number)
    }

    private mutating func string() throws -> String {
        place += 1
        let start = place
        // What came before the last escape; a text without one is copied once.
        var unescaped: [UInt8] = []
        var copied = place
        while place < bytes.endIndex {
            switch bytes[place] {
            case UInt8(ascii: "\""):
                defer { place += 1 }
                if copied == start { return String(decoding: bytes[start..<place], as: UTF8.self) }
                unescaped.append(contentsOf: bytes[copied..<place])
                return String(decoding: unescaped, as: UTF8.self)
            case UInt8(ascii: "\\"):
                unescaped.append(contentsOf: bytes[copied..<place])
                place += 1
                unescaped.append(contentsOf: try escape())
                copied = place
            default: place += 1
            }
        }
        throw wrong("a string without an end")
    }

    /// The character after a backslash.
    private mutating func escape() throws -> [UInt8] {
        guard place < bytes.endIndex else { throw wrong("an end too early") }
        let letter = bytes[place]
        place += 1
        switch letter {
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return Array(String(Character(try escapedScalar())).utf8)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [letter]
        default: throw wrong("no escape")
        }
    }

    /// Of a surrogate without its other half nothing is left but U+FFFD.
    private mutating func escapedScalar() throws -> Unicode.Scalar {
        let first = try fourDigits()
        let isPair = (0xD800..<0xDC00).contains(first) && bytes[place...].starts(with: "\\u".utf8)
        guard isPair else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
        let back = place
        place += 2
        let second = try fourDigits()
        guard (0xDC00..<0xE000).contains(second) else {
            place = back
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func fourDigits() throws -> UInt32 {
        let digits = bytes[place...].prefix(4)
        guard digits.count == 4,
            let number = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else {
            throw wrong("no escape")
        }
        place += 4
        return number
    }
}

/// JSON (RFC 8259), without a line feed.
enum JSONWriter {
    private static let digits = Array("0123456789abcdef".utf8)

    static func append(_ value: Value, to json: inout [UInt8]) throws {
        switch value {
        case .null: json += "null".utf8
        case .bool(let truth): json += (truth ? "true" : "false").utf8
        case .integer(let number): json += String(number).utf8
        case .double(let number):
            guard number.isFinite else {
                throw EncodingError(description: "a number that is not finite")
            }
            json += number.description.utf8
        case .text(let text): append(text, to: &json)
        case .bytes(let bytes):
            json.append(0x22)
            Base64.append(bytes, to: &json)
            json.append(0x22)
        case .array(let items):
            json.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { json.append(UInt8(ascii: ",")) }
                try append(item, to: &json)
            }
            json.append(UInt8(ascii: "]"))
        case .map(let members):
            json.append(UInt8(ascii: "{"))
            for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { json.append(UInt8(ascii: ",")) }
                append(member.key, to: &json)
                json.append(UInt8(ascii: ":"))
                try append(member.value, to: &json)
            }
            json.append(UInt8(ascii: "}"))
        }
    }

    private static func append(_ text: String, to json: inout [UInt8]) {
        json.append(0x22)
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C: json += [0x5C, byte]
            case 0x0A: json += "\\n".utf8
            case 0..<0x20: json += "\\u00".utf8 + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: json.append(byte)
            }
        }
        json.append(0x22)
    }
}
