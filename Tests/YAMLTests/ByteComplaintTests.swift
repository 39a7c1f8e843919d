internal import Testing
internal import YAML

@Suite("Refused bytes")
struct ByteComplaintTests {
    @Test("bytes that are not UTF-8 are all shown, a line each")
    func encoding() {
        let bytes = Array("é: ".utf8) + [0xFF, 0x0A] + Array("b: ".utf8) + [0xC3, 0x0A]
        #expect(
            complaint(bytes: bytes) == """
                p.yaml:1:4: error: the byte 0xFF is not UTF-8 [yaml.encoding]
                  1 | é: \\xFF
                    |    ^~~~
                  hint: save the file as UTF-8
                p.yaml:2:4: error: the byte 0xC3 is not UTF-8 [yaml.encoding]
                  2 | b: \\xC3
                    |    ^~~~
                  hint: save the file as UTF-8
                """
        )
    }

    @Test(
        "overlong, surrogate, cut and too large sequences are no UTF-8",
        arguments: [
            [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xF8, 0x88, 0x80, 0x80, 0x80], [0xE2, 0x82], [0x80],
        ] as [[UInt8]]
    )
    func malformed(_ bytes: [UInt8]) {
        let complaint = complaint(bytes: Array("a: ".utf8) + bytes)
        #expect(complaint.hasPrefix("p.yaml:1:4: error: the byte 0x"), "\(complaint)")
        #expect(complaint.contains("[yaml.encoding]"))
    }

    @Test("UTF-16 is named as such", arguments: [[0xFF, 0xFE], [0xFE, 0xFF]] as [[UInt8]])
    func wide(_ mark: [UInt8]) {
        #expect(
            complaint(bytes: mark + [0x61, 0x00]) == """
                p.yaml: error: the file is UTF-16 [yaml.encoding]
                  hint: save it as UTF-8
                """
        )
    }

    @Test("no more than twenty bad bytes are listed")
    func many() {
        let bytes = [UInt8](repeating: 0xFF, count: 1_000)
        let errors = #expect(throws: YAMLErrors.self) {
            try YAMLParser.parse(YAMLSource(name: "p.yaml", bytes: bytes))
        }
        #expect(errors?.diagnostics.count == 20)
    }

    @Test("a file of directives is refused before libyaml compares them")
    func directives() {
        let text = (0..<100_000).map { "%TAG !t\($0)! tag:\($0)\n" }.joined()
        #expect(
            complaint(text) == """
                p.yaml:33:1: error: more than 32 lines begin with % [yaml.too-many-directives]
                  33 | %TAG !t32! tag:32
                     | ^
                  hint: remove the directives; only tags of the core schema are supported
                """
        )
    }

    @Test("colours are only where asked for")
    func color() throws {
        let errors = try #require(throws: YAMLErrors.self) { try tree("a: 1\na: 2\n") }
        #expect(!errors.rendered(color: false).contains("\u{1B}"))
        let first = errors.rendered(color: true).split(separator: "\n").first
        #expect(
            first
                == "\u{1B}[1mp.yaml:2:1:\u{1B}[0m \u{1B}[1;31merror:\u{1B}[0m the key \"a\" is there twice [yaml.duplicate-key]"
        )
    }

    @Test("a file's name cannot act on a terminal")
    func fileName() {
        let diagnostic = Diagnostic(
            code: "t.e",
            "bad\u{1B}[2J\nname",
            file: "a\u{1B}[2J\u{202E}.yaml",
            hint: "no\u{7}"
        )
        #expect(
            diagnostic.rendered() == """
                a\\u{1B}[2J\\u{202E}.yaml: error: bad\\u{1B}[2J\\nname [t.e]
                  hint: no\\u{7}
                """
        )
    }
}
