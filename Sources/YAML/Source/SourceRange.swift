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
}
