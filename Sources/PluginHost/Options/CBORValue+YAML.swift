internal import Bytes
internal import YAML

extension CBORValue {
    /// A tree of YAML in JSON's data model, by the core schema.
    init(_ node: Node) {
        switch node.kind {
        case .sequence(let items): self = .array(items.map { CBORValue($0) })
        case .mapping(let mapping):
            self = .map(
                mapping.entries.map { CBORValue.Pair($0.key.text ?? "", CBORValue($0.value)) }
                    .inCBOROrder()
            )
        case .scalar(let scalar):
            switch scalar.meaning {
            case .null: self = .null
            case .bool(let truth): self = .bool(truth)
            case .integer(let whole): self = .integer(whole)
            case .double(let number): self = .double(number)
            case .text: self = .text(scalar.text)
            }
        }
    }
}
