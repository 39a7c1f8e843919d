/// How much of everything one source may have; each limit is refused with a position.
package struct YAMLLimits: Sendable, Hashable {
    /// Bytes of the whole source; dictionaries are YAML too, so this is generous.
    package var inputBytes: Int
    /// Lists and mappings inside each other.
    package var depth: Int
    /// Keys and values of the tree, with those that aliases stand for.
    package var nodes: Int
    /// Keys and values that all aliases together stand for.
    package var aliasedNodes: Int
    /// Bytes of one key or value.
    package var scalarBytes: Int

    /// Limits that no honest file meets.
    package static let `default` = YAMLLimits()

    /// The default limits, with those given in their place.
    package init(
        inputBytes: Int = 64 << 20,
        depth: Int = 100,
        nodes: Int = 2_000_000,
        aliasedNodes: Int = 100_000,
        scalarBytes: Int = 1 << 20,
    ) {
        self.inputBytes = inputBytes
        self.depth = depth
        self.nodes = nodes
        self.aliasedNodes = aliasedNodes
        self.scalarBytes = scalarBytes
    }
}
