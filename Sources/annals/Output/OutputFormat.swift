internal import ArgumentParser

/// How results are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    /// For people.
    case text
    /// For programs.
    case json
}

/// How tables are printed.
enum TableFormat: String, ExpressibleByArgument, CaseIterable {
    /// For people.
    case table
    /// For programs.
    case json
    /// For spreadsheets.
    case csv
}
