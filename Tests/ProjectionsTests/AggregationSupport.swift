import Bytes
import Events
import Projections

extension ProjectionDeclaration {
    /// A declaration that is known to be right.
    static func aggregation(
        _ name: String,
        _ verb: AggregationStatement.Verb,
        of subjects: [String],
        by: [String] = [],
        per: [String] = [],
        where conditions: [AggregationStatement.Condition] = [],
        top: Int? = nil,
        atLeast: Int = 1
    ) throws -> ProjectionDeclaration {
        try ProjectionDeclaration(
            name: name,
            AggregationStatement(
                verb,
                of: subjects,
                by: by,
                per: per,
                where: conditions,
                top: top,
                atLeast: atLeast
            )
        )
    }

    /// Some that together keep every kind of field.
    static let aggregations: [ProjectionDeclaration] = {
        let made = try? [
            aggregation(
                "fates",
                .count,
                of: ["documents"],
                by: ["status", "reason", "metadata.section"]
            ),
            aggregation("offices", .index, of: ["leaders"], by: ["leader", "role", "month"]),
            aggregation("together", .pairs, of: ["leaders", "topics"], by: ["leader", "topic"]),
        ]
        return made ?? []
    }()
}

extension AggregationStatement.Condition {
    static func equals(_ field: String, _ texts: String...) -> Self {
        Self(field, .equals(texts.map { FieldTest.Literal(text: $0, number: Double($0)) }))
    }

    static func compares(
        _ field: String,
        _ side: FieldTest.Comparison.Side,
        _ text: String
    ) -> Self {
        let literal = FieldTest.Literal(text: text, number: Double(text))
        return Self(field, .compares([FieldTest.Comparison(side, literal)]))
    }
}

extension TemporaryStore {
    /// The answer of an aggregation, as JSON.
    func answer(
        _ verb: AggregationStatement.Verb,
        of subjects: [String],
        by: [String] = [],
        per: [String] = [],
        where conditions: [AggregationStatement.Condition] = [],
        top: Int? = nil,
        atLeast: Int = 1
    ) throws -> String {
        let declaration = try ProjectionDeclaration.aggregation(
            "answer",
            verb,
            of: subjects,
            by: by,
            per: per,
            where: conditions,
            top: top,
            atLeast: atLeast
        )
        return try view(declaration).table().json
    }

    /// The number of documents of a count without groups; nil if there are none.
    func count(where conditions: AggregationStatement.Condition...) throws -> Int {
        let json = try answer(.count, of: ["documents"], where: conditions)
        return Int(json.filter { ("0"..."9").contains($0) }) ?? 0
    }
}
