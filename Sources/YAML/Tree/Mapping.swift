/// The entries of a mapping in the order of the file; every key is a scalar and unique.
///
/// Keys are the same if their texts are (`1` and `"1"`, also `é` composed and decomposed):
/// what looks the same to a reader must not be two things.
package struct Mapping: Sendable {
    /// A key with its value.
    package typealias Entry = (key: Node, value: Node)

    /// Up to this many entries a linear search is as fast as a hash.
    static let linearSearchLimit = 16

    /// The entries in the order of the file.
    package let entries: [Entry]
    private let positions: [String: Int]?

    /// A mapping; of equal keys the first counts.
    package init(entries: [Entry]) {
        let isLarge = entries.count > Self.linearSearchLimit
        self.init(entries: entries, positions: isLarge ? Self.positions(of: entries) : nil)
    }

    /// A mapping whose index is already there from the check for duplicates.
    init(entries: [Entry], positions: [String: Int]?) {
        self.entries = entries
        self.positions = positions
    }

    static func positions(of entries: [Entry]) -> [String: Int] {
        var positions: [String: Int] = [:]
        for (position, entry) in entries.enumerated() {
            guard let key = entry.key.text, positions[key] == nil else { continue }
            positions[key] = position
        }
        return positions
    }

    /// How many entries there are.
    package var count: Int { entries.count }
    /// The texts of the keys in the order of the file.
    package var keys: [String] { entries.compactMap(\.key.text) }

    /// The entry of a key; constant time, linear for up to 16 entries.
    package func entry(_ key: String) -> Entry? {
        if let positions { return positions[key].map { entries[$0] } }
        return entries.first { $0.key.text == key }
    }

    /// The value of a key.
    package subscript(key: String) -> Node? { entry(key)?.value }
}
