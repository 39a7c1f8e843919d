/// CBOR (RFC 8949) of definite lengths, an item at a time.
struct CBORReader {
    private let bytes: ArraySlice<UInt8>
    private var place: Int

    /// The value that the bytes hold, and nothing else.
    static func value(of bytes: ArraySlice<UInt8>) throws -> Value {
        var reader = CBORReader(bytes: bytes, place: bytes.startIndex)
        let value = try reader.value()
        guard reader.place == bytes.endIndex else { throw reader.wrong("more after an item") }
        return value
    }

    private func wrong(_ what: String) -> EncodingError {
        EncodingError(description: "\(what) at byte \(place - bytes.startIndex)")
    }

    private mutating func head() throws -> (major: UInt8, info: UInt8, count: UInt64) {
        guard place < bytes.endIndex else { throw wrong("an end too early") }
        let first = bytes[place]
        let info = first & 31
        place += 1
        guard info >= 24 else { return (first >> 5, info, UInt64(info)) }
        guard info < 28 else { throw wrong("a length that is not definite") }
        let digits = try take(UInt64(1) << UInt64(info - 24))
        return (first >> 5, info, digits.reduce(0) { $0 << 8 | UInt64($1) })
    }

    private mutating func take(_ count: UInt64) throws -> ArraySlice<UInt8> {
        guard count <= UInt64(bytes.endIndex - place) else { throw wrong("an end too early") }
        defer { place += Int(count) }
        return bytes[place..<place + Int(count)]
    }

    private mutating func value() throws -> Value {
        let (major, info, count) = try head()
        switch major {
        case 0: return Int(exactly: count).map { .integer($0) } ?? .double(Double(count))
        case 1: return Int(exactly: count).map { .integer(-1 - $0) } ?? .double(-1 - Double(count))
        case 2: return .bytes(Array(try take(count)))
        case 3: return .text(String(decoding: try take(count), as: UTF8.self))
        case 4:
            var items: [Value] = []
            for _ in 0..<count { items.append(try value()) }
            return .array(items)
        case 5:
            var members: [String: Value] = [:]
            for _ in 0..<count {
                guard let key = try value().text else { throw wrong("a key that is no text") }
                members[key] = try value()
            }
            return .map(members)
        // A tag says something of the item after it.
        case 6: return try value()
        default: return simple(info, count)
        }
    }

    private func simple(_ info: UInt8, _ bits: UInt64) -> Value {
        switch info {
        case 20: .bool(false)
        case 21: .bool(true)
        case 25: .double(Self.double(half: UInt16(bits)))
        case 26: .double(Double(Float(bitPattern: UInt32(bits))))
        case 27: .double(Double(bitPattern: bits))
        default: .null
        }
    }

    private static func double(half bits: UInt16) -> Double {
        let sign: Double = bits & 0x8000 == 0 ? 1 : -1
        let fraction = Double(bits & 0x3FF)
        switch Int(bits >> 10 & 31) {
        case 0: return sign * fraction * 0x1p-24
        case 31: return fraction == 0 ? sign * .infinity : .nan
        case let exponent:
            return sign
                * Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
        }
    }
}

/// CBOR (RFC 8949) of definite lengths.
enum CBORWriter {
    static func append(_ value: Value, to item: inout [UInt8]) throws {
        switch value {
        case .null: item.append(0xF6)
        case .bool(let truth): item.append(truth ? 0xF5 : 0xF4)
        case .integer(let number):
            appendHead(number < 0 ? 1 : 0, UInt64(number < 0 ? -1 - number : number), to: &item)
        case .double(let number):
            guard number.isFinite else {
                throw EncodingError(description: "a number that is not finite")
            }
            item.append(0xFB)
            for shift in stride(from: 56, through: 0, by: -8) {
                item.append(UInt8(truncatingIfNeeded: number.bitPattern >> UInt64(shift)))
            }
        case .text(var text):
            text.withUTF8 {
                appendHead(3, UInt64($0.count), to: &item)
                item += $0
            }
        case .bytes(let bytes):
            appendHead(2, UInt64(bytes.count), to: &item)
            item += bytes
        case .array(let items):
            appendHead(4, UInt64(items.count), to: &item)
            for part in items { try append(part, to: &item) }
        case .map(let members):
            appendHead(5, UInt64(members.count), to: &item)
            for (key, member) in members.sorted(by: { $0.key < $1.key }) {
                try append(.text(key), to: &item)
                try append(member, to: &item)
            }
        }
    }

    private static func appendHead(_ major: UInt8, _ count: UInt64, to item: inout [UInt8]) {
        let widths: [(info: UInt8, bytes: UInt64)] = [(24, 1), (25, 2), (26, 4), (27, 8)]
        guard count >= 24 else { return item.append(major << 5 | UInt8(count)) }
        let width = widths.first { $0.bytes == 8 || count >> ($0.bytes * 8) == 0 } ?? (27, 8)
        item.append(major << 5 | width.info)
        for index in (0..<width.bytes).reversed() {
            item.append(UInt8(truncatingIfNeeded: count >> (index * 8)))
        }
    }
}
