import Bytes
import Testing

@testable import PluginHost

@Suite("Bytes in messages of JSON")
struct WireEncodingTests {
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
