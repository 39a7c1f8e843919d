package import YAML

/// The plugins that a pipeline names.
///
/// `- plugin: {name: X}` and `- plugin: X` among the stages and in lists of annotators,
/// `format: plugin:X` of a source or an export, and `NAME: {plugin: X}` among the projections.
package enum PluginReferences {
    /// A plugin's name, where a pipeline says it.
    package struct Reference: Sendable {
        /// The plugin's name.
        package let name: String
        /// Where it stands.
        package let node: Node
    }

    /// All of them, in the pipeline's order, each name once.
    package static func all(in pipeline: Node) -> [Reference] {
        var found: [Reference] = []
        for key in ["stages", "projections"] {
            if let node = pipeline[key] { collect(node, &found) }
        }
        var known: Set<String> = []
        return found.filter { known.insert($0.name).inserted }
    }

    private static func collect(_ node: Node, _ found: inout [Reference]) {
        for item in node.sequence ?? [] { collect(item, &found) }
        for entry in node.mapping?.entries ?? [] {
            switch entry.key.text {
            case "plugin": named(entry.value, &found)
            case "format": format(entry.value, &found)
            // What a plugin is told is its own.
            case "options": continue
            default: collect(entry.value, &found)
            }
        }
    }

    private static func named(_ node: Node, _ found: inout [Reference]) {
        let name = node.mapping == nil ? node : node["name"]
        if let name, let text = name.text, !text.isEmpty {
            found.append(Reference(name: text, node: name))
        }
    }

    private static func format(_ node: Node, _ found: inout [Reference]) {
        guard let text = node.text else { return collect(node, &found) }
        guard text.hasPrefix("plugin:") else { return }
        found.append(Reference(name: String(text.dropFirst("plugin:".count)), node: node))
    }
}
