/// In how many documents an annotator found something, in a month or altogether.
package struct CountRow: Sendable, Hashable {
    /// The dictionary's id.
    package let id: String
    /// The label that most documents have; of several the first in order of bytes.
    package let label: String
    /// `2017-11`; nil where it is unknown, or where months are not told apart.
    package let month: String?
    /// The documents.
    package let documents: Int

    static func table(_ rows: [CountRow], key: String, _ byMonth: Bool) -> Table {
        let columns = byMonth ? [key, "label", "month", "documents"] : [key, "label", "documents"]
        return Table(
            columns: columns,
            rows: rows.map { row in
                let month: [Table.Cell] = byMonth ? [.optional(row.month)] : []
                return [.text(row.id), .text(row.label)] + month + [.integer(row.documents)]
            }
        )
    }
}

/// What is counted: an id in a month, 0 for an unknown one or for all.
private struct CountKey: Hashable {
    let id: Int
    let month: Int
}

extension ProjectionView {
    /// The rows of a count: most documents first, then by id, then by month, unknown ones last.
    package func counts() throws(ProjectionError) -> [CountRow] {
        guard case .count(_, _, let byMonth) = declaration.kind else { throw wrongKind("a count") }
        return try database.read { database in
            let terms = try TermTexts(database)
            var counts: [CountKey: Int] = [:]
            var labels: [Int: [Int: Int]] = [:]
            try AnnotationTables.eachDocument(database) { pack in
                let head = pack.head()
                guard head.counts else { return }
                let month = byMonth ? head.published.month : 0
                var offset = pack.findings.lowerBound
                while let finding = pack.finding(at: &offset, .presence) {
                    counts[CountKey(id: finding.id, month: month), default: 0] += 1
                    labels[finding.id, default: [:]][finding.label, default: 0] += 1
                }
            }
            let names = try labels.mapValues { try terms.commonest($0) }
            return try counts.map { key, count in
                CountRow(
                    id: try terms.text(key.id),
                    label: names[key.id] ?? "",
                    month: DayNumber.isoMonth(key.month),
                    documents: count
                )
            }.sorted { left, right in
                if left.documents != right.documents { return left.documents > right.documents }
                if left.id != right.id { return left.id.isBefore(right.id) }
                return (left.month ?? "~").isBefore(right.month ?? "~")
            }
        }
    }
}
