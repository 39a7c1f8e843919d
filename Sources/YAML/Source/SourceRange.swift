/// A stretch of a source, from `start` up to but not including `end`.
package struct SourceRange: Sendable {
    /// The source that the marks belong to.
    package let source: YAMLSource
    /// The first place of the range.
    package let start: Mark
    /// The place after the range.
    package let end: Mark

    /// A range; an end before the start is taken as the start.
    package init(source: YAMLSource, start: Mark, end: Mark) {
        self.source = source
        self.start = start
        self.end = max(start, end)
    }

    /// An empty range at one place.
    package init(source: YAMLSource, at mark: Mark) {
        self.init(source: source, start: mark, end: mark)
    }

    /// Where a text stands inside a range of one line; the range itself where escapes hide it.
    package func range(of written: String) -> SourceRange {
        let bytes = source.bytes[start.offset..<end.offset]
        guard start.line == end.line, let found = bytes.firstRange(of: Array(written.utf8))
        else { return self }
        let before = bytes[..<found.lowerBound].count(where: UTF8Scalar.isStart)
        let column = start.column + before
        let first = Mark(line: start.line, column: column, offset: found.lowerBound)
        let width = written.unicodeScalars.count
        let last = Mark(line: start.line, column: column + width, offset: found.upperBound)
        return SourceRange(source: source, start: first, end: last)
    }
}
