import Foundation
import Pipeline
import Testing

@testable import Stages

@Suite("Source reader")
struct SourceReaderTests {
    /// The stream's chunk: what happens at its borders is what these tests are after.
    static let chunk = 1 << 18

    @Test("lines across the border of a chunk are whole, at every offset", arguments: -12...12)
    func borders(shift: Int) throws {
        let space = try Workspace()
        let lines = [
            "first", String(repeating: "x", count: Self.chunk + shift - 12), "", "third", "last",
        ]
        try space.write("a.jsonl", lines.joined(separator: "\n"))
        let records = read(space, ["a.jsonl"])
        #expect(
            records.map { String(decoding: $0.bytes, as: UTF8.self) }
                == lines.filter { !$0.isEmpty }
        )
        #expect(records.map(\.origin.record) == [1, 2, 3, 4])
        let second = 6 + lines[1].count
        #expect(records.map(\.origin.offset) == [0, 6, second + 2, second + 8])
    }

    @Test(
        "offsets are those of the lines in the file, compressed or not",
        arguments: ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst"]
    )
    func offsets(name: String) throws {
        let space = try Workspace()
        var text: [UInt8] = []
        var expected: [Int] = []
        for number in 0..<30_000 {
            if number.isMultiple(of: 7) { text += Array(" \r\n\n".utf8) }
            expected.append(text.count)
            text += Array(
                "{\"n\":\(number),\"p\":\"\(String(repeating: "y", count: number % 97))\"}".utf8
            )
            text += Array((number.isMultiple(of: 3) ? "\r\n" : "\n").utf8)
        }
        let file =
            name.hasSuffix("gz")
            ? Compressed.gzip(text) : name.hasSuffix("zst") ? Compressed.zstd(text) : text
        try space.write(name, file)
        let records = read(space, [name])
        #expect(records.map(\.origin.offset) == expected)
        #expect(records.map(\.origin.record) == (1...30_000).map { $0 })
        for record in records {
            let end = record.origin.offset + record.bytes.count
            #expect(Array(text[record.origin.offset..<end]) == record.bytes)
        }
    }

    static let ends: [(text: String, lines: [String])] = [
        ("", []), ("\n", []), (" \t\r\n\r\n", []), ("a", ["a"]), ("a\n", ["a"]), ("a\n\n", ["a"]),
        ("a\r\nb\r\n", ["a\r", "b\r"]), ("\n\na", ["a"]), ("a\nb", ["a", "b"]),
    ]

    @Test("blank lines are no records, and the last line needs no end", arguments: ends)
    func lineEnds(text: String, lines: [String]) throws {
        let space = try Workspace()
        try space.write("a.jsonl", text)
        let records = read(space, ["a.jsonl"])
        let texts = records.filter { $0.fault == nil }
            .map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(texts == lines)
        // A file without a record is not passed over in silence (invariant 3).
        #expect(records.compactMap(\.fault?.code) == (lines.isEmpty ? ["ingest.empty"] : []))
    }

    @Test(
        "a line over the limit fails with its place, and the next ones are read",
        arguments: [101, 5000, 262_144, 900_000]
    )
    func longLine(length: Int) throws {
        let space = try Workspace()
        let text =
            "one\n" + String(repeating: "x", count: length) + "\ntwo\n"
            + String(repeating: "y", count: 101)
        try space.write("a.jsonl", text)
        let records = read(space, ["a.jsonl"]) { $0.maximumBytes = 100 }
        #expect(records.map(\.origin.record) == [1, 2, 3, 4])
        #expect(records.map(\.origin.offset) == [0, 4, 5 + length, 9 + length])
        #expect(
            records.map { $0.fault?.code } == [nil, "ingest.too-large", nil, "ingest.too-large"]
        )
        #expect(String(decoding: records[2].bytes, as: UTF8.self) == "two")
    }

    @Test("a document over the limit fails without being held whole")
    func largeDocument() throws {
        let space = try Workspace()
        // 300 MB of nothing take no room on the disk, and 300 KB as gzip.
        let path = try space.write("a.txt", "x")
        unsafe truncate(path, 300 << 20)
        let records = read(space, ["a.txt"]) { $0.maximumBytes = 1 << 20 }
        #expect(records.map { $0.fault?.code } == ["ingest.too-large"])
        #expect(records[0].origin == Document.Origin(source: path, offset: 0, record: nil))
        try space.write("b.txt", "fine")
        #expect(
            read(space, ["a.txt", "b.txt"]) { $0.maximumBytes = 1 << 20 }.last?.bytes
                == Array("fine".utf8)
        )
    }

    @Test(
        "a document of the limit's size is read, one byte more is not",
        arguments: ["a.txt", "a.txt.gz"]
    )
    func limit(name: String) throws {
        let space = try Workspace()
        for (count, code) in [(1000, nil), (1001, "ingest.too-large")] as [(Int, String?)] {
            let bytes = [UInt8](repeating: 0x61, count: count)
            try space.write(name, name.hasSuffix("gz") ? Compressed.gzip(bytes) : bytes)
            let records = read(space, [name]) { $0.maximumBytes = 1000 }
            #expect(records.map { $0.fault?.code } == [code])
        }
    }

    @Test("lines before damage are read, the damaged line is one failure with its place")
    func damage() throws {
        let space = try Workspace()
        let text = Array("one\ntwo\nthr".utf8)
        let bad =
            Compressed.gzip(text) + Array(Compressed.gzip(Array("ee\nfour\n".utf8)).dropLast(5))
        try space.write("a.jsonl.gz", bad)
        let records = read(space, ["a.jsonl.gz"])
        #expect(
            records.prefix(2).map { String(decoding: $0.bytes, as: UTF8.self) } == ["one", "two"]
        )
        #expect(records.last?.fault?.code == "ingest.truncated")
        #expect(records.count { $0.fault != nil } == 1)
        let offsets = records.map(\.origin.offset)
        #expect(offsets == offsets.sorted())
    }

    static let charsets: [(name: String, mark: [UInt8], isBig: Bool, declared: Charset?)] = [
        ("little with mark", [0xFF, 0xFE], false, nil), ("big with mark", [0xFE, 0xFF], true, nil),
        ("little declared", [], false, .utf16LittleEndian), ("big declared", [], true, .utf16),
    ]

    @Test(
        "UTF-16 lines end at UTF-16 line feeds and stand alone",
        arguments: charsets.indices,
        [0, 1]
    )
    func utf16(index: Int, shift: Int) throws {
        let charset = Self.charsets[index]
        let space = try Workspace()
        // U+0A0A and U+0100 hold bytes that look like line feeds and their halves.
        let filler =
            String(repeating: "\u{A0A}\u{10A}\u{100}", count: Self.chunk / 6)
            + String(repeating: "z", count: shift)
        let lines = [
            "{\"text\":\"one\"}", "{\"text\":\"\(filler)\"}", "", "{\"text\":\"\u{1F600}\"}",
        ]
        var bytes = charset.mark
        for unit in lines.joined(separator: "\n").utf16 {
            let pair = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
            bytes += charset.isBig ? pair : pair.reversed()
        }
        try space.write("a.jsonl", bytes)
        let records = read(space, ["a.jsonl"]) { $0.charset = charset.declared }
        let texts = try records.map {
            try JSONParser(charset: charset.declared, fields: RecordFields()).parse($0).text
        }
        #expect(texts.map { String(decoding: $0, as: UTF8.self) } == ["one", filler, "\u{1F600}"])
        let first = lines[0].utf16.count * 2 + 2 + charset.mark.count
        #expect(records.map(\.origin.offset) == [0, first, first + lines[1].utf16.count * 2 + 4])
    }

    @Test("batches hold at most 256 records, or a mebibyte and what goes beyond it")
    func batches() throws {
        let space = try Workspace()
        try space.write("a.jsonl", String(repeating: "x\n", count: 1000))
        try space.write(
            "b.jsonl",
            String(repeating: String(repeating: "y", count: 300_000) + "\n", count: 9)
        )
        let options = IngestOptions()
        var reader = SourceReader(
            options: options,
            entries: SourceFiles(patterns: [space.path]).entries
        )
        var counts: [Int] = []
        while let batch = reader.next() { counts.append(batch.count) }
        #expect(counts.reduce(0, +) == 1009)
        #expect(counts.prefix(3) == [256, 256, 256])
        #expect(counts.allSatisfy { $0 <= 256 })
        let progress = reader.progress
        #expect(progress.bytesRead == progress.bytesTotal)
    }

    @Test("sources that cannot be read are records with a fault, in their place")
    func faults() throws {
        let space = try Workspace()
        try space.write("a.txt", "one")
        try space.write("c.txt", "two")
        let records = read(space, ["a.txt", "b.txt", "c.txt"])
        #expect(records.map { $0.fault?.code } == [nil, "ingest.missing", nil])
        #expect(records[1].origin.source == space.path + "/b.txt")
    }

    private func read(
        _ space: Workspace,
        _ names: [String],
        _ change: (inout IngestOptions) -> Void = { _ in }
    ) -> [RawRecord] {
        var options = IngestOptions()
        change(&options)
        var reader = SourceReader(
            options: options,
            entries: SourceFiles(patterns: names.map { space.path + "/" + $0 }).entries
        )
        var records: [RawRecord] = []
        while let batch = reader.next() { records += batch }
        return records
    }
}
