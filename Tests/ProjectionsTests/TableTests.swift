import Projections
import Testing

@Suite("Tables")
struct TableTests {
    @Test(
        "a cell that a spreadsheet would run gets a quote before it",
        arguments: [
            ("=1+1", "'=1+1"), ("+1", "'+1"), ("@SUM(A1)", "'@SUM(A1)"), ("-cmd", "'-cmd"),
            ("-5", "-5"), ("-5.25", "-5.25"), ("-5.2.5", "'-5.2.5"), ("-", "'-"),
            ("\tx", "'\tx"), ("\rx", "\"'\rx\""), ("a=b", "a=b"), ("", ""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""), ("a,b", "\"a,b\""), ("a\r\nb", "\"a\r\nb\""),
            ("=a,b", "\"'=a,b\""),
        ]
    )
    func injection(text: String, field: String) {
        let table = Table(columns: ["x"], rows: [[.text(text)]])
        #expect(table.csv == "x\r\n\(field)\r\n")
    }

    @Test("numbers, nothing, lists and tables have a place in CSV and JSON")
    func cells() {
        let inner = Table(columns: ["a"], rows: [[.text("=x")], [.real(0.5)]])
        let table = Table(
            columns: ["n", "r", "z", "l", "t"],
            rows: [[.integer(-3), .real(0.25), .null, .list(["p", "q"]), .table(inner)]]
        )
        #expect(table.csv == "n,r,z,l,t\r\n-3,0.25,,p; q,'=x; 0.5\r\n")
        #expect(
            table.json == """
                [{"n":-3,"r":0.25,"z":null,"l":["p","q"],"t":[{"a":"=x"},{"a":0.5}]}]
                """
        )
    }

    @Test("columns are aligned by what a terminal shows, and control characters are harmless")
    func text() {
        let table = Table(
            columns: ["name", "n"],
            rows: [
                [.text("習近平"), .integer(1)], [.text("e\u{301}"), .integer(20)],
                [.text("a\u{1b}[2J"), .null],
            ]
        )
        #expect(
            table.text(width: nil) == """
                NAME         N
                習近平       1
                e\u{301}           20
                a\\u{1b}[2J

                """
        )
    }

    @Test("a table is narrowed to the width, the widest column first")
    func narrow() {
        let table = Table(
            columns: ["id", "title"],
            rows: [[.text("abc"), .text(String(repeating: "x", count: 100))]]
        )
        let lines = table.text(width: 30).split(separator: "\n")
        #expect(lines.allSatisfy { $0.unicodeScalars.count <= 30 })
        #expect(lines[1].hasPrefix("abc  xxx") && lines[1].hasSuffix("…"))
    }

    @Test(
        "times are ISO 8601 in UTC",
        arguments: [
            (UInt64(0), "1970-01-01T00:00:00.000000Z"),
            (1_511_258_400_000_001, "2017-11-21T10:00:00.000001Z"),
            (951_782_399_999_999, "2000-02-28T23:59:59.999999Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
        ]
    )
    func times(microseconds: UInt64, text: String) {
        #expect(ISOTime.string(microseconds: microseconds) == text)
    }
}
