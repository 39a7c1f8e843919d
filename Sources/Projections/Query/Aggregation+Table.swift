/// A group of an aggregation's answer.
private struct Group {
    let numbers: GroupTable.Key
    /// The values that it is told apart by.
    let values: [FieldValue]
    let tally: GroupTable.Tally

    /// The order of keys, each in the order of its values.
    func precedes(_ other: Group) -> Bool {
        for (mine, others) in zip(values, other.values) where mine != others {
            return mine < others
        }
        return false
    }

    func isLarger(than other: Group) -> Bool? {
        if tally.documents != other.tally.documents {
            return tally.documents > other.tally.documents
        }
        if tally.mentions != other.tally.mentions { return tally.mentions > other.tally.mentions }
        return nil
    }
}

extension ProjectionView {
    /// How many groups an answer may have: what they take stays in proportion to a machine's memory,
    /// and nobody reads more.
    package static let groupLimit = 1_000_000

    /// The groups of a declared aggregation.
    ///
    /// Most documents first, then most mentions, then in the order of keys; in the order of time if
    /// that is what tells groups apart first.
    ///
    /// - Throws: ``ProjectionError/Code/tooManyGroups``.
    package func aggregate(
        groupLimit: Int = ProjectionView.groupLimit
    ) throws(ProjectionError) -> Table {
        guard case .aggregation(let aggregation) = declaration.kind else {
            throw wrongKind("groups")
        }
        let plan = aggregation.plan
        let name = declaration.name
        return try database.read { database in
            let rows = try RowStatement(database, AggregationRecord.select("ORDER BY document"))
            if aggregation.verb == .pairs {
                var pairs = PairGroups(aggregation, plan, limit: groupLimit, name: name)
                while try rows.next() {
                    try pairs.add(DocumentFacts(rows.bytes(0), rows.bytes(1), plan))
                }
                return aggregation.table(of: pairs.table)
            }
            var groups = FindingGroups(aggregation, plan, limit: groupLimit, name: name)
            while try rows.next() {
                try groups.add(DocumentFacts(rows.bytes(0), rows.bytes(1), plan))
            }
            return aggregation.table(of: groups.table)
        }
    }
}

extension Aggregation {
    /// The answer of some groups.
    fileprivate func table(of groups: GroupTable) -> Table {
        let sorted = groups.groups.lazy.filter { $0.value.documents >= atLeast }
            .map { numbers, tally in
                Group(numbers: numbers, values: numbers.map(groups.value), tally: tally)
            }
            .sorted { left, right in
                if isInOrderOfTime { return left.precedes(right) }
                if left.numbers.prefix(per.count) != right.numbers.prefix(per.count) {
                    return left.precedes(right)
                }
                return left.isLarger(than: right) ?? left.precedes(right)
            }
        var columns = Columns(self)
        var rank = 0
        var parent: ArraySlice<Int32> = []
        var rows: [[Table.Cell]] = []
        for group in sorted {
            let own = group.numbers.prefix(per.count)
            rank = own == parent ? rank + 1 : 1
            parent = own
            guard rank <= top else { continue }
            rows.append(columns.cells(of: group, rank: rank, groups))
        }
        return Table(columns: columns.names, rows: rows)
    }
}

/// The columns of an answer.
private struct Columns {
    private let aggregation: Aggregation
    private(set) var names: [String] = []
    private var makers: [(Group, Int, GroupTable) -> Table.Cell] = []
    private let taken: Set<String>

    init(_ aggregation: Aggregation) {
        self.aggregation = aggregation
        taken = Set((aggregation.per + aggregation.by).map(\.name))
        for (index, key) in aggregation.per.enumerated() { addKey(key, named: key.name, index) }
        if aggregation.verb == .top { addOwn("rank") { _, rank, _ in .integer(rank) } }
        let first = aggregation.per.count
        for (index, key) in aggregation.by.enumerated() {
            addKey(key, named: key.name, first + index)
        }
        if aggregation.verb == .pairs, aggregation.by.count == 1 {
            addKey(aggregation.by[0], named: "with", 1)
        }
        addOwn("documents") { group, _, _ in .integer(group.tally.documents) }
        if aggregation.verb == .index { addIndexColumns() }
    }

    private mutating func addIndexColumns() {
        if aggregation.subject != nil {
            addOwn("mentions") { group, _, _ in .integer(group.tally.mentions) }
        }
        if aggregation.hasRoles {
            addOwn("roles") { group, _, _ in .list(group.tally.roleNames) }
        }
        addOwn("first") { group, _, _ in .optional(group.tally.first.iso) }
        addOwn("last") { group, _, _ in .optional(group.tally.last.iso) }
    }

    /// A key's value and, of an id, what it is called.
    private mutating func addKey(_ key: Aggregation.Key, named name: String, _ index: Int) {
        names.append(name)
        makers.append { group, _, _ in group.values[index].cell }
        guard key.field.isID else { return }
        addOwn(labelName(key, named: name)) { group, _, groups in
            groups.label(of: group.numbers[index], key: index).cell
        }
    }

    /// `label` of what the declaration is about, or `name` in an index; else with the key's name.
    private func labelName(_ key: Aggregation.Key, named name: String) -> String {
        guard key.field.annotator == aggregation.annotators.first, name != "with" else {
            return name + "_label"
        }
        return aggregation.verb == .index ? "name" : "label"
    }

    /// A column that is no key; it gives way to a key of its name.
    private mutating func addOwn(
        _ name: String,
        _ make: @escaping (Group, Int, GroupTable) -> Table.Cell
    ) {
        guard !taken.contains(name), !names.contains(name) else { return }
        names.append(name)
        makers.append(make)
    }

    mutating func cells(of group: Group, rank: Int, _ groups: GroupTable) -> [Table.Cell] {
        makers.map { $0(group, rank, groups) }
    }
}
