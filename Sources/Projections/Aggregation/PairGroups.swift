/// Makes groups of two things that stand in one document.
struct PairGroups {
    private(set) var table: GroupTable
    private let filter: AggregationFilter
    private let sides: [FieldLocation]
    private let grouped: Set<Int>

    init(_ aggregation: Aggregation, _ plan: FactPlan, limit: Int, name: String) {
        sides = aggregation.by.compactMap { FieldLocation($0.field, in: plan) }
        grouped = Set(sides.compactMap(\.annotator))
        filter = AggregationFilter(aggregation, plan)
        table = GroupTable(keyCount: 2, limit: limit, name: name)
    }

    /// Adds a document to the pairs that stand in it.
    mutating func add(_ document: DocumentFacts) throws(ProjectionError) {
        guard filter.accepts(document), filter.accepts(document, besides: grouped),
            let first = sides.first, let last = sides.last
        else { return }
        let left = values(of: first, in: document)
        if sides.count == 1 {
            try table.check(left.count * (left.count - 1) / 2)
            for (index, one) in left.enumerated() {
                for other in left[(index + 1)...] {
                    try table.add(GroupTable.Tally(), to: [one, other], on: .unknown)
                }
            }
            countLabels(of: first, in: document, keys: [0, 1])
        } else {
            let right = values(of: last, in: document)
            try table.check(left.count * right.count)
            for one in left {
                for other in right {
                    try table.add(GroupTable.Tally(), to: [one, other], on: .unknown)
                }
            }
            countLabels(of: first, in: document, keys: [0])
            countLabels(of: last, in: document, keys: [1])
        }
    }

    /// The numbers of a side's distinct values in a document, in order of the values.
    private mutating func values(
        of side: FieldLocation,
        in document: DocumentFacts
    ) -> [Int32] {
        var values: Set<FieldValue>
        if case .finding(let annotator, let part) = side {
            let findings = filter.findings(of: annotator, in: document)
            values = Set(findings.flatMap { $0.values(part) })
        } else {
            values = Set(document.values(at: side))
        }
        return values.sorted().map { table.number(of: $0) }
    }

    private mutating func countLabels(
        of side: FieldLocation,
        in document: DocumentFacts,
        keys: [Int]
    ) {
        guard case .finding(let annotator, .id) = side else { return }
        var labelled: Set<FieldValue> = []
        for finding in filter.findings(of: annotator, in: document)
        where labelled.insert(finding.id).inserted {
            let number = table.number(of: finding.id)
            for key in keys { table.count(label: finding.label, of: number, key: key) }
        }
    }
}
