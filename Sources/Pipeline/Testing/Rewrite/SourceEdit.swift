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

    /// The text with the spaces and line ends that its place asks for.
    var fitted: String {
        let source = range.source.bytes
        var text = text
        if bytes.isEmpty, bytes.lowerBound > 0, source[bytes.lowerBound - 1] != 0x20 {
            text = " " + text
        }
        guard source.firstRange(of: [0x0D, 0x0A]) != nil else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .joined(separator: "\r\n")
    }

    /// A source with edits made; nil where two of them want the same place to be different.
    static func apply(_ edits: [SourceEdit], to source: [UInt8]) -> [UInt8]? {
        let sorted = edits.sorted { $0.bytes.lowerBound < $1.bytes.lowerBound }
        var result: [UInt8] = []
        var last: SourceEdit?
        var end = 0
        for edit in sorted {
            let range = edit.bytes
            if let last, range.lowerBound < end || range == last.bytes {
                guard range == last.bytes, edit.text == last.text else { return nil }
                continue
            }
            result += source[end..<range.lowerBound]
            result += Array(edit.fitted.utf8)
            end = range.upperBound
            last = edit
        }
        return result + source[end...]
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
