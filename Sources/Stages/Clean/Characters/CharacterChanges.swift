internal import Events

/// How often each rule about characters changed something.
struct CharacterChanges: Equatable {
    /// Sequences brought to the normal form.
    var unicode = 0
    /// Line ends that were not a line feed.
    var lineEnds = 0
    /// Control characters removed.
    var controls = 0
    /// Characters without width removed.
    var zeroWidth = 0
    /// Controls of writing direction removed.
    var bidi = 0
    /// Tabs, no-break and other odd spaces made plain.
    var oddSpaces = 0
    /// Runs of spaces collapsed, and spaces cut at the ends of lines.
    var spaces = 0
    /// Runs of empty lines collapsed, and line ends cut at the ends of the text.
    var blankLines = 0
    /// HTML entities replaced by what they stand for.
    var entities = 0
    /// Bytes that are no UTF-8 replaced by U+FFFD.
    var invalid = 0

    /// Adds what a further pass did.
    mutating func add(_ other: CharacterChanges) {
        unicode += other.unicode
        lineEnds += other.lineEnds
        controls += other.controls
        zeroWidth += other.zeroWidth
        bidi += other.bidi
        oddSpaces += other.oddSpaces
        spaces += other.spaces
        blankLines += other.blankLines
        entities += other.entities
        invalid += other.invalid
    }

    /// The rules that changed something, by name.
    var ruleCounts: [DocumentCleaned.RuleCount] {
        let counts: KeyValuePairs = [
            "bidi": bidi,
            "blank-lines": blankLines,
            "controls": controls,
            "entities": entities,
            "invalid": invalid,
            "line-ends": lineEnds,
            "odd-spaces": oddSpaces,
            "spaces": spaces,
            "unicode": unicode,
            "zero-width": zeroWidth,
        ]
        return counts.filter { $0.value > 0 }
            .map { DocumentCleaned.RuleCount(rule: $0.key, count: $0.value) }
    }
}
