internal import Bytes
internal import YAML

/// Hashes everything that determines a stage's result.
enum StageFingerprinter {
    /// SHA-256, in hexadecimal, over kind, version, options and the digests of resource files.
    ///
    /// Options count as trees: comments, order of keys and way of quoting do not matter.
    static func fingerprint(
        of kind: StageKind,
        options: Node,
        resources: [String]
    ) -> String {
        let value = CBORValue.map([
            CBORValue.Pair("kind", .text(kind.name)),
            CBORValue.Pair("options", tree(options, without: kind.incidentalOptions)),
            CBORValue.Pair("version", .integer(kind.version)),
            CBORValue.Pair("resources", .array(resources.map { .text($0) })),
        ])
        return SHA256.hash(value.encoded.span).description
    }

    private static func tree(_ node: Node, without keys: Set<String>) -> CBORValue {
        guard case .map(let pairs) = tree(node) else { return tree(node) }
        return .map(pairs.filter { !keys.contains($0.key) })
    }

    private static func tree(_ node: Node) -> CBORValue {
        switch node.kind {
        case .scalar(let scalar): .text(scalar.text)
        case .sequence(let items): .array(items.map(tree))
        case .mapping(let mapping):
            .map(mapping.entries.map { CBORValue.Pair($0.key.text ?? "", tree($0.value)) })
        }
    }
}
