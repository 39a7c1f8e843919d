import Bytes
import Testing

@Suite("UTF-8 and dates")
struct TextTests {
    @Test("UTF-8 is taken where String takes it, and faults are placed where it stops")
    func validation() {
        var generator = SeededGenerator(seed: 7)
        let pieces: [[UInt8]] = [
            [0x61], Array("plain ascii text".utf8), [0xC3, 0xA9], [0xE6, 0xB0, 0xB4],
            [0xF0, 0x9F, 0x98, 0x80], [0xEF, 0xBF, 0xBD], [0xC0, 0x80], [0xED, 0xA0, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0x80], [0xC3], [0xE6, 0xB0], [0xFF], [0xE0, 0x80, 0x80],
        ]
        for _ in 0..<PropertyCases.count(10_000) {
            let count = Int.random(in: 0...8, using: &generator)
            let bytes = (0..<count).flatMap { _ in
                // Mostly well formed, so that faults stand anywhere.
                let last = Int.random(in: 0...9, using: &generator) < 8 ? 6 : pieces.count
                return pieces[Int.random(in: 0..<last, using: &generator)]
            }
            let offset = UTF8Scalar.firstInvalidOffset(in: bytes.span)
            #expect((offset == nil) == (String(validating: bytes, as: UTF8.self) != nil))
            guard let offset else { continue }
            #expect(String(validating: bytes[..<offset], as: UTF8.self) != nil)
            for end in (offset + 1)..<min(offset + 2, bytes.count + 1) {
                #expect(String(validating: bytes[..<end], as: UTF8.self) == nil)
            }
        }
    }

    @Test("every code point is written and read back with its width")
    func scalars() {
        for value in UInt32(0)...0x10FFFF {
            var bytes: [UInt8] = []
            UTF8Scalar.append(value, to: &bytes)
            let (scalar, width) = UTF8Scalar.decode(bytes.span, at: 0)
            let expected = Unicode.Scalar(value)?.value ?? 0xFFFD
            guard scalar == expected, width == bytes.count else {
                Issue.record("U+\(String(value, radix: 16)) read as \(scalar), \(width)")
                return
            }
        }
    }

    static let terminal = [
        ("plain \u{E9}\u{6C34}", "plain \u{E9}\u{6C34}"), ("\u{1B}[31m", "\\u{1b}[31m"),
        ("a\nb", "a\\u{a}b"), ("\u{9B}x\u{7F}", "\\u{9b}x\\u{7f}"),
        ("\u{202E}abc\u{2069}\u{200F}", "\\u{202e}abc\\u{2069}\\u{200f}"),
        ("\u{2028}\u{FEFF}\u{61C}", "\\u{2028}\\u{feff}\\u{61c}"),
    ]

    @Test("what could act on a terminal is spelled out", arguments: terminal)
    func terminalText(text: String, shown: String) {
        #expect(TerminalText.escaped(text) == shown)
    }

    @Test("lines are kept where lines are wanted")
    func terminalLines() {
        #expect(TerminalText.escaped("a\nb\r", keepingLines: true) == "a\nb\\u{d}")
    }

    static let dates: [(text: String, shown: String?)] = [
        ("2017-11-21", "2017-11-21"), ("2017-11-21T10:00:00Z", "2017-11-21"),
        ("2017-11-21 10:00", "2017-11-21"), ("2000-02-29", "2000-02-29"), ("1900-02-29", nil),
        ("2023-02-29", nil), ("2024-02-29", "2024-02-29"), ("2017-04-31", nil),
        ("2017-00-10", nil), ("2017-13-10", nil), ("2017-11-00", nil), ("0000-01-01", nil),
        ("0001-01-01", "0001-01-01"), ("9999-12-31", "9999-12-31"), ("2017-1-1", nil),
        ("2017/11/21", nil), ("21-11-2017", nil), ("2017-11-211", nil), ("", nil),
        ("2017-11-2x", nil), ("-017-11-21", nil), ("\u{FF12}017-11-21", nil),
    ]

    @Test("a date is a day that exists, written year first", arguments: dates)
    func date(text: String, shown: String?) {
        #expect(CalendarDate(iso: text)?.description == shown)
    }

    @Test("dates are ordered as their texts are")
    func dateOrder() {
        var generator = SeededGenerator(seed: 8)
        var dates: [CalendarDate] = []
        while dates.count < 300 {
            let date = CalendarDate(
                year: Int.random(in: 1...9999, using: &generator),
                month: Int.random(in: 1...12, using: &generator),
                day: Int.random(in: 1...31, using: &generator)
            )
            if let date { dates.append(date) }
        }
        #expect(dates.sorted().map(\.description) == dates.map(\.description).sorted())
        for date in dates { #expect(CalendarDate(iso: date.description) == date) }
    }
}
