internal import YAML

/// Where in a pipeline's file a further test goes.
struct TestPlace {
    /// Spaces before a test.
    let indent: Int
    private let offset: Int
    private let lead: String
    /// The brackets of a list without tests.
    private var brackets: Range<Int>?

    /// After the last of the tests; at the file's end where there is none.
    init(in root: Node) throws(TestRecording.Refusal) {
        let source = root.range.source.bytes
        guard root.mapping != nil, !root.isFlow else {
            throw TestRecording.Refusal(
                "the pipeline is written in braces; write it as \"key: value\" lines first"
            )
        }
        guard let entry = root.mapping?.entry("tests") else {
            indent = 2
            offset = Self.end(of: source)
            let isLineEnd = offset == 0 || source[offset - 1] == 0x0A
            lead = (isLineEnd ? "" : "\n") + "\ntests:\n"
            return
        }
        guard entry.value.range.source.name == root.range.source.name else {
            throw TestRecording.Refusal(
                "the tests stand in \(entry.value.range.source.name), which this file includes;"
                    + " record into that one"
            )
        }
        let items = entry.value.sequence ?? []
        guard items.isEmpty || !entry.value.isFlow else {
            throw TestRecording.Refusal(
                "the tests are written in brackets; begin each with \"- \" on a line of its own first"
            )
        }
        if items.isEmpty {
            indent = 2
            let end = entry.value.isNull ? entry.key.range.end.offset : entry.value.range.end.offset
            offset = Self.lineEnd(after: end, in: source)
            let written = SourceEdit(entry.value.range, "").bytes
            if !entry.value.isNull || !written.isEmpty { brackets = written }
        } else {
            indent = entry.value.range.start.column - 1
            offset = Self.lineEnd(
                after: SourceEdit(entry.value.range, "").bytes.upperBound,
                in: source
            )
        }
        lead = offset > 0 && source[offset - 1] == 0x0A ? "" : "\n"
    }

    /// The source with a test, and the line where it begins.
    func inserting(_ test: String, into source: YAMLSource) -> (bytes: [UInt8], line: Int) {
        let bytes = source.bytes
        let text = (lead + test).split(separator: "\n", omittingEmptySubsequences: false)
            .joined(separator: SourceEdit.lineEnd(of: bytes))
        var before = Array(bytes[..<offset])
        if let brackets { before.removeSubrange(brackets) }
        let breaks = before.count { $0 == 0x0A } + lead.utf8.count { $0 == 0x0A }
        return (before + Array(text.utf8) + bytes[offset...], breaks + 1)
    }

    /// The end of a document: of the file, or before the line that ends it (`...`).
    private static func end(of source: [UInt8]) -> Int {
        var start = 0
        while start < source.count {
            let next = lineEnd(after: start, in: source)
            if source[start..<next].starts(with: Array("...".utf8)) { return start }
            start = next
        }
        return source.count
    }

    /// The beginning of the line after the one that holds an offset.
    private static func lineEnd(after offset: Int, in source: [UInt8]) -> Int {
        guard let lineBreak = source[min(offset, source.count)...].firstIndex(of: 0x0A) else {
            return source.count
        }
        return lineBreak + 1
    }
}
