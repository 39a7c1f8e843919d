import Testing

@testable import PluginKit

@Suite("Messages")
struct EncodingTests {
    // RFC 8949, appendix A.
    @Test(
        "are written and read in CBOR as the RFC has them",
        arguments: [
            (.integer(0), "00"), (.integer(23), "17"), (.integer(24), "1818"),
            (.integer(1000), "1903e8"),
            (.integer(1_000_000), "1a000f4240"),
            (.integer(1_000_000_000_000), "1b000000e8d4a51000"),
            (.integer(-1), "20"), (.integer(-1000), "3903e7"),
            (.integer(.min), "3b7fffffffffffffff"),
            (1.1, "fb3ff199999999999a"), (false, "f4"), (true, "f5"), (nil, "f6"),
            (.bytes([1, 2, 3, 4]), "4401020304"), ("", "60"), ("ü", "62c3bc"),
            ("\u{10151}", "64f0908591"),
            ([1, [2, 3], [4, 5]], "8301820203820405"),
            (["a": 1, "b": [2, 3]], "a26161016162820203"),
        ] as [(Value, String)]
    )
    func cbor(value: Value, hex: String) throws {
        var item: [UInt8] = []
        try CBORWriter.append(value, to: &item)
        #expect(item == bytes(hex))
        #expect(try CBORReader.value(of: item[...]) == value)
    }

    @Test(
        "are read in CBOR with shorter numbers and tags",
        arguments: [
            ("f93c00", 1.0), ("f9c400", -4.0), ("fa47c35000", 100_000.0),
            ("c11a514b67b0", 1_363_896_240),
        ]
    )
    func shorter(hex: String, expected: Double) throws {
        #expect(try CBORReader.value(of: bytes(hex)[...]).double == expected)
    }

    @Test(
        "are refused where they are no CBOR",
        arguments: ["", "5f", "6261", "8201", "0000", "a10102", "fc"]
    )
    func noCBOR(hex: String) {
        #expect(throws: EncodingError.self) { try CBORReader.value(of: bytes(hex)[...]) }
    }

    @Test(
        "are read in JSON",
        arguments: [
            (
                #" {"a" : [ 1 , -2.5e1, true,false,null, {} , []] } "#,
                ["a": [1, -25.0, true, false, nil, [:], []]]
            ),
            (#""\u0416\ud834\udd1e\n\"\\\/\u0000 x""#, "Ж𝄞\n\"\\/\0 x"),
            (#""\ud834 \udd1e\ud834\u0041""#, "\u{FFFD} \u{FFFD}\u{FFFD}A"),
            ("\"plain Ж𝄞 \u{2028}\"", "plain Ж𝄞 \u{2028}"),
            ("12345678901234567890", 12_345_678_901_234_567_890.0),
        ] as [(String, Value)]
    )
    func json(text: String, expected: Value) throws {
        #expect(try JSONReader.value(of: Array(text.utf8)[...]) == expected)
    }

    @Test(
        "are refused where they are no JSON",
        arguments: [
            "", "{", "[1,]", "{\"a\"}", "{\"a\":1,}", "\"", "\"\\x\"", "\"\\u12\"", "nul", "1 2",
            "-", "1e999", "{1:2}",
        ]
    )
    func noJSON(text: String) {
        #expect(throws: EncodingError.self) { try JSONReader.value(of: Array(text.utf8)[...]) }
    }

    @Test("come back from JSON as they were, on one line")
    func roundTrip() throws {
        let value: Value = [
            "text": "Ж𝄞\n\r\t\0\u{1F}\"\\\u{7F}\u{2028}",
            "numbers": [0, -1, 1.5, 1e-7, 1e300, .integer(.max)],
            "list": [true, false, nil, [], [:]],
        ]
        var json: [UInt8] = []
        try JSONWriter.append(value, to: &json)
        #expect(!json.contains(0x0A))
        #expect(try JSONReader.value(of: json[...]) == value)
    }

    @Test("hold no number that is not finite", arguments: [Double.nan, .infinity])
    func finite(number: Double) {
        var bytes: [UInt8] = []
        #expect(throws: EncodingError.self) { try JSONWriter.append(.double(number), to: &bytes) }
        #expect(throws: EncodingError.self) { try CBORWriter.append(.double(number), to: &bytes) }
    }

    // RFC 4648 §10.
    @Test(
        "hold bytes in base64",
        arguments: [
            "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==",
            "fooba": "Zm9vYmE=",
        ]
    )
    func base64(plain: String, encoded: String) {
        var text: [UInt8] = []
        Base64.append(Array(plain.utf8), to: &text)
        #expect(String(decoding: text, as: UTF8.self) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
    }

    @Test(
        "are refused where bytes are no base64",
        arguments: ["Z", "Zg", "Zg=", "Zg==Zg==", "Z g=", "Zm9v=", "é==="]
    )
    func noBase64(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    private func bytes(_ hex: String) -> [UInt8] {
        stride(from: 0, to: hex.count, by: 2).map { offset in
            let start = hex.index(hex.startIndex, offsetBy: offset)
            return UInt8(hex[start..<hex.index(start, offsetBy: 2)], radix: 16) ?? 0
        }
    }
}
