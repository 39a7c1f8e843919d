import Bytes
import Testing

@Suite("JSON writer")
struct JSONWriterTests {
    static let strings: [(text: String, json: String)] = [
        ("", #""""#), ("plain", #""plain""#), ("a\"b\\c", #""a\"b\\c""#),
        ("\n\r\t", #""\n\r\t""#), ("\u{0}\u{1B}\u{7F}", #""\u0000\u001b\u007f""#),
        ("\u{85}\u{9F}\u{A0}", "\"\\u0085\\u009f\u{A0}\""),
        ("\u{2027}\u{2028}\u{2029}", "\"\u{2027}\\u2028\\u2029\""),
        ("\u{202E}x\u{2066}\u{200F}\u{61C}\u{FEFF}", #""\u202ex\u2066\u200f\u061c\ufeff""#),
        ("\u{E9}\u{6C34}\u{1F600}\u{627}\u{60C}", "\"\u{E9}\u{6C34}\u{1F600}\u{627}\u{60C}\""),
        ("</script>", #""</script>""#),
    ]

    @Test("strings are escaped where they could act on what shows them", arguments: strings)
    func string(text: String, json: String) {
        var writer = JSONWriter()
        writer.string(text)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == json)
    }

    @Test("no unsafe code point is ever written as it is")
    func everyScalar() {
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value), TerminalText.isUnsafe(value) else { continue }
            var writer = JSONWriter()
            writer.string("a\(scalar)b")
            let isASCII = writer.bytes.allSatisfy { (0x20..<0x7F).contains($0) }
            #expect(isASCII, "U+\(String(value, radix: 16))")
        }
    }

    static let numbers: [(value: Double, json: String)] = [
        (0, "0"), (-0.0, "0"), (12, "12"), (-3, "-3"), (0.1, "0.1"), (1e15, "1000000000000000.0"),
        (1.5e300, "1.5e+300"), (.nan, "null"), (.infinity, "null"),
        (999_999_999_999_999, "999999999999999"),
    ]

    @Test("numbers come out as JSON knows them", arguments: numbers)
    func number(value: Double, json: String) {
        var writer = JSONWriter()
        writer.double(value)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == json)
    }

    @Test("commas stand between members and elements, and nowhere else")
    func commas() {
        var writer = JSONWriter()
        writer.beginArray()
        writer.integer(.min)
        writer.beginObject()
        writer.endObject()
        writer.beginObject()
        writer.key("a")
        writer.beginArray()
        writer.endArray()
        writer.key("b")
        writer.bool(true)
        writer.endObject()
        writer.string(nil)
        writer.raw(Array("1,2".utf8).span)
        writer.value(.bytes([0xFB, 0xFF]))
        writer.endArray()
        writer.newline()
        writer.null()
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == "[-9223372036854775808,{},{\"a\":[],\"b\":true},null,1,2,\"-_8\"]\nnull"
        )
    }
}
