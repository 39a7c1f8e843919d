internal import Bytes
internal import YAML

/// The digests by which a resource file enters a fingerprint, and by which two of them are compared.
enum ResourceDigest {
    /// SHA-256 in hexadecimal.
    static func of(_ bytes: [UInt8]) -> String {
        SHA256.hash(bytes.span).description
    }

    /// A short hash of each item with an id in the lists of a file, by list and id.
    static func entries(of tree: Node) -> [String: String] {
        var entries: [String: String] = [:]
        for list in tree.mapping?.entries ?? [] {
            for item in list.value.sequence ?? [] {
                guard let name = list.key.text, let id = item["id"]?.text else { continue }
                let encoded = value(of: item).encoded
                entries["\(name)/\(id)"] = Hex.string(Hash64.hash(encoded.span))
            }
        }
        return entries
    }

    private static func value(of node: Node) -> CBORValue {
        switch node.kind {
        case .scalar(let scalar): .text(scalar.text)
        case .sequence(let items): .array(items.map(value))
        case .mapping(let mapping):
            .map(mapping.entries.map { CBORValue.Pair($0.key.text ?? "", value(of: $0.value)) })
        }
    }
}
