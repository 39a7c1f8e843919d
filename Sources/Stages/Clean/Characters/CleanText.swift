/// A text with clean characters.
struct CleanText {
    /// The text.
    var bytes: [UInt8]
    /// What was done.
    var changes: CharacterChanges

    /// Normalising may bring characters together that a further pass treats otherwise; texts
    /// outside of tests settle in the first or second round.
    private static let roundLimit = 4

    /// Cleans the characters of a text; nil if there is nothing to do, which costs no copy.
    static func clean(_ text: [UInt8], form: UnicodeForm) -> CleanText? {
        if PlainRun.end(text.span, from: 0) == text.count { return nil }
        var pass = CharacterPass.run(text.span, composes: form == .nfc)
        var changes = pass.changes
        var bytes = pass.output
        var round = 1
        while form == .nfc, let suspect = pass.firstSuspect, round <= roundLimit {
            let composed = NormalForm.compose(pass.output, from: suspect)
            guard composed.changed > 0 else { break }
            changes.unicode += composed.changed
            pass = CharacterPass.run(composed.bytes.span, composes: true)
            changes.add(pass.changes)
            bytes = pass.output
            round += 1
        }
        return changes == CharacterChanges() ? nil : CleanText(bytes: bytes, changes: changes)
    }
}
