/// Makes groups of documents, or of the findings in them: an index, a count, a top.
///
/// A document is joined with the findings of each annotator that groups are made of, as tables are
/// in SQL. What is counted must be there; of others a document without any counts with none.
struct FindingGroups {
    private(set) var table: GroupTable
    private let filter: AggregationFilter
    private let keys: [FieldLocation]
    /// The annotators of the plan that are joined, the one that is counted first.
    private let joined: [Int]
    private let hasSubject: Bool
    /// Only an index says, and is ordered by, how often.
    private let countsMentions: Bool
    private let published: Int?
    private let roles: [FieldLocation.Part]
    /// The keys of the document itself that are at hand.
    private var documentNumbers: [[Int32]] = []

    init(_ aggregation: Aggregation, _ plan: FactPlan, limit: Int, name: String) {
        let fields = (aggregation.per + aggregation.by).map(\.field)
        keys = fields.compactMap { FieldLocation($0, in: plan) }
        filter = AggregationFilter(aggregation, plan)
        let subject = aggregation.subject.flatMap { plan.index(ofAnnotator: $0) }
        hasSubject = subject != nil
        countsMentions = aggregation.verb == .index
        var joined = subject.map { [$0] } ?? []
        for annotator in keys.compactMap(\.annotator) where !joined.contains(annotator) {
            joined.append(annotator)
        }
        self.joined = joined
        published = plan.index(ofFact: FieldReference.published)
        roles =
            aggregation.hasRoles
            ? Aggregation.roleFields.compactMap { role in
                let field = FieldReference.annotation(aggregation.subject ?? "", .own([role]))
                guard case .finding(_, let part)? = FieldLocation(field, in: plan) else {
                    return nil
                }
                return part
            } : []
        table = GroupTable(keyCount: keys.count, limit: limit, name: name)
    }

    /// Adds a document to the groups that it belongs to.
    mutating func add(_ document: DocumentFacts) throws(ProjectionError) {
        guard filter.accepts(document), filter.accepts(document, besides: Set(joined)),
            let rows = rows(of: document)
        else { return }
        documentNumbers = []
        for key in keys {
            let isOwn = key.annotator == nil
            documentNumbers.append(isOwn ? numbers(of: document.values(at: key)) : [])
        }
        var tallies: [GroupTable.Key: GroupTable.Tally] = [:]
        var labelled = Set<[Int32]>()
        var row = [Int](repeating: 0, count: joined.count)
        // The subject's rows are outermost: the groups of each are told apart from the next one's.
        var groupsOfRow = Set<GroupTable.Key>()
        while true {
            let findings = zip(rows, row).map { $0[$1] }
            if row.dropFirst().allSatisfy({ $0 == 0 }) { groupsOfRow = [] }
            for group in groups(of: findings) where groupsOfRow.insert(group).inserted {
                add(hasSubject ? findings.first ?? nil : nil, to: &tallies[group, default: .init()])
            }
            countLabels(of: findings, &labelled)
            try table.check(tallies.count)
            guard Self.advance(&row, rows) else { break }
        }
        let day = published.flatMap { document.day($0) } ?? .unknown
        for (group, tally) in tallies { try table.add(tally, to: group, on: day) }
    }

    /// The findings of each joined annotator that meet the conditions; nil if there is no row.
    private func rows(of document: DocumentFacts) -> [[DocumentFacts.Finding?]]? {
        var rows: [[DocumentFacts.Finding?]] = []
        for (index, annotator) in joined.enumerated() {
            let found = filter.findings(of: annotator, in: document)
            if !found.isEmpty {
                rows.append(found)
            } else if index == 0, hasSubject {
                return nil
            } else {
                guard document.findings[annotator].isEmpty, filter.acceptsNone(of: annotator)
                else { return nil }
                rows.append([nil])
            }
        }
        return rows
    }

    /// Steps to the next combination of rows, the last annotator's first; false after the last.
    private static func advance(_ row: inout [Int], _ rows: [[DocumentFacts.Finding?]]) -> Bool {
        for index in row.indices.reversed() {
            row[index] += 1
            if row[index] < rows[index].count { return true }
            row[index] = 0
        }
        return false
    }

    /// The groups of a combination of findings: one for each combination of values.
    private mutating func groups(of findings: [DocumentFacts.Finding?]) -> [GroupTable.Key] {
        var groups: [GroupTable.Key] = [[]]
        for (index, key) in keys.enumerated() {
            var options = documentNumbers[index]
            if case .finding(let annotator, let part) = key,
                let place = joined.firstIndex(of: annotator)
            {
                options = numbers(of: findings[place]?.values(part) ?? [])
            }
            groups = groups.flatMap { group in options.map { group + [$0] } }
        }
        return groups
    }

    /// The numbers of distinct values; of none, that of an absent one.
    private mutating func numbers(of values: [FieldValue]) -> [Int32] {
        guard !values.isEmpty else { return [table.number(of: .absent)] }
        var numbers: [Int32] = []
        for value in values {
            let number = table.number(of: value)
            if !numbers.contains(number) { numbers.append(number) }
        }
        return numbers
    }

    private func add(_ finding: DocumentFacts.Finding?, to tally: inout GroupTable.Tally) {
        guard let finding, countsMentions else { return }
        tally.mentions += finding.mentions
        for part in roles {
            for role in finding.values(part) where role.text != nil {
                tally.roles[role] = .unknown
            }
        }
    }

    /// Counts, once a document, what things are called by whose ids groups are made.
    private mutating func countLabels(
        of findings: [DocumentFacts.Finding?],
        _ labelled: inout Set<[Int32]>
    ) {
        for (index, key) in keys.enumerated() {
            guard case .finding(let annotator, .id) = key,
                let place = joined.firstIndex(of: annotator), let finding = findings[place]
            else { continue }
            let number = table.number(of: finding.id)
            guard labelled.insert([Int32(index), number]).inserted else { continue }
            table.count(label: finding.label, of: number, key: index)
        }
    }
}
