internal import Bytes

/// The paths of wanted facts as a tree, to find them in one pass over an event's facts.
struct FactTree: Sendable {
    /// Which of the wanted facts stands here.
    private var number: Int?
    private var children: [(key: [UInt8], tree: FactTree)] = []

    /// Facts are nested no deeper than JSON that is read; bytes that are damaged may be.
    private static let depthLimit = 200

    /// A tree of paths, numbered in order.
    init(_ paths: [[String]]) {
        for (number, path) in paths.enumerated() {
            add(path[...], number)
        }
    }

    private init() {}

    /// A key can hold dots itself: what is left of a path is also looked for as one key.
    private mutating func add(_ path: ArraySlice<String>, _ number: Int) {
        guard let first = path.first else {
            self.number = number
            return
        }
        addChild(first, path.dropFirst(), number)
        if path.count > 1 { addChild(path.joined(separator: "."), [], number) }
    }

    private mutating func addChild(_ key: String, _ rest: ArraySlice<String>, _ number: Int) {
        let key = Array(key.utf8)
        if let index = children.firstIndex(where: { $0.key == key }) {
            children[index].tree.add(rest, number)
        } else {
            var tree = FactTree()
            tree.add(rest, number)
            children.append((key, tree))
        }
    }

    /// Whether nothing is wanted.
    var isEmpty: Bool { number == nil && children.isEmpty }

    /// Reads the item that is next and appends the wanted values in it, each to its own list.
    ///
    /// Of a list every item counts, as in search engines; maps have no value of their own.
    func read(
        _ reader: inout CBORReader,
        into values: inout [[FieldValue]],
        depth: Int = 0
    ) throws(CBORError) {
        guard !isEmpty, depth < Self.depthLimit else { return try reader.skip() }
        switch try reader.peek() >> 5 {
        case 4:
            for _ in 0..<(try reader.array()) {
                try read(&reader, into: &values, depth: depth + 1)
            }
        case 5:
            for _ in 0..<(try reader.map()) {
                let range = try reader.textRange()
                let key = reader.span.extracting(range)
                if let child = children.first(where: { $0.key.span.isEqual(to: key) }) {
                    try child.tree.read(&reader, into: &values, depth: depth + 1)
                } else {
                    try reader.skip()
                }
            }
        default:
            guard let number else { return try reader.skip() }
            if let value = try FieldValue(&reader), value != .absent {
                values[number].append(value)
            }
        }
    }
}
