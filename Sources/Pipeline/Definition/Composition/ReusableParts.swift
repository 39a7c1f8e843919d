internal import YAML

/// What pipeline files share: the parts that an included file can bring along.
struct ReusableParts: Sendable {
    /// The sections whose entries have names of their own.
    enum Section: String, CaseIterable, Sendable {
        case templates, profiles, projections

        /// What one entry is called.
        var noun: String {
            switch self {
            case .templates: "template"
            case .profiles: "profile"
            case .projections: "projection"
            }
        }
    }

    /// The entries of each section, in the order in which files bring them.
    private(set) var sections: [Section: [Mapping.Entry]] = [:]
    /// The tests of all files.
    private(set) var tests: [Node] = []
    /// Where the names of each section stand.
    private var places: [Section: [String: SourceRange]] = [:]

    /// The entries of a section.
    func entries(_ section: Section) -> [Mapping.Entry] { sections[section] ?? [] }

    /// Adds the sections of a file; a name that is there already is an error, whoever brought it.
    mutating func add(_ file: Node, into diagnostics: inout DiagnosticBag) {
        for section in Section.allCases {
            guard let node = file[section.rawValue], !node.isNull else { continue }
            guard let mapping = node.mapping else {
                refuse(node, section.rawValue, "a mapping of names", into: &diagnostics)
                continue
            }
            for entry in mapping.entries { add(entry, to: section, into: &diagnostics) }
        }
        guard let node = file["tests"] else { return }
        if let items = node.sequence {
            tests += items
        } else {
            refuse(node, "tests", "a list", into: &diagnostics)
        }
    }

    private mutating func add(
        _ entry: Mapping.Entry,
        to section: Section,
        into diagnostics: inout DiagnosticBag
    ) {
        let name = entry.key.text ?? ""
        if let first = places[section]?[name] {
            diagnostics.error(
                "pipeline.same-name",
                "the \(section.noun) \(DisplayText.quoted(name)) is declared twice",
                at: entry.key,
                expected: "one \(section.noun) of each name in all files together",
                found: DisplayText.quoted(name),
                hint: "rename one of them",
                notes: [Diagnostic.Note("the first is here", at: first)]
            )
            return
        }
        places[section, default: [:]][name] = entry.key.range
        sections[section, default: []].append(entry)
    }

    private func refuse(
        _ node: Node,
        _ key: String,
        _ expected: String,
        into diagnostics: inout DiagnosticBag
    ) {
        diagnostics.error(
            "pipeline.type",
            "\"\(key)\" must be \(expected), not \(node.foundDescription)",
            at: node,
            expected: expected,
            found: node.foundDescription,
            hint: "write \(expected)"
        )
    }
}
