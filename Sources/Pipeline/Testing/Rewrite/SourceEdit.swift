internal import Bytes
internal import YAML

/// Other text for a stretch of a source.
struct SourceEdit: Sendable {
    /// The stretch.
    let range: SourceRange
    /// What is to stand there.
    let text: String

    init(_ range: SourceRange, _ text: String) {
        self.range = range
        self.text = text
    }

    /// Other text for a value.
    init(_ slot: ExpectationSlot, _ text: String) {
        self.init(slot.node.range, text)
    }

    /// The bytes to replace: without the line ends that libyaml counts to a block, and which may
    /// part it from what follows.
    var bytes: Range<Int> {
        let source = range.source.bytes
        let start = min(range.start.offset, source.count)
        var end = min(range.end.offset, source.count)
        while end > start, [0x20, 0x09, 0x0A, 0x0D].contains(source[end - 1]) { end -= 1 }
        return start..<end
    }

    /// The text with the space and the line ends that its place asks for.
    private func fitted(_ range: Range<Int>, _ lineEnd: String) -> String {
        let source = self.range.source.bytes
        let isTight = range.isEmpty && range.lowerBound > 0 && source[range.lowerBound - 1] != 0x20
        let text = isTight ? " " + text : text
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .joined(separator: lineEnd)
    }

    /// What ends the lines of a source.
    static func lineEnd(of source: [UInt8]) -> String {
        guard let lineBreak = source.firstIndex(of: 0x0A), lineBreak > 0 else { return "\n" }
        return source[lineBreak - 1] == 0x0D ? "\r\n" : "\n"
    }

    /// A source with edits made; nil where two of them want the same place to be different.
    static func apply(_ edits: [SourceEdit], to source: [UInt8]) -> [UInt8]? {
        let sorted = edits.map { (edit: $0, range: $0.bytes) }
            .sorted { $0.range.lowerBound < $1.range.lowerBound }
        let lineEnd = lineEnd(of: source)
        var result: [UInt8] = []
        var last: (edit: SourceEdit, range: Range<Int>)?
        for (edit, range) in sorted {
            if let last, range.lowerBound < last.range.upperBound || range == last.range {
                guard range == last.range, edit.text == last.edit.text else { return nil }
                continue
            }
            result += source[(last?.range.upperBound ?? 0)..<range.lowerBound]
            result += Array(edit.fitted(range, lineEnd).utf8)
            last = (edit, range)
        }
        return result + source[(last?.range.upperBound ?? 0)...]
    }
}

extension ExpectationSlot {
    /// What writes a value here.
    func edits(_ value: CBORValue) -> [SourceEdit] {
        guard case .text(let text) = value, let indent else {
            return [SourceEdit(self, YAMLText.flow(value))]
        }
        return [SourceEdit(self, YAMLText.scalar(text, indent: indent))]
    }
}
