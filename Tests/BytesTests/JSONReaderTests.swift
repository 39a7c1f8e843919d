import Bytes
import Foundation
import Testing

@Suite("JSON reader")
struct JSONReaderTests {
    static let accepted: [(json: String, value: CBORValue)] = [
        ("null", .null), (" true ", .bool(true)), ("false", .bool(false)),
        ("0", .integer(0)), ("-0", .integer(0)), ("-12", .integer(-12)),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .double(9_223_372_036_854_775_808)),
        ("1.5", .double(1.5)), ("1e3", .double(1000)), ("1E-2", .double(0.01)),
        ("1e+2", .double(100)), ("0.0", .double(0)),
        (#""""#, .text("")), (#""a\"\\\/\b\f\n\r\tz""#, .text("a\"\\/\u{8}\u{C}\n\r\tz")),
        (#""\u00e9\u6C34""#, .text("\u{E9}\u{6C34}")), (#""\uD83D\uDE00""#, .text("\u{1F600}")),
        (#""\ud83d""#, .text("\u{FFFD}")), (#""\ude00x""#, .text("\u{FFFD}x")),
        (#""\ud83d\ud83d\ude00""#, .text("\u{FFFD}\u{1F600}")),
        (#""\ud83d\n""#, .text("\u{FFFD}\n")), (#""\u0000""#, .text("\u{0}")),
        ("[]", .array([])), ("[ 1 ,\t2\r\n]", .array([.integer(1), .integer(2)])),
        ("{}", .map([])),
        (
            #"{"bb":1,"a":{"c":[null]}}"#,
            .map([
                CBORValue.Pair("a", .map([CBORValue.Pair("c", .array([.null]))])),
                CBORValue.Pair("bb", .integer(1)),
            ])
        ),
        (#"{"a":1,"a":2}"#, .map([CBORValue.Pair("a", .integer(2))])),
        (
            #"{"\u0061":1,"b":0,"a":2}"#,
            .map([CBORValue.Pair("a", .integer(2)), CBORValue.Pair("b", .integer(0))])
        ),
    ]

    @Test("JSON is read into a tree with keys in CBOR's order", arguments: accepted)
    func accepts(json: String, value: CBORValue) throws {
        #expect(try tree(json) == value)
        let bytes = Array(json.utf8)
        var reader = JSONReader(bytes.span)
        try reader.skip()
        try reader.end()
    }

    static let refused: [(json: String, offset: Int)] = [
        ("", 0), ("  ", 2), ("nul", 0), ("nulL", 0), ("tru", 0), ("+1", 0), (".5", 0), ("-", 0),
        ("01", 0), ("-01", 0), ("1.", 2), ("1.e3", 2), ("1e", 2), ("1e+", 3), ("1 2", 2),
        ("1e400", 0), ("NaN", 0), ("'a'", 0),
        (#"""#, 1), (#""a"#, 2), (#""\"#, 1), (#""\x""#, 1), (#""\u12""#, 3), (#""\u12G4""#, 5),
        ("\"\t\"", 1), ("\"a\u{1}\"", 2), ("\"0123456789\u{1F}\"", 11),
        ("[", 1), ("[1", 2), ("[1,", 3), ("[1,]", 3), ("[,1]", 1), ("[1 2]", 3), ("]", 0),
        ("{", 1), (#"{"a""#, 4), (#"{"a":"#, 5), (#"{"a":1"#, 6), (#"{"a":1,}"#, 7),
        (#"{a:1}"#, 1), (#"{"a" 1}"#, 5), (#"{1:2}"#, 1), (#"{"a":1 "b":2}"#, 7),
        ("\u{FEFF}1", 0), ("1 // one", 2),
    ]

    @Test("what is not JSON is refused with its place, read or skipped", arguments: refused)
    func refuses(json: String, offset: Int) {
        for isSkipping in [false, true] {
            let bytes = Array(json.utf8)
            do {
                var reader = JSONReader(bytes.span)
                if isSkipping { try reader.skip() } else { _ = try reader.value() }
                try reader.end()
                if json == "1e400" && isSkipping { continue }
                Issue.record("\(json) was taken for JSON")
            } catch {
                #expect(error.offset == offset, "\(json) \(error)")
            }
        }
    }

    @Test("text cut at any byte is refused at or before the cut")
    func truncation() {
        let json =
            #"{"id":"a\u00e9\ud83d\ude00","n":[-1.5e+3,true,null,{"k":"v\\"}],"t":"x y z w"}"#
        let bytes = Array(json.utf8)
        for end in 0..<bytes.count {
            for isSkipping in [false, true] {
                do {
                    var reader = JSONReader(bytes.span.extracting(0..<end))
                    if isSkipping { try reader.skip() } else { _ = try reader.value() }
                    Issue.record("cut at \(end) was read")
                } catch {
                    #expect(error.offset <= end)
                }
            }
        }
    }

    @Test("nesting is followed to 64 levels", arguments: ["[", #"{"a":"#])
    func depth(opener: String) throws {
        let closer = opener == "[" ? "]" : "}"
        for (levels, isFine) in [(64, true), (65, false), (200_000, false)] {
            let json =
                String(repeating: opener, count: levels) + "1"
                + String(repeating: closer, count: levels)
            let bytes = Array(json.utf8)
            let isRead = (try? tree(json)) != nil
            #expect(isRead == isFine)
            var reader = JSONReader(bytes.span)
            let isSkipped = (try? reader.skip()) != nil
            #expect(isSkipped == isFine)
        }
        // Whatever is read can be written as CBOR and read again.
        let deepest = try tree(
            String(repeating: opener, count: 64) + "1" + String(repeating: closer, count: 64)
        )
        var writer = CBORWriter()
        deepest.encode(into: &writer)
        #expect(try CBORValue(decoding: writer.bytes.span) == deepest)
    }

    @Test("many keys take no quadratic time, and the last of equal keys counts")
    func manyKeys() throws {
        let json =
            "{" + (0..<40_000).map { "\"k\($0 % 20000)\":\($0)" }.joined(separator: ",") + "}"
        let pairs = try tree(json).pairs
        #expect(pairs.count == 20_000)
        #expect(pairs.first?.key == "k0")
        #expect(pairs.first?.value == .integer(20_000))
    }

    @Test("random trees read as Foundation reads them, and come back through the writer")
    func differential() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<PropertyCases.count(600) {
            var writer = JSONWriter()
            writeRandom(&writer, &generator, depth: 0)
            let mine = try tree(String(decoding: writer.bytes, as: UTF8.self))
            var again = JSONWriter()
            again.value(mine)
            let theirs = try JSONSerialization.jsonObject(
                with: Data(writer.bytes),
                options: [.fragmentsAllowed]
            )
            let theirsAgain = try JSONSerialization.jsonObject(
                with: Data(again.bytes),
                options: [.fragmentsAllowed]
            )
            #expect(NSArray(object: theirs) == NSArray(object: theirsAgain))
            #expect(try tree(String(decoding: again.bytes, as: UTF8.self)) == mine)
        }
    }

    @Test("mutated JSON is never taken where Foundation refuses it")
    func mutation() {
        var generator = SeededGenerator(seed: 4)
        let seed = Array(#"{"a":[1,-2.5e3,"x\n\u00e9"],"b":{"c":null,"d":true},"e":""}"#.utf8)
        for _ in 0..<PropertyCases.count(8000) {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                let letters = Array("{}[]\",:\\u0e-+.1tfn \t".utf8)
                bytes[place] = letters[Int.random(in: 0..<letters.count, using: &generator)]
            }
            let mine = (try? tree(String(decoding: bytes, as: UTF8.self))) != nil
            var reader = JSONReader(bytes.span)
            let skipped = (try? reader.skip()) != nil && (try? reader.end()) != nil
            #expect(mine == skipped || mine == false)
            let theirs =
                (try? JSONSerialization.jsonObject(
                    with: Data(bytes),
                    options: [.fragmentsAllowed]
                )) != nil
            if mine && !theirs {
                // Foundation also refuses lone surrogates and what it takes for overflow.
                let text = String(decoding: bytes, as: UTF8.self)
                #expect(text.contains("\\u") || text.contains("e"), "\(text)")
            }
        }
    }

    private func tree(_ json: String) throws -> CBORValue {
        let bytes = Array(json.utf8)
        var reader = JSONReader(bytes.span)
        let value = try reader.value()
        try reader.end()
        return value
    }

    private func writeRandom(
        _ writer: inout JSONWriter,
        _ generator: inout SeededGenerator,
        depth: Int
    ) {
        switch Int.random(in: 0...(depth < 4 ? 7 : 4), using: &generator) {
        case 0: writer.null()
        case 1: writer.bool(Bool.random(using: &generator))
        case 2: writer.integer(Int(truncatingIfNeeded: generator.next()) >> 12)
        case 3: writer.double(Double.random(in: -1e6...1e6, using: &generator))
        case 4, 5:
            let scalars = Array("a\"\\\u{1}\n\u{E9}\u{2028}\u{1F600}\u{7F}/".unicodeScalars)
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...20, using: &generator) {
                text.append(scalars[Int.random(in: 0..<scalars.count, using: &generator)])
            }
            writer.string(String(text))
        case 6:
            writer.beginArray()
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                writeRandom(&writer, &generator, depth: depth + 1)
            }
            writer.endArray()
        default:
            writer.beginObject()
            for key in 0..<Int.random(in: 0...4, using: &generator) {
                writer.key("key\(key)")
                writeRandom(&writer, &generator, depth: depth + 1)
            }
            writer.endObject()
        }
    }
}
