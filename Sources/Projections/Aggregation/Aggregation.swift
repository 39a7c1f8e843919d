/// A projection over documents or findings: groups of them, told apart by fields, and what each has.
package struct Aggregation: Sendable, Hashable {
    /// A field that tells groups apart, and what it is called in the answer.
    struct Key: Sendable, Hashable {
        let name: String
        let field: FieldReference
    }

    /// What is asked of a field.
    struct Condition: Sendable, Hashable {
        let field: FieldReference
        let test: FieldTest
    }

    let verb: AggregationStatement.Verb
    /// The annotators that it is about; none if it is about documents.
    let annotators: [String]
    let by: [Key]
    let per: [Key]
    let conditions: [Condition]
    let top: Int
    let atLeast: Int

    /// Understands a declaration; throws the first thing that is wrong with it.
    init(_ statement: AggregationStatement, named name: String) throws(ProjectionError) {
        if let fault = statement.faults().first {
            throw ProjectionError(
                .invalidDeclaration,
                path: name,
                found: fault.message,
                hint: fault.hint
            )
        }
        verb = statement.verb
        annotators = statement.annotators
        top = statement.top ?? .max
        atLeast = statement.atLeast
        by = statement.by.indices.compactMap { index in
            statement.reference(by: index).map { Key(name: statement.by[index], field: $0) }
        }
        per = statement.per.compactMap { name in
            statement.reference(name).map { Key(name: name, field: $0) }
        }
        conditions = statement.conditions.compactMap { condition in
            statement.reference(condition.field).map { Condition(field: $0, test: condition.test) }
        }
    }

    /// The annotator whose findings are counted; nil if documents are.
    var subject: String? { verb == .pairs ? nil : annotators.first }

    /// Whether documents that were not kept count: only if the declaration tells them apart.
    var seesEveryOutcome: Bool {
        (by + per).contains { $0.field.isOutcome } || conditions.contains { $0.field.isOutcome }
    }

    /// Whether groups come in the order of time, not of size.
    var isInOrderOfTime: Bool { verb != .top && by.first?.field.isTime ?? false }

    /// Whether an index says in which roles its subject stands: if each group is about one.
    var hasRoles: Bool {
        verb == .index && by.contains { $0.field.isID && $0.field.annotator == subject }
    }

    /// What the fold must keep of each document to answer.
    var plan: FactPlan {
        var plan = FactPlan()
        for field in (by + per).map(\.field) + conditions.map(\.field) { plan.add(field) }
        for annotator in annotators { plan.add(.annotation(annotator, .id)) }
        if verb == .index { plan.add(.fact(FieldReference.published)) }
        if hasRoles, let subject {
            for role in Self.roleFields { plan.add(.annotation(subject, .own([role]))) }
        }
        return plan
    }

    /// The fields of a finding that name its roles: one, or a list.
    static let roleFields = ["role", "roles"]
}

extension Aggregation {
    /// The kind of declaration that says the same and is folded faster; nil if there is none.
    var plainKind: ProjectionDeclaration.Kind? {
        guard let subject, let key = by.first, key.field == .annotation(subject, .id),
            conditions.isEmpty, per.isEmpty, atLeast == 1
        else { return nil }
        let rest = by.dropFirst().map { $0 }
        switch verb {
        case .index where rest.isEmpty: return .index(annotator: subject, by: key.name)
        case .count where rest.isEmpty:
            return .count(annotator: subject, by: key.name, byMonth: false)
        case .count where rest == [Key(name: "month", field: .bucket(.month))]:
            return .count(annotator: subject, by: key.name, byMonth: true)
        default: return nil
        }
    }
}
