import Bytes
import Testing

@testable import PluginHost

<<<<<<<< HEAD:Tests/PluginHostTests/Base64Tests.swift
@Suite("Bytes in JSON")
struct Base64Tests {
    @Test(
        "are base64 with padding",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ]
    )
    func vectors(text: String, expected: String) {
        // RFC 4648 §10.
        #expect(Base64.standard.string(Array(text.utf8)) == expected)
    }

========
@Suite("Bytes in messages of JSON")
struct WireEncodingTests {
>>>>>>>> b42b4f0e0dde6784599e0e56caa5eeb1ac187c07:Tests/PluginHostTests/WireEncodingTests.swift
    @Test("have the signs of base64, not of base64url, wherever they stand in a message")
    func message() {
        var bytes: [UInt8] = []
        let value = CBORValue.array([
            .map([CBORValue.Pair("bytes", .bytes([0xFB, 0xFF, 0xBF, 0xFE]))])
        ])
        WireEncoding.json.append(value, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "[{\"bytes\":\"+/+//g==\"}]\n")
    }
}
