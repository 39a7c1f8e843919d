/// A field that a declaration can group by or ask of.
enum FieldReference: Sendable, Hashable {
    /// The document's identity.
    case document
    /// What became of the document.
    case outcome(OutcomeField)
    /// When it was published, by day, week, month, quarter or year.
    case bucket(TimeBucket)
    /// What the events that read and cleaned it say, by the path in their facts.
    case fact([String])
    /// What an annotator says of something that it found.
    case annotation(String, AnnotationField)

    /// The fields of a document's outcome.
    enum OutcomeField: String, Sendable, CaseIterable {
        case status
        /// The rule that dropped it, the code of its failure, or how it is a duplicate.
        case reason
        case original = "duplicate_of"
        case similarity
    }

    /// The fields of an annotation.
    enum AnnotationField: Sendable, Hashable {
        case id, label
        /// In how many places it stands, the title included.
        case mentions
        /// What else the annotator says, by path.
        case own([String])
    }

    /// The path of the day of publication.
    static let published = ["fields", "published"]

    /// The fields that every document has, by their names in declarations.
    private static let ofDocuments: [String: FieldReference] = {
        var names: [String: FieldReference] = ["document": .document]
        for field in OutcomeField.allCases { names[field.rawValue] = .outcome(field) }
        for bucket in TimeBucket.allCases { names[bucket.rawValue] = .bucket(bucket) }
        for name in ["source", "media", "charset"] { names[name] = .fact([name]) }
        for name in [
            "title", "byline", "dateline", "caption", "credit", "agency", "tags", "published",
        ] {
            names[name] = .fact(["fields", name])
        }
        return names
    }()

    /// The maps of a document with whatever keys its source or its stages gave them.
    private static let openMaps = ["metadata", "measurements"]

    /// The names that stand for fields of documents, sorted.
    static var documentNames: [String] {
        ofDocuments.keys.sorted { $0.isBefore($1) } + openMaps.map { $0 + ".…" }
    }

    /// What a name stands for among annotations of some annotators.
    ///
    /// `leaders.role` names an annotator's field in full. Of the annotators that a declaration is
    /// about the name may be left out: `role`; `id`, the annotator's name and its singular stand for
    /// what was found.
    init?(_ name: String, of annotators: [String]) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        if let first = parts.first, parts.count > 1 {
            if Self.openMaps.contains(first) {
                self = .fact(parts)
            } else {
                self = .annotation(first, AnnotationField(path: Array(parts.dropFirst())))
            }
            return
        }
        let named = annotators.first { name == $0 || name == Self.singular(of: $0) }
        if let named {
            self = .annotation(named, .id)
        } else if let known = Self.ofDocuments[name] {
            self = known
        } else if let only = annotators.first, annotators.count == 1, !name.isEmpty {
            self = .annotation(only, AnnotationField(path: [name]))
        } else {
            return nil
        }
    }

    /// `topic` of `topics`, `entity` of `entities`; a word without a plural's ending is its own.
    static func singular(of plural: String) -> String {
        if plural.hasSuffix("ies"), plural.utf8.count > 3 { return plural.dropLast(3) + "y" }
        if plural.hasSuffix("s"), !plural.hasSuffix("ss"), plural.utf8.count > 1 {
            return String(plural.dropLast())
        }
        return plural
    }

    /// The annotator whose field it is.
    var annotator: String? {
        if case .annotation(let annotator, _) = self { annotator } else { nil }
    }

    /// Whether it is what was found, not what is said of it.
    var isID: Bool {
        if case .annotation(_, .id) = self { true } else { false }
    }

    /// Whether it tells documents apart that do not count otherwise.
    var isOutcome: Bool {
        if case .outcome = self { true } else { false }
    }

    /// Whether it is a stretch of the calendar.
    var isTime: Bool {
        switch self {
        case .bucket: true
        case .fact(let path): path == Self.published
        default: false
        }
    }
}

extension FieldReference.AnnotationField {
    fileprivate init(path: [String]) {
        switch path {
        case ["id"]: self = .id
        case ["label"]: self = .label
        case ["mentions"]: self = .mentions
        default: self = .own(path)
        }
    }

    /// The fields of every annotation.
    static let common = ["id", "label", "mentions"]
}
