internal import Bytes
internal import Pipeline
internal import Projections
internal import YAML

/// What a pipeline declares in the words of projections, and what is wrong with it at its place.
extension DeclaredProjection {
    /// The declaration; nil of a plugin's.
    var statement: AggregationStatement? {
        guard let verb = AggregationStatement.Verb(rawValue: kind.rawValue) else { return nil }
        return AggregationStatement(
            verb,
            of: subjects.map(\.text),
            by: fields.map(\.text),
            per: per.map(\.text),
            where: conditions.map { .init($0.field.text, $0.test.fieldTest) },
            top: top,
            atLeast: atLeast
        )
    }

    /// Everything that is wrong with it.
    var diagnostics: [Diagnostic] {
        var diagnostics = DiagnosticBag()
        do throws(ProjectionError) {
            try ProjectionDeclaration.check(name: name)
        } catch {
            diagnostics.error(
                "pipeline.projection",
                "'\(TerminalText.escaped(name))' cannot name a projection",
                at: place,
                expected: error.expected,
                hint: "use \(error.expected)"
            )
        }
        for fault in statement?.faults(knowing: vocabulary) ?? [] {
            let suggestion =
                fault.word.isEmpty ? nil : Suggestion.hint(for: fault.word, among: fault.candidates)
            diagnostics.error(
                "pipeline.projection",
                "projection '\(TerminalText.escaped(name))' cannot be built: "
                    + TerminalText.escaped(fault.message),
                at: node(of: fault.part),
                hint: suggestion ?? fault.hint
            )
        }
        return diagnostics.sorted()
    }

    private func node(of part: AggregationFault.Part) -> Node {
        switch part {
        case .whole: place
        case .subject(let index): subjects[index].node
        case .by(let index): fields[index].node
        case .per(let index): per[index].node
        case .condition(let index): conditions[index].field.node
        }
    }
}

extension DeclaredProjection.Test {
    fileprivate var fieldTest: FieldTest {
        switch self {
        case .equals(let literals): .equals(literals.map(\.literal))
        case .compares(let comparisons):
            .compares(
                comparisons.compactMap { side, literal in
                    FieldTest.Comparison.Side(rawValue: side).map { .init($0, literal.literal) }
                }
            )
        case .exists: .exists
        case .missing: .missing
        case .not(let test): .not(test.fieldTest)
        }
    }
}

extension DeclaredProjection.Literal {
    fileprivate var literal: FieldTest.Literal { .init(text: text, number: number) }
}
