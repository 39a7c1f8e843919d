internal import Bytes
internal import YAML

extension CBORValue {
    /// A tree of YAML in JSON's data model, by the core schema; if need be with the names of secrets
    /// in place of what they are.
    init(_ node: Node, hidingSecrets: Bool = false) {
        switch node.kind {
        case .sequence(let items):
            self = .array(items.map { CBORValue($0, hidingSecrets: hidingSecrets) })
        case .mapping(let mapping):
            self = .map(
                mapping.entries.map { entry in
                    let value = CBORValue(entry.value, hidingSecrets: hidingSecrets)
                    return CBORValue.Pair(entry.key.text ?? "", value)
                }.inCBOROrder()
            )
        case .scalar(let scalar):
            switch scalar.meaning {
            case .null: self = .null
            case .bool(let truth): self = .bool(truth)
            case .integer(let whole): self = .integer(whole)
            case .double(let number): self = .double(number)
            case .text: self = .text(hidingSecrets ? scalar.publicText : scalar.text)
            }
        }
    }
}
