internal import Bytes
internal import YAML

/// Which item of a list each expectation is about.
struct ListPairing {
    /// The item of each expectation that holds; nil where it was not found.
    private(set) var found: [Int?]
    /// Expectations of an item that is there and differs.
    private(set) var differing: [(node: Node, item: Int)] = []
    /// Whether each expectation has an item and each item an expectation.
    let isComplete: Bool
    /// The expectations.
    let nodes: [Node]

    /// Pairs those that hold first, the ones that say most before the others, then those that name
    /// an item which is left.
    init(
        _ nodes: [Node],
        _ items: [CBORValue],
        name: String,
        isOrdered: Bool,
        holds: (Node, CBORValue) -> Bool
    ) {
        self.nodes = nodes
        found = [Int?](repeating: nil, count: nodes.count)
        var left = Array(items.indices)
        if isOrdered {
            guard nodes.count == items.count else {
                isComplete = false
                return
            }
            for index in nodes.indices {
                if holds(nodes[index], items[index]) {
                    found[index] = index
                } else if Self.name(of: nodes[index], name)
                    == items[index][name].map(YAMLText.plain)
                {
                    differing.append((nodes[index], index))
                }
            }
            isComplete = found.count(where: { $0 != nil }) + differing.count == nodes.count
            return
        }
        let order = nodes.indices.sorted {
            (nodes[$1].mapping?.count ?? 1, $0) < (nodes[$0].mapping?.count ?? 1, $1)
        }
        for index in order {
            guard let place = left.firstIndex(where: { holds(nodes[index], items[$0]) }) else {
                continue
            }
            found[index] = left.remove(at: place)
        }
        for index in nodes.indices where found[index] == nil {
            let named = Self.name(of: nodes[index], name)
            guard let named,
                let place = left.firstIndex(where: {
                    items[$0][name].map(YAMLText.plain) == named
                })
            else { continue }
            differing.append((nodes[index], left.remove(at: place)))
        }
        let paired = found.count { $0 != nil } + differing.count
        isComplete = paired == nodes.count && left.isEmpty
    }

    /// What an expectation calls its item; nil where it is a name alone, which holds or does not.
    private static func name(of node: Node, _ key: String) -> String? { node[key]?.text }
}

/// A list as it is to be written in the place of another.
struct ListText {
    private let slot: ExpectationSlot
    private let name: String

    init(_ slot: ExpectationSlot, name: String) {
        self.slot = slot
        self.name = name
    }

    /// The columns that the expectations named, in their order: what of an item is worth writing.
    private var columns: [String] {
        var columns: [String] = []
        for item in slot.node.sequence ?? [] {
            for key in item.mapping?.keys ?? [] where !columns.contains(key) { columns.append(key) }
        }
        return columns
    }

    /// The items with what is compared of them.
    func shown(_ items: [CBORValue]) -> String {
        "[" + items.map { item($0) }.joined(separator: ", ") + "]"
    }

    /// The list, with the expectations that hold as they stand.
    func text(_ items: [CBORValue], _ pairing: ListPairing) -> String {
        let texts = items.indices.map { index in
            let holding = pairing.found.firstIndex { $0 == index }
            return holding.flatMap { Self.written(pairing.nodes[$0]) } ?? item(items[index])
        }
        guard slot.indent != nil, let node = slot.node.sequence, !node.isEmpty,
            !slot.node.isFlow, !texts.isEmpty
        else { return "[" + texts.joined(separator: ", ") + "]" }
        let margin = String(repeating: " ", count: slot.node.range.start.column - 1)
        return texts.map { "- " + $0 }.joined(separator: "\n" + margin)
    }

    private func item(_ item: CBORValue) -> String {
        let isRow = slot.node.sequence?.contains { $0.mapping != nil } ?? false
        let isPlainList = ["id", "rule", "text"].contains(name)
        guard isRow || !isPlainList else {
            return item[name].map { YAMLText.flow($0) } ?? YAMLText.flow(item)
        }
        guard isRow else { return YAMLText.flow(item) }
        let named = columns.map { CBORValue.Pair($0, item[$0] ?? .null) }
        let own = columns.contains(name) ? [] : [CBORValue.Pair(name, item[name] ?? .null)]
        return YAMLText.flow(.map(own + named))
    }

    /// An expectation as it stands in its file, if it stands in one line.
    private static func written(_ node: Node) -> String? {
        guard node.range.start.line == node.range.end.line,
            node.scalar?.isSubstituted != true
        else { return nil }
        let bytes = node.range.source.bytes[node.range.start.offset..<node.range.end.offset]
        guard node.mapping == nil || node.isFlow else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
