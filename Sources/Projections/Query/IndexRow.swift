/// Who or what an annotator found, over all documents that count.
package struct IndexRow: Sendable, Hashable {
    /// The dictionary's id.
    package let id: String
    /// The label that most documents have; of several the first in order of bytes.
    package let name: String
    /// The documents that name it.
    package let documents: Int
    /// The mentions in them, titles included.
    package let mentions: Int
    /// The roles, in order of the first date, then of text; those without a date last.
    package let roles: [String]
    /// The earliest and latest day of publication, ISO 8601; nil where no document says one.
    package let first: String?
    package let last: String?

    static func table(_ rows: [IndexRow], key: String) -> Table {
        Table(
            columns: [key, "name", "documents", "mentions", "roles", "first", "last"],
            rows: rows.map { row in
                [
                    .text(row.id), .text(row.name), .integer(row.documents),
                    .integer(row.mentions), .list(row.roles), .optional(row.first),
                    .optional(row.last),
                ]
            }
        )
    }
}

/// What is counted of an id while the rows go by.
private struct IndexTally {
    var labels: [Int: Int] = [:]
    var documents = 0
    var mentions = 0
    var first = DayNumber.unknown
    var last = DayNumber.unknown
    /// The first day of each role.
    var roles: [Int: DayNumber] = [:]

    mutating func add(_ finding: Finding, on day: DayNumber) {
        documents += 1
        mentions += finding.mentions
        labels[finding.label, default: 0] += 1
        if day != .unknown {
            first = first == .unknown ? day : min(first, day)
            last = max(last, day)
        }
    }

    mutating func add(role: Int, on day: DayNumber) {
        guard let known = roles[role], known != .unknown else {
            roles[role] = day
            return
        }
        if day != .unknown { roles[role] = min(known, day) }
    }

    func row(_ id: Int, _ terms: TermTexts) throws(ProjectionError) -> IndexRow {
        var dated: [(text: String, day: DayNumber)] = []
        for (role, day) in roles { dated.append((try terms.text(role), day)) }
        dated.sort { left, right in
            let days = (left.day.order, right.day.order)
            return days.0 == days.1 ? left.text.isBefore(right.text) : days.0 < days.1
        }
        return IndexRow(
            id: try terms.text(id),
            name: try terms.commonest(labels),
            documents: documents,
            mentions: mentions,
            roles: dated.map(\.text),
            first: first.iso,
            last: last.iso
        )
    }
}

extension DayNumber {
    /// Sorts unknown days last.
    fileprivate var order: Int { self == .unknown ? .max : rawValue }
}

extension TermTexts {
    /// The commonest of some terms; of several the first in order of bytes.
    func commonest(_ counts: [Int: Int]) throws(ProjectionError) -> String {
        var best = ""
        var most = 0
        for (term, count) in counts {
            let text = try text(term)
            if count > most || (count == most && text.isBefore(best)) {
                best = text
                most = count
            }
        }
        return best
    }
}

extension String {
    /// The order of UTF-8 bytes, the same on every machine.
    func isBefore(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }
}

extension ProjectionView {
    /// The rows of an index: most documents first, then most mentions, then by id.
    package func index() throws(ProjectionError) -> [IndexRow] {
        guard case .index = declaration.kind else { throw wrongKind("an index") }
        return try database.read { database in
            let terms = try TermTexts(database)
            var tallies: [Int: IndexTally] = [:]
            try AnnotationTables.eachDocument(database) { pack in
                let (published, counts) = pack.head()
                guard counts else { return }
                var offset = pack.findings.lowerBound
                while let finding = pack.finding(at: &offset, .mentions) {
                    var tally = tallies.removeValue(forKey: finding.id) ?? IndexTally()
                    tally.add(finding, on: published)
                    for _ in 0..<finding.roleCount {
                        tally.add(role: pack.role(at: &offset), on: published)
                    }
                    tallies[finding.id] = tally
                }
            }
            return try tallies.map { try $1.row($0, terms) }.sorted { left, right in
                if left.documents != right.documents { return left.documents > right.documents }
                if left.mentions != right.mentions { return left.mentions > right.mentions }
                return left.id.isBefore(right.id)
            }
        }
    }
}
