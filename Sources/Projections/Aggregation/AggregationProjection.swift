internal import Bytes
internal import Events
internal import GRDB

/// The fold behind every declaration that is no plain index or count.
///
/// It keeps of each document what its plan names; groups are made when it is asked.
struct AggregationProjection: Projection {
    private let plan: FactPlan

    let version = 1
    var options: String { plan.description }
    let schema = AggregationRecord.schema

    init(_ aggregation: Aggregation) {
        plan = aggregation.plan
    }

    var consumes: Set<String>? {
        var types: [EventType] = [
            .documentIngested, .documentCleaned, .documentDropped, .documentUnique,
            .documentDuplicate, .documentFailed, .documentRetracted, .documentRemoved,
        ]
        if !plan.annotators.isEmpty { types.append(.documentEnriched) }
        return Set(types.map(\.rawValue))
    }

    func makeFold(_ schemas: KnownSchemas) -> AnyFold {
        AnyFold(DocumentFold<AggregationRecord>(schemas, context: AggregationContext(plan)))
    }

    func makeTables(_ database: Database) throws -> AnyTables {
        AnyTables(try DocumentRows<AggregationRecord>(database))
    }

    func digest(_ database: Database, into digest: inout DigestBuilder) throws {
        let rows = try RowStatement(database, AggregationRecord.select("ORDER BY document"))
        while try rows.next() {
            let document = rows.bytes(0)
            let facts = rows.bytes(1)
            digest.row { writer in
                writer.array(2)
                writer.text(utf8: document.span)
                writer.bytes(facts.span)
            }
        }
    }
}
