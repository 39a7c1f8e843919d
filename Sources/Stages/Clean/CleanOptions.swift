internal import Pipeline
internal import YAML

/// What a pipeline may ask of the clean stage.
///
/// ```yaml
/// - clean:
///     unicode: nfc
///     article: true
///     require: {words: 20..100000, letters: 0.6.., repeated_lines: ..0.3}
/// ```
package struct CleanOptions: Sendable, Equatable {
    /// The normal form of the characters.
    package var unicode = UnicodeForm.nfc
    /// Whether headline, byline and the like are split off the body.
    package var article = true
    /// What a document must measure to be kept.
    package var requirements = QualityRequirements()

    /// The defaults.
    package init() {}

    /// Reads the options; nil after reporting all that is wrong with them.
    init?(_ node: Node, _ context: inout StageContext) {
        var options = CleanOptions()
        var problems = DiagnosticBag()
        FieldReader.read(node, context: "stage \(context.name)", into: &problems) { reader in
            options.unicode = reader.choice("unicode", default: .nfc)
            options.article = reader.bool("article", default: true)
            options.requirements =
                reader.optionalMapping("require") { QualityRequirements(&$0) }
                ?? options.requirements
        }
        context.diagnostics.add(contentsOf: problems)
        if problems.hasErrors { return nil }
        self = options
    }
}

/// The normal form that characters are brought to.
package enum UnicodeForm: String, Sendable, CaseIterable {
    /// Composed (Unicode Standard Annex 15, NFC).
    case nfc
    /// As the source has them.
    case none
}
