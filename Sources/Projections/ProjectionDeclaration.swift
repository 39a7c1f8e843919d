/// A view of the log that a pipeline declares, or that every store has.
///
/// A projection is a pure fold of events (invariant 7): no clock, no input or output besides its
/// own tables, no stage. It can be thrown away and rebuilt by replay at any time.
package struct ProjectionDeclaration: Sendable, Hashable {
    /// What the view shows.
    package enum Kind: Sendable, Hashable {
        /// Which documents there are and what became of them.
        case documents
        /// Which documents are copies of which.
        case duplicates
        /// Which documents could not be processed, and why.
        case failures
        /// Which runs there were.
        case runs
        /// Who or what an annotator found: documents, mentions, roles, first and last date.
        case index(annotator: String, by: String)
        /// In how many documents an annotator found what, by month or altogether.
        case count(annotator: String, by: String, byMonth: Bool)
        /// Any other groups of documents or findings.
        case aggregation(Aggregation)
    }

    /// The name on the command line, and of the file.
    package let name: String
    /// What it shows.
    package let kind: Kind

    private init(builtIn name: String, _ kind: Kind) {
        self.name = name
        self.kind = kind
    }

    /// Reads a declaration such as `topics: {count: topics, by: [topic, month]}`.
    ///
    /// - Parameters:
    ///   - name: lower-case letters, digits, `-` and `_`: it becomes a file's name.
    ///   - verb: `index` or `count`.
    ///   - annotator: whose annotations.
    ///   - by: what an annotation's id is called in the answer; for a count also `month`.
    /// - Throws: ``ProjectionError/Code/invalidDeclaration``, saying what was expected.
    package init(
        name: String,
        verb: String,
        annotator: String,
        by: [String]
    ) throws(ProjectionError) {
        try Self.check(name: name)
        self.name = name
        let key = by.first { $0 != "month" }
        guard let key, by.count == 1 || (verb == "count" && by.count == 2 && by.contains("month"))
        else {
            throw ProjectionError(
                .invalidDeclaration,
                path: name,
                expected: verb == "count" ? "by: [NAME] or [NAME, month]" : "by: NAME",
                found: "by: [\(by.joined(separator: ", "))]"
            )
        }
        switch verb {
        case "index": kind = .index(annotator: annotator, by: key)
        case "count": kind = .count(annotator: annotator, by: key, byMonth: by.count == 2)
        default:
            throw ProjectionError(
                .invalidDeclaration,
                path: name,
                expected: "index or count",
                found: verb
            )
        }
    }

    /// Reads a declaration of any groups.
    ///
    /// An index or a count of what an annotator found, by month too, has a fold of its own, which is
    /// faster than that of all others and answers the same.
    ///
    /// - Throws: ``ProjectionError/Code/invalidDeclaration`` for the first thing that is wrong; all
    ///   of it is in ``AggregationStatement/faults(knowing:)``.
    package init(name: String, _ statement: AggregationStatement) throws(ProjectionError) {
        try Self.check(name: name)
        self.name = name
        let aggregation = try Aggregation(statement, named: name)
        kind = aggregation.plainKind ?? .aggregation(aggregation)
    }

    /// Throws if a projection cannot be called so.
    package static func check(name: String) throws(ProjectionError) {
        guard isUsable(name: name) else {
            throw ProjectionError(
                .invalidDeclaration,
                path: name,
                expected: "a name of at most 64 lower-case letters, digits, '-' or '_'",
                found: name
            )
        }
        guard !everyStore.contains(where: { $0.name == name }) else {
            throw ProjectionError(
                .invalidDeclaration,
                path: name,
                expected: "a name that no built-in projection has",
                found: name
            )
        }
    }

    /// Who is named in which documents.
    package static let leaders = ProjectionDeclaration(
        builtIn: "leaders",
        .index(annotator: "leaders", by: "leader")
    )
    /// How many documents are about what.
    package static let topics = ProjectionDeclaration(
        builtIn: "topics",
        .count(annotator: "topics", by: "topic", byMonth: false)
    )
    /// How many documents are about what, month by month.
    package static let topicsByMonth = ProjectionDeclaration(
        builtIn: "topics",
        .count(annotator: "topics", by: "topic", byMonth: true)
    )
    /// What became of each document.
    package static let documents = ProjectionDeclaration(builtIn: "documents", .documents)
    /// The clusters of copies.
    package static let duplicates = ProjectionDeclaration(builtIn: "duplicates", .duplicates)
    /// The dead letters.
    package static let failures = ProjectionDeclaration(builtIn: "failures", .failures)
    /// The runs.
    package static let runs = ProjectionDeclaration(builtIn: "runs", .runs)

    /// The projections of every store, whatever its pipeline declares.
    package static let everyStore = [documents, duplicates, failures, runs]

    private static func isUsable(name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
                    || byte == 0x5F
            }
    }
}

extension ProjectionDeclaration {
    /// The registry: the fold behind each kind.
    var projection: any Projection {
        switch kind {
        case .documents: DocumentList()
        case .duplicates: DuplicateClusters()
        case .failures: FailureList()
        case .runs: RunList()
        case .index(let annotator, _): AnnotationProjection(annotator: annotator, keeps: .mentions)
        case .count(let annotator, _, _):
            AnnotationProjection(annotator: annotator, keeps: .presence)
        case .aggregation(let aggregation): AggregationProjection(aggregation)
        }
    }
}
