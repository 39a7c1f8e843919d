import Bytes
import Events
import Foundation
import Pipeline
import Testing
import YAML

@testable import Stages

@Suite("Exports")
struct ExportTests {
    static let hostile =
        "a \"q\" \\ \u{1B}[31m \u{202E}\u{2028}\u{2029}\u{0}\u{85}\u{FEFF} , ;\r\n\u{1F600}"

    @Test("a JSON line is one line of JSON with the position in it")
    func jsonLine() throws {
        let record = JSONLExport(name: "export", number: 3, path: "o.jsonl").render(document())
        let line = record.head + Array("42".utf8) + record.tail
        #expect(line.last == 0x0A && !line.dropLast().contains(0x0A))
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
        )
        #expect(json["id"] as? String == "id " + Self.hostile)
        #expect(json["position"] as? Int == 42)
        #expect(json["text"] as? String == "body " + Self.hostile)
        #expect(json["title"] as? String == Self.hostile)
        #expect(json["published"] as? String == "2017-11-21")
        #expect(json["tags"] as? [String] == ["one", Self.hostile])
        let annotations = try #require(json["annotations"] as? [String: [[String: Any]]])
        let leader = try #require(annotations["leaders"]?.first)
        #expect(leader["id"] as? String == "putin" && leader["role"] as? String == "President")
        #expect(leader["spans"] as? [[Int]] == [[0, 4], [9, 12]])
        #expect((json["metadata"] as? [String: Any])?["k"] as? [Int] == [1, 2])
    }

    @Test("a JSON line holds nothing that acts on a terminal or a script")
    func jsonIsHarmless() {
        let record = JSONLExport(name: "export", number: 3, path: "o.jsonl").render(document())
        let line = String(
            decoding: record.head + Array("1".utf8) + record.tail.dropLast(),
            as: UTF8.self
        )
        #expect(line.unicodeScalars.allSatisfy { !TerminalText.isUnsafe($0.value) })
    }

    @Test("a document with nothing but a body is valid JSON, with null for what is not known")
    func bareDocument() throws {
        let record = JSONLExport(name: "export", number: 0, path: "o.jsonl").render(.bare("x"))
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(record.head + [0x37] + record.tail))
                as? [String: Any]
        )
        #expect(json["title"] is NSNull && json["published"] is NSNull)
        #expect(json["position"] as? Int == 7)
        #expect(json["tags"] == nil)
    }

    @Test("a CSV record has the header's cells, and they read back")
    func csvRecord() throws {
        let export = CSVExport(
            name: "export",
            number: 3,
            path: "o.csv",
            annotators: ["leaders", "topics"],
            isSpreadsheetSafe: true
        )
        let record = export.render(document())
        let rows = CSVReader.rows(export.preamble + record.head + Array("42".utf8) + record.tail)
        #expect(rows.count == 2)
        let header = [
            "id", "position", "source", "title", "published", "byline", "tags", "leaders", "topics",
            "text",
        ]
        #expect(rows[0] == header)
        let shown = Self.hostile.replacing("\u{1B}", with: "\u{FFFD}").replacing(
            "\u{0}",
            with: "\u{FFFD}"
        )
        .replacing("\u{85}", with: "\u{FFFD}")
        try #require(rows[1].count == header.count)
        #expect(Array(rows[1][0].unicodeScalars) == Array(("id " + shown).unicodeScalars))
        #expect(rows[1][1] == "42" && rows[1][4] == "2017-11-21" && rows[1][7] == "putin;trump")
        #expect(rows[1][8].isEmpty)
        #expect(Array(rows[1][9].unicodeScalars) == Array(("body " + shown).unicodeScalars))
    }

    static let cells: [(text: String, safe: String, plain: String)] = [
        ("", "", ""), ("plain text", "plain text", "plain text"), ("a,b", "\"a,b\"", "\"a,b\""),
        ("a\"b", "\"a\"\"b\"", "\"a\"\"b\""), ("a\nb", "\"a\nb\"", "\"a\nb\""),
        ("\"", "\"\"\"\"", "\"\"\"\""),
        ("=1+1", "\"'=1+1\"", "=1+1"), ("+1", "\"'+1\"", "+1"), ("-1", "\"'-1\"", "-1"),
        ("@SUM(A1)", "\"'@SUM(A1)\"", "@SUM(A1)"), ("\tx", "\"'\tx\"", "\tx"),
        ("\r=1", "\"'\r=1\"", "\"\r=1\""), ("\n=1", "\"'\n=1\"", "\"\n=1\""),
        ("=\"a\",b", "\"'=\"\"a\"\",b\"", "\"=\"\"a\"\",b\""), ("1=1", "1=1", "1=1"),
        ("\u{1B}]0;x\u{7}\u{9B}", "\u{FFFD}]0;x\u{FFFD}\u{FFFD}", "\u{FFFD}]0;x\u{FFFD}\u{FFFD}"),
        ("\u{A0}\u{E9}", "\u{A0}\u{E9}", "\u{A0}\u{E9}"),
    ]

    @Test("cells are quoted where CSV asks for it, and no cell is a formula", arguments: cells)
    func cell(text: String, safe: String, plain: String) {
        for (isSafe, expected) in [(true, safe), (false, plain)] {
            var line = CSVLine(isSpreadsheetSafe: isSafe)
            line.cell(text)
            #expect(String(decoding: line.bytes, as: UTF8.self).utf8.elementsEqual(expected.utf8))
        }
    }

    @Test("an empty first cell keeps its comma")
    func emptyCells() {
        var line = CSVLine(isSpreadsheetSafe: true)
        for _ in 0..<3 { line.cell("") }
        #expect(line.ended() == Array(",,\r\n".utf8))
    }

    @Test("only live documents are rendered")
    func settled() async throws {
        var documents = [Document.bare("a"), .bare("b")]
        documents[0].fate = .settled(stage: 0, outcome: .dropped)
        for stage in [
            JSONLExport(name: "e", number: 1, path: "o.jsonl") as any ExportStage,
            CSVExport(name: "e", number: 1, path: "o.csv", annotators: [], isSpreadsheetSafe: true),
        ] {
            var copy = documents
            try await stage.measure(&copy)
            #expect(copy.map(\.exports.count) == [0, 1])
        }
    }

    static let paths: [(path: String, code: String?)] = [
        ("out/a.jsonl", nil), ("a.csv", nil), ("out/../../a.jsonl", "export.path"),
        ("../a.csv", "export.path"), ("out/", "export.path"), ("a.xml", "export.format"),
        ("out/jsonl", "export.format"), ("a", "export.format"), ("out.jsonl/a", "export.format"),
        ("a..jsonl", nil), ("out/.jsonl", nil),
    ]

    @Test("exports lie below the working folder and end in a format", arguments: paths)
    func path(path: String, code: String?) throws {
        var context = StageContext(
            name: "export",
            number: 1,
            folder: "",
            diagnostics: DiagnosticBag()
        )
        let node = try YAMLParser.parse(YAMLSource(name: "p", text: "{to: '\(path)'}"))
        let stage = ExportKind.kind.build(node, &context)
        #expect((stage == nil) == (code != nil))
        if let code { #expect(context.diagnostics.errors.map(\.code).contains(code)) }
        if let stage = stage as? any ExportStage { #expect(stage.path == path) }
    }

    private func document() -> Document {
        var document = Document.bare("body " + Self.hostile, id: "id " + Self.hostile)
        document.fields.title = Self.hostile
        document.fields.published = CalendarDate(iso: "2017-11-21")
        document.fields.tags = ["one", Self.hostile]
        document.metadata = .map([CBORValue.Pair("k", .array([.integer(1), .integer(2)]))])
        document.enrichments = [
            DocumentEnriched(
                annotator: "leaders",
                annotations: [
                    Annotation(
                        id: "putin",
                        label: Self.hostile,
                        spans: [ByteSpan(start: 0, end: 4), ByteSpan(start: 9, end: 12)],
                        fields: [CBORValue.Pair("role", .text("President"))]
                    ),
                    Annotation(id: "trump", label: "Donald Trump", spans: []),
                ],
                unresolved: []
            )
        ]
        return document
    }
}

extension Document {
    fileprivate static func bare(_ text: String, id: String = "x") -> Document {
        Document(
            id: DocumentID(rawValue: id),
            fields: DocumentFields(),
            metadata: .map([]),
            body: Array(text.utf8),
            revision: "",
            origin: Origin(source: "s", offset: 0, record: nil)
        )
    }
}

/// RFC 4180, as a spreadsheet reads it.
private enum CSVReader {
    static func rows(_ bytes: [UInt8]) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var cell: [UInt8] = []
        var isQuoted = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            index += 1
            switch (isQuoted, byte) {
            case (true, 0x22) where next == 0x22:
                cell.append(byte)
                index += 1
            case (_, 0x22): isQuoted.toggle()
            case (false, 0x2C):
                row.append(String(decoding: cell, as: UTF8.self))
                cell = []
            case (false, 0x0D) where next == 0x0A:
                row.append(String(decoding: cell, as: UTF8.self))
                rows.append(row)
                (row, cell) = ([], [])
                index += 1
            default: cell.append(byte)
            }
        }
        return rows
    }
}
