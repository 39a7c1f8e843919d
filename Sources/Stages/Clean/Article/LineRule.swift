internal import Events

/// One rule of article structure: which lines it takes out of the body, and what it reads in them.
///
/// A rule fires on clear evidence alone: a line that it leaves costs a reader nothing, a line of
/// prose that it takes is lost to the analysis.
struct LineRule: Sendable {
    /// The name under which removals are recorded.
    let name: String
    /// Whether it takes a line; if so, fills the fields that are not known yet.
    let take: @Sendable (Line, inout DocumentFields) -> Bool
}

extension LineRule {
    /// Every rule about whole lines, in the order in which they are tried.
    static let all: [LineRule] = [
        .date,
        .byline,
        .reporting,
        .agency,
        .caption,
        .tags,
        .residue,
    ]
}
