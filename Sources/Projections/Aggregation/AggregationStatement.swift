/// A projection over documents or findings as a pipeline declares it, not yet understood.
package struct AggregationStatement: Sendable, Hashable {
    /// What is made of them.
    package enum Verb: String, Sendable, CaseIterable {
        /// Documents, mentions, first and last day of each group.
        case index
        /// The documents of each group.
        case count
        /// The groups with most documents.
        case top
        /// Which two things stand in one document.
        case pairs
    }

    /// What is asked of a field.
    package struct Condition: Sendable, Hashable {
        let field: String
        let test: FieldTest

        /// Takes a field's name and a test.
        package init(_ field: String, _ test: FieldTest) {
            self.field = field
            self.test = test
        }
    }

    /// What stands for all documents where an annotator's name can stand.
    package static let documents = "documents"

    let verb: Verb
    let subjects: [String]
    let by: [String]
    let per: [String]
    let conditions: [Condition]
    let top: Int?
    let atLeast: Int

    /// Takes what a declaration says.
    ///
    /// - Parameters:
    ///   - verb: what is made.
    ///   - subjects: annotators, or `documents`; two only for pairs.
    ///   - by: the fields that tell groups apart.
    ///   - per: for `top`, the fields each value of which has groups of its own.
    ///   - conditions: what must hold.
    ///   - top: how many groups.
    ///   - atLeast: how many documents a group has at least.
    package init(
        _ verb: Verb,
        of subjects: [String],
        by: [String],
        per: [String] = [],
        where conditions: [Condition] = [],
        top: Int? = nil,
        atLeast: Int = 1
    ) {
        self.verb = verb
        self.subjects = subjects
        self.by = by
        self.per = per
        self.conditions = conditions
        self.top = top
        self.atLeast = atLeast
    }

    /// The annotators that it is about.
    var annotators: [String] { subjects.filter { $0 != Self.documents } }

    /// What a name among `by` stands for: each of two things is of its own annotator.
    func reference(by index: Int) -> FieldReference? {
        guard verb == .pairs, subjects.count == 2, index < 2 else {
            return FieldReference(by[index], of: annotators)
        }
        let own = subjects[index] == Self.documents ? [] : [subjects[index]]
        return FieldReference(by[index], of: own)
    }

    /// What another name stands for.
    func reference(_ name: String) -> FieldReference? {
        FieldReference(name, of: annotators)
    }
}
