internal import Bytes
package import Events

/// A run of the pipeline.
package struct RunRow: Sendable, Equatable {
    /// Its id.
    package let run: String
    /// When it began, in microseconds since 1970; nil if it did not say.
    package let started: UInt64?
    /// When it ended; nil if it was interrupted or still runs.
    package let finished: UInt64?
    /// How many events it appended.
    package let events: Int
    /// Its balance sheet (invariant 3); empty until it ended.
    package let stages: [StageBalance]

    static func table(_ rows: [RunRow]) -> Table {
        Table(
            columns: ["run", "started", "finished", "events", "stages"],
            rows: rows.map { row in
                [
                    .text(row.run),
                    .optional(row.started.map(ISOTime.string(microseconds:))),
                    .optional(row.finished.map(ISOTime.string(microseconds:))),
                    .integer(row.events), .table(stages(row.stages)),
                ]
            }
        )
    }

    private static func stages(_ stages: [StageBalance]) -> Table {
        Table(
            columns: ["stage", "in", "kept", "dropped", "duplicates", "failed"],
            rows: stages.map { stage in
                [
                    .text(stage.stage), .integer(stage.input), .integer(stage.kept),
                    .integer(stage.dropped), .integer(stage.duplicates), .integer(stage.failed),
                ]
            }
        )
    }
}

extension ProjectionView {
    /// The runs, in order.
    package func runs() throws(ProjectionError) -> [RunRow] {
        guard declaration.kind == .runs else { throw wrongKind("runs") }
        return try database.read { database in
            let rows = try RowStatement(database, RunList.select)
            var list: [RunRow] = []
            while try rows.next() {
                let stages = rows.optionalBytes(4)
                list.append(
                    RunRow(
                        run: rows.text(0),
                        started: rows.optionalInteger(1).map { UInt64(max(0, $0)) },
                        finished: rows.optionalInteger(2).map { UInt64(max(0, $0)) },
                        events: rows.integer(3),
                        stages: try stages.map(Self.balances) ?? []
                    )
                )
            }
            return list
        }
    }

    private static func balances(_ bytes: [UInt8]) throws(ProjectionError) -> [StageBalance] {
        do throws(CBORError) {
            return try CBORValue(decoding: bytes.span).items.map { item in
                var balance = StageBalance(stage: item["stage"]?.text ?? "")
                balance.input = item["in"]?.integer ?? 0
                balance.kept = item["kept"]?.integer ?? 0
                balance.dropped = item["dropped"]?.integer ?? 0
                balance.duplicates = item["duplicates"]?.integer ?? 0
                balance.failed = item["failed"]?.integer ?? 0
                return balance
            }
        } catch {
            throw ProjectionError(.damaged, found: error.description)
        }
    }
}
