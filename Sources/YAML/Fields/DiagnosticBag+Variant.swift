extension DiagnosticBag {
    /// The name and options of an item written as `- name: {options}` or just `- name`.
    ///
    /// - Parameters:
    ///   - node: The item.
    ///   - noun: What such an item is, such as `stage`.
    ///   - area: The first half of the codes.
    /// - Returns: The node of the name and that of the options (nothing, where there are none),
    ///   or nil after it was reported.
    package mutating func variant(
        _ node: Node,
        noun: String,
        area: String = "pipeline",
    ) -> (name: Node, options: Node)? {
        if let scalar = node.scalar, !scalar.isNull {
            let after = SourceRange(source: node.range.source, at: node.range.end)
            return (node, Node(kind: .scalar(Scalar(text: "", isPlain: true)), range: after))
        }
        if let mapping = node.mapping, mapping.count == 1, let entry = mapping.entries.first {
            return (entry.key, entry.value)
        }
        let keys = node.mapping?.entries ?? []
        let found =
            keys.count > 1 ? "a mapping with \(keys.count) keys" : node.foundDescription
        let place = keys.count > 1 ? keys[1].key : node
        error(
            "\(area).\(FieldCode.type)",
            "a \(noun) must be one name with its options, not \(found)",
            at: place,
            expected: "\"- name: {options}\"",
            found: found,
            hint: keys.count > 1
                ? "begin each \(noun) with \"- \", and indent its options under its name"
                : "write \"- name:\" with the options indented under it",
        )
        return nil
    }
}
