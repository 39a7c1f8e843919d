package import Events
package import Pipeline

/// What an annotator says afterwards of one id of its dictionary and one document: where its names
/// stand, what came of each, and what it lacked.
package struct FindingInquiry: Sendable, Equatable {
    /// A place where the text reads like a name of the dictionary, letter case aside.
    package struct Occurrence: Sendable, Equatable {
        /// As it stands in the text.
        package let text: String
        /// Where, in the body or the title.
        package let span: ByteSpan
        /// Whether it stands in the title.
        package let isTitle: Bool
        /// Whether it counts.
        package let counts: Bool
        /// What came of it, in words.
        package let reason: String
    }

    /// The name to print.
    package let label: String
    /// Whether the document has it, by this dictionary.
    package var isFound: Bool
    /// How the dictionary names it.
    package let names: [String]
    /// Where they stand: the title first, then the body.
    package var occurrences: [Occurrence]
    /// What the text scores and what it had to, where scores decide.
    package var score: (reached: Double, needed: Double)?
    /// What else bears on it.
    package var remarks: [String] = []

    package static func == (left: FindingInquiry, right: FindingInquiry) -> Bool {
        left.label == right.label && left.isFound == right.isFound && left.names == right.names
            && left.occurrences == right.occurrences && left.remarks == right.remarks
            && left.score?.reached == right.score?.reached
            && left.score?.needed == right.score?.needed
    }
}

/// What comes of asking an enrich stage.
package enum FindingAnswer: Sendable, Equatable {
    /// No dictionary annotator of this name: those that there are.
    case noAnnotator([String])
    /// The dictionary does not have the id: the ids that it has.
    case unknown([String])
    /// What the annotator says.
    case answer(FindingInquiry)
}

extension EnrichStage {
    /// Asks an annotator by its name why a document has, or has not, what an id names.
    ///
    /// The document's body must be tokenised.
    package func inquire(_ annotator: String, _ id: String, of document: Document) -> FindingAnswer
    {
        guard let asked = annotators.first(where: { type(of: $0).name == annotator }) else {
            return .noAnnotator(annotators.map { type(of: $0).name })
        }
        return asked.inquire(id, of: document).map { .answer($0) } ?? .unknown(asked.ids)
    }
}
