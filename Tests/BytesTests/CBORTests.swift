import Bytes
import Testing

@Suite("CBOR")
struct CBORTests {
    /// RFC 8949 appendix A, the lines within the JSON data model and text keys.
    static let vectors: [(hex: String, value: CBORValue)] = [
        ("00", .integer(0)), ("01", .integer(1)), ("0a", .integer(10)), ("17", .integer(23)),
        ("1818", .integer(24)), ("1819", .integer(25)), ("1864", .integer(100)),
        ("1903e8", .integer(1000)), ("1a000f4240", .integer(1_000_000)),
        ("1b000000e8d4a51000", .integer(1_000_000_000_000)),
        ("20", .integer(-1)), ("29", .integer(-10)), ("3863", .integer(-100)),
        ("3903e7", .integer(-1000)), ("3b7fffffffffffffff", .integer(.min)),
        ("f90000", .double(0)), ("f98000", .double(-0.0)), ("f93c00", .double(1)),
        ("fb3ff199999999999a", .double(1.1)), ("f93e00", .double(1.5)), ("f97bff", .double(65504)),
        ("fa47c35000", .double(100_000)), ("fa7f7fffff", .double(3.4028234663852886e+38)),
        ("fb7e37e43c8800759c", .double(1.0e+300)), ("f90001", .double(5.960464477539063e-8)),
        ("f90400", .double(0.00006103515625)), ("f9c400", .double(-4)),
        ("fbc010666666666666", .double(-4.1)), ("f97c00", .double(.infinity)),
        ("f9fc00", .double(-.infinity)),
        ("f4", .bool(false)), ("f5", .bool(true)), ("f6", .null),
        ("40", .bytes([])), ("4401020304", .bytes([1, 2, 3, 4])),
        ("60", .text("")), ("6161", .text("a")), ("6449455446", .text("IETF")),
        ("62225c", .text("\"\\")), ("62c3bc", .text("\u{FC}")), ("63e6b0b4", .text("\u{6C34}")),
        ("64f0908591", .text("\u{10151}")),
        ("80", .array([])), ("83010203", .array([.integer(1), .integer(2), .integer(3)])),
        (
            "8301820203820405",
            .array([
                .integer(1), .array([.integer(2), .integer(3)]),
                .array([.integer(4), .integer(5)]),
            ])
        ),
        ("a0", .map([])),
        (
            "a26161016162820203",
            .map([
                CBORValue.Pair("a", .integer(1)),
                CBORValue.Pair("b", .array([.integer(2), .integer(3)])),
            ])
        ),
        (
            "826161a161626163",
            .array([.text("a"), .map([CBORValue.Pair("b", .text("c"))])])
        ),
    ]

    @Test("the examples of RFC 8949 read and write as they stand there", arguments: vectors)
    func vector(hex: String, value: CBORValue) throws {
        let bytes = try #require(Hex.bytes(hex))
        #expect(try CBORValue(decoding: bytes.span) == value)
        #expect(Hex.string(encoded(value).span) == hex)
    }

    @Test("NaN has one encoding")
    func notANumber() throws {
        #expect(Hex.string(encoded(.double(.nan)).span) == "f97e00")
        let read = try CBORValue(decoding: [0xF9, 0x7E, 0x00].span)
        #expect(read.number?.isNaN == true)
    }

    static let refused: [(hex: String, code: CBORError.Code)] = [
        ("", .truncated), ("18", .truncated), ("1903", .truncated), ("61", .truncated),
        ("4401", .truncated), ("8301", .truncated), ("a16161", .truncated),
        ("0000", .trailingBytes), ("f6f6", .trailingBytes),
        ("1b8000000000000000", .outOfRange), ("1bffffffffffffffff", .outOfRange),
        ("3b8000000000000000", .outOfRange),
        ("a2616201616100", .notDeterministic), ("a2616101616102", .notDeterministic),
        ("a262616101616202", .notDeterministic),
        ("1800", .notDeterministic), ("190017", .notDeterministic),
        ("1b0000000000000001", .notDeterministic), ("780161", .notDeterministic),
        ("fb3ff0000000000000", .notDeterministic), ("fa3f800000", .notDeterministic),
        ("f97e01", .notDeterministic), ("61ff", .notDeterministic),
        ("62c328", .notDeterministic), ("63eda080", .notDeterministic),
        ("a10102", .unexpectedType), ("c074", .unsupported), ("ff", .unsupported),
        ("9f01ff", .unsupported), ("5f4101ff", .unsupported), ("bf616101ff", .unsupported),
        ("1c", .unsupported), ("f7", .unexpectedType), ("f0", .unexpectedType),
    ]

    @Test("what is not deterministic CBOR in the JSON data model is refused", arguments: refused)
    func refusal(hex: String, code: CBORError.Code) throws {
        let bytes = try #require(Hex.bytes(hex))
        #expect(throws: CBORError.self) { try CBORValue(decoding: bytes.span) }
        do {
            _ = try CBORValue(decoding: bytes.span)
        } catch {
            #expect(error.code == code, "\(hex): \(error)")
        }
    }

    @Test("nesting beyond the limit is refused, not followed", arguments: [200, 100_000])
    func deep(levels: Int) {
        for opener in [[UInt8(0x81)], [0xA1, 0x61, 0x61]] {
            let bytes = Array(repeatElement(opener, count: levels).joined()) + [0x00]
            #expect(throws: CBORError.self) { try CBORValue(decoding: bytes.span) }
        }
    }

    @Test("a count that no input could hold is refused before anything is reserved")
    func hugeCounts() throws {
        for major in [UInt8(2), 3, 4, 5] {
            for count in [UInt64(1) << 40, 1 << 62, .max, UInt64(Int.max)] {
                var writer = CBORWriter()
                writer.head(major: major, count)
                let bytes = writer.bytes + [0x00]
                #expect(throws: CBORError.self) { try CBORValue(decoding: bytes.span) }
                #expect(throws: CBORError.self) {
                    var reader = CBORReader(bytes.span)
                    try reader.skip()
                }
            }
        }
    }

    @Test("every tree reads back as it was written, and has one encoding")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<PropertyCases.count(2000) {
            let value = randomValue(&generator, depth: 0)
            let bytes = encoded(value)
            let read = try CBORValue(decoding: bytes.span)
            #expect(encoded(read) == bytes)
            var reader = CBORReader(bytes.span)
            try reader.skip()
            let isAtEnd = reader.isAtEnd
            #expect(isAtEnd)
            for end in 0..<min(bytes.count, 24) {
                let cut = Array(bytes[..<end])
                #expect(throws: CBORError.self) { try CBORValue(decoding: cut.span) }
            }
        }
    }

    @Test("hostile bytes are skipped or refused, and leave the cursor inside")
    func hostile() {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<PropertyCases.count(20_000) {
            let bytes = generator.bytes(Int.random(in: 0...40, using: &generator))
            var reader = CBORReader(bytes.span)
            try? reader.skip()
            let offset = reader.offset
            #expect((0...bytes.count).contains(offset))
            guard let value = try? CBORValue(decoding: bytes.span) else { continue }
            #expect(encoded(value) == bytes)
        }
    }

    @Test("a tag is skipped together with the item after it")
    func tagged() throws {
        let bytes = try #require(Hex.bytes("c11a514b67b003"))
        var reader = CBORReader(bytes.span)
        try reader.skip()
        let next = try reader.integer()
        #expect(next == 3)
    }

    @Test("every half-precision number goes through binary64 and back")
    func halves() throws {
        for bits in UInt16.min...UInt16.max {
            let bytes = [0xF9, UInt8(bits >> 8), UInt8(bits & 0xFF)]
            var reader = CBORReader(bytes.span)
            let number = try reader.number()
            if number.isNaN { continue }
            var writer = CBORWriter()
            writer.double(number)
            #expect(writer.bytes == bytes)
        }
    }

    @Test("a typed read of another type says where and what it expected")
    func typedReads() throws {
        let text: [UInt8] = [0x00, 0x61, 0x61]
        var reader = CBORReader(text.span)
        reader.offset = 1
        do {
            _ = try reader.integer()
            Issue.record("an integer was read from text")
        } catch {
            #expect(error == CBORError(.unexpectedType, at: 1, expected: "integer"))
        }
    }

    private func encoded(_ value: CBORValue) -> [UInt8] {
        var writer = CBORWriter()
        value.encode(into: &writer)
        return writer.bytes
    }

    private func randomValue(_ generator: inout SeededGenerator, depth: Int) -> CBORValue {
        switch Int.random(in: 0...(depth < 4 ? 8 : 5), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2:
            let value = Int(truncatingIfNeeded: generator.next())
            return .integer(value >> Int.random(in: 0...63, using: &generator))
        case 3: return .double(Double(bitPattern: generator.next()))
        case 4: return .text(randomText(&generator))
        case 5: return .bytes(generator.bytes(Int.random(in: 0...300, using: &generator)))
        case 6, 7:
            let count = Int.random(in: 0...5, using: &generator)
            return .array((0..<count).map { _ in randomValue(&generator, depth: depth + 1) })
        default:
            let keys = Set((0..<5).map { _ in Array(randomText(&generator).utf8) })
            return .map(
                keys.map { key in
                    let name = String(decoding: key, as: UTF8.self)
                    return CBORValue.Pair(name, randomValue(&generator, depth: depth + 1))
                }
            )
        }
    }

    private func randomText(_ generator: inout SeededGenerator) -> String {
        let alphabet = Array("ab z\u{E9}\u{6C34}\u{1F600}e\u{301}\n\"".unicodeScalars)
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...30, using: &generator) {
            text.append(alphabet[Int.random(in: 0..<alphabet.count, using: &generator)])
        }
        return String(text)
    }
}
