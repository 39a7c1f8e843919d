internal import Bytes
internal import Events
package import Pipeline

/// Writes comma-separated values (RFC 4180) with a header line; a column for each annotator holds
/// the ids that it found, separated by semicolons.
package struct CSVExport: ExportStage {
    package let name: String
    package let path: String
    private let number: Int
    private let annotators: [String]
    private let isSpreadsheetSafe: Bool

    init(
        name: String,
        number: Int,
        path: String,
        annotators: [String],
        isSpreadsheetSafe: Bool
    ) {
        self.name = name
        self.number = number
        self.path = path
        self.annotators = annotators
        self.isSpreadsheetSafe = isSpreadsheetSafe
    }

    package var preamble: [UInt8] {
        var line = CSVLine(isSpreadsheetSafe: false)
        for column in ["id", "position", "source", "title", "published", "byline", "tags"] {
            line.cell(column)
        }
        for annotator in annotators { line.cell(annotator) }
        line.cell("text")
        return line.ended()
    }

    package func measure(_ documents: inout [Document]) {
        for index in documents.indices where documents[index].isLive {
            let record = render(documents[index])
            documents[index].exports.append(record)
        }
    }

    package func render(_ document: Document) -> RenderedRecord {
        var head = CSVLine(isSpreadsheetSafe: isSpreadsheetSafe)
        head.cell(document.id.rawValue)
        var tail = CSVLine(isSpreadsheetSafe: isSpreadsheetSafe)
        tail.cell(document.origin.source)
        tail.cell(document.fields.title ?? "")
        tail.cell(document.fields.published?.description ?? "")
        tail.cell(document.fields.byline ?? "")
        tail.cell(document.fields.tags.joined(separator: ";"))
        for annotator in annotators {
            let found = document.enrichments.first { $0.annotator == annotator }
            tail.cell(found?.annotations.map(\.id).joined(separator: ";") ?? "")
        }
        tail.cell(utf8: document.body.span)
        return RenderedRecord(
            stage: number,
            head: head.bytes + [0x2C],
            tail: [0x2C] + tail.ended()
        )
    }
}

/// A line of comma-separated values that grows cell by cell.
struct CSVLine {
    private(set) var bytes: [UInt8] = []
    private var hasCells = false
    private let isSpreadsheetSafe: Bool

    init(isSpreadsheetSafe: Bool) {
        self.isSpreadsheetSafe = isSpreadsheetSafe
    }

    mutating func cell(_ text: String) {
        cell(utf8: Array(text.utf8).span)
    }

    /// A cell that a spreadsheet would take for a formula gets an apostrophe (invariant 8).
    mutating func cell(utf8 text: Span<UInt8>) {
        if hasCells { bytes.append(0x2C) }
        hasCells = true
        let isFormula = isSpreadsheetSafe && text.count > 0 && Self.beginsFormula(text[0])
        guard isFormula || Self.needsQuotes(text) else {
            append(text, doublingQuotes: false)
            return
        }
        bytes.append(0x22)
        if isFormula { bytes.append(0x27) }
        append(text, doublingQuotes: true)
        bytes.append(0x22)
    }

    /// CSV knows no escapes: a control character, which could act on a terminal, becomes U+FFFD.
    private mutating func append(_ text: Span<UInt8>, doublingQuotes: Bool) {
        var index = 0
        while index < text.count {
            let byte = text[index]
            let isLayout = byte == 0x09 || byte == 0x0A || byte == 0x0D
            let isC1 =
                byte == 0xC2 && index + 1 < text.count && (0x80..<0xA0).contains(text[index + 1])
            if (byte < 0x20 && !isLayout) || byte == 0x7F || isC1 {
                UTF8Scalar.append(0xFFFD, to: &bytes)
                index += isC1 ? 2 : 1
                continue
            }
            if byte == 0x22 && doublingQuotes { bytes.append(0x22) }
            bytes.append(byte)
            index += 1
        }
    }

    func ended() -> [UInt8] { bytes + [0x0D, 0x0A] }

    private static func beginsFormula(_ byte: UInt8) -> Bool {
        switch byte {
        // = + - @, tab and line ends (OWASP, "CSV Injection").
        case 0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0A, 0x0D: true
        default: false
        }
    }

    private static func needsQuotes(_ text: Span<UInt8>) -> Bool {
        for index in text.indices {
            switch text[index] {
            case 0x22, 0x2C, 0x0A, 0x0D: return true
            default: continue
            }
        }
        return false
    }
}
