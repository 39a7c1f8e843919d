/// The tags of the core schema; any other would be a meaning that nobody here implements.
enum CoreTag {
    enum Kind: String {
        case scalar
        case sequence = "list"
        case mapping
    }

    private static let prefix = "tag:yaml.org,2002:"
    private static let unquoted: Set<String> = ["int", "float", "bool", "null"]

    static func isAllowed(_ tag: String, on kind: Kind) -> Bool {
        guard tag != "!" else { return true }
        guard tag.hasPrefix(prefix) else { return false }
        let name = String(tag.dropFirst(prefix.count))
        switch kind {
        case .scalar: return name == "str" || unquoted.contains(name)
        case .sequence: return name == "seq"
        case .mapping: return name == "map"
        }
    }

    /// Whether a tag makes a scalar plain (`!!int "5"`) or text (`!!str 5`), if it says.
    static func resolvesPlain(_ tag: String?) -> Bool? {
        guard let tag else { return nil }
        return tag.hasPrefix(prefix) && unquoted.contains(String(tag.dropFirst(prefix.count)))
    }

    /// The tag as one writes it.
    static func written(_ tag: String) -> String {
        tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.count) : tag
    }
}
