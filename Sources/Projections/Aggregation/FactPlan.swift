/// What is kept of each document for a declaration: its outcome, some facts, some findings.
///
/// Declarations that differ only in what they make of it have one plan: changing a filter or an
/// order rebuilds nothing. Facts and findings are in order of their names, whatever the declaration's.
struct FactPlan: Sendable, Hashable {
    /// The paths of facts of a document.
    private(set) var facts: [[String]] = []
    /// The annotators whose findings are kept, and the paths in the fields of these.
    private(set) var annotators: [AnnotatorPlan] = []

    /// What is kept of an annotator's findings, besides id, label and mentions.
    struct AnnotatorPlan: Sendable, Hashable {
        let name: String
        fileprivate(set) var paths: [[String]]
    }

    /// How many parts are kept of a document; the first is its outcome.
    var slotCount: Int { 1 + facts.count + annotators.count }
    /// The part of the first annotator.
    var firstAnnotatorSlot: Int { 1 + facts.count }

    /// Keeps what a field needs.
    mutating func add(_ field: FieldReference) {
        switch field {
        case .document, .outcome: break
        case .bucket: add(.fact(FieldReference.published))
        case .fact(let path):
            guard !facts.contains(path) else { return }
            facts.append(path)
            facts.sort(by: Self.isBefore)
        case .annotation(let name, let field):
            if !annotators.contains(where: { $0.name == name }) {
                annotators.append(AnnotatorPlan(name: name, paths: []))
                annotators.sort { $0.name.isBefore($1.name) }
            }
            guard case .own(let path) = field,
                let index = annotators.firstIndex(where: { $0.name == name }),
                !annotators[index].paths.contains(path)
            else { return }
            annotators[index].paths.append(path)
            annotators[index].paths.sort(by: Self.isBefore)
        }
    }

    /// The index of a fact.
    func index(ofFact path: [String]) -> Int? { facts.firstIndex(of: path) }

    /// The index of an annotator.
    func index(ofAnnotator name: String) -> Int? { annotators.firstIndex { $0.name == name } }

    private static func isBefore(_ left: [String], _ right: [String]) -> Bool {
        left.lexicographicallyPrecedes(right) { $0.isBefore($1) }
    }

    /// All of it as text that no other plan has: a file of another one is rebuilt.
    var description: String {
        let facts = facts.map { "fact=\(Self.text($0))" }
        let annotators = annotators.map { annotator in
            let paths = annotator.paths.map(Self.text).joined(separator: ",")
            return "annotator=\(Self.text([annotator.name])):\(paths)"
        }
        return (facts + annotators).joined(separator: " ")
    }

    /// Keys are counted, as they may hold any character.
    private static func text(_ path: [String]) -> String {
        path.map { "\($0.utf8.count)\"\($0)\"" }.joined(separator: ".")
    }
}
