internal import YAML

/// Reads `where:` of a projection.
///
/// A value, or a list of which any may be; or a mapping of tests, all of which must hold.
enum ConditionReader {
    private typealias Test = DeclaredProjection.Test

    /// Comparisons, as signs and as words that need no quotes in YAML.
    private static let sides = [
        (sign: ">=", word: "at_least"), (sign: ">", word: "above"),
        (sign: "<=", word: "at_most"), (sign: "<", word: "below"),
    ]

    static func conditions(_ reader: inout FieldReader) -> [DeclaredProjection.Condition] {
        reader.entries().flatMap { entry -> [DeclaredProjection.Condition] in
            guard let text = entry.key.text else { return [] }
            let field = DeclaredProjection.Name(text: text, node: entry.key)
            return tests(entry.value, of: text, &reader).map {
                DeclaredProjection.Condition(field: field, test: $0)
            }
        }
    }

    private static func tests(
        _ node: Node,
        of field: String,
        _ reader: inout FieldReader
    ) -> [Test] {
        if let text = node.text, let side = sides.first(where: { text.hasPrefix($0.sign) }) {
            let bound = text.dropFirst(side.sign.count).drop { $0 == " " }
            reader.error(
                "pipeline.type",
                "a comparison is a mapping, not the text \(DisplayText.quoted(text))",
                at: node,
                expected: "a value, a list of values, or tests",
                hint: "write {\"\(side.sign)\": \(bound)}; in a list it is a text like any other"
            )
            return []
        }
        if node.mapping == nil {
            let items = node.sequence ?? [node]
            let literals = items.compactMap { literal($0, of: field, &reader) }
            guard literals.count == items.count else { return [] }
            guard !literals.isEmpty else {
                reader.error(
                    "pipeline.type",
                    "the condition on \(DisplayText.quoted(field)) names no value",
                    at: node,
                    expected: "at least one value",
                    hint: "write {missing: true} for documents that have none"
                )
                return []
            }
            return [.equals(literals)]
        }
        return reader.nested(node, context: "the condition on \(DisplayText.quoted(field))") {
            mapping(&$0, of: field)
        }
    }

    private static func mapping(_ reader: inout FieldReader, of field: String) -> [Test] {
        var tests: [Test] = []
        var comparisons: [(side: String, literal: DeclaredProjection.Literal)] = []
        for side in sides {
            for key in [side.sign, side.word] {
                guard let node = reader.optionalNode(key),
                    let literal = literal(node, of: field, &reader)
                else { continue }
                comparisons.append((side.sign, literal))
            }
        }
        if !comparisons.isEmpty { tests.append(.compares(comparisons)) }
        if let exists = reader.optional("exists", .bool) {
            tests.append(exists ? .exists : .missing)
        }
        if let missing = reader.optional("missing", .bool) {
            tests.append(missing ? .missing : .exists)
        }
        if let node = reader.optionalNode("not") {
            let inner = self.tests(node, of: field, &reader)
            if inner.count > 1 {
                reader.error(
                    "pipeline.type",
                    "\"not\" takes one test, not \(inner.count)",
                    at: node,
                    hint: "write a condition for each, or compare within one mapping"
                )
            }
            if let test = inner.first { tests.append(.not(test)) }
        }
        if tests.isEmpty, reader.node.mapping?.count == 0 {
            reader.error(
                "pipeline.type",
                "the condition on \(DisplayText.quoted(field)) says nothing",
                at: reader.node,
                expected: "a value, a list of values, or tests",
                hint: "write {\">=\": 10}, {not: x}, {exists: true} or {missing: true}"
            )
        }
        return tests
    }

    private static func literal(
        _ node: Node,
        of field: String,
        _ reader: inout FieldReader
    ) -> DeclaredProjection.Literal? {
        guard let scalar = node.scalar, !scalar.isNull else {
            reader.error(
                "pipeline.type",
                "a value of \(DisplayText.quoted(field)) must be a text, a number, true or false,"
                    + " not \(node.foundDescription)",
                at: node,
                expected: "a text, a number, true or false",
                found: node.foundDescription,
                hint: "write {missing: true} for what is not there"
            )
            return nil
        }
        switch scalar.meaning {
        case .integer(let number):
            return DeclaredProjection.Literal(text: scalar.text, number: Double(number))
        case .double(let number):
            return DeclaredProjection.Literal(text: scalar.text, number: number)
        case .null, .bool, .text:
            return DeclaredProjection.Literal(text: scalar.text, number: nil)
        }
    }
}
