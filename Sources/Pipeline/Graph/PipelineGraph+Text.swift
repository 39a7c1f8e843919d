internal import Bytes

/// The drawing in the languages of those that draw it. Labels hold names of files and rules, which
/// anybody may have written: in neither language can they be anything but text (invariant 8).
extension PipelineGraph {
    /// For Mermaid, which GitHub and many editors draw.
    package var mermaid: String {
        var lines = ["---", "title: " + Self.mermaidTitle(name), "---", "flowchart TD"]
        lines += nodes.map { node in
            let (open, close) = Self.mermaidForm(node.form)
            return "    \(node.id)\(open)\"\(Self.mermaidText(node.label))\"\(close)"
        }
        lines += edges.map { edge in
            let arrow = edge.isIndirect ? "-.->" : "-->"
            let label = edge.label.map { "|\"\(Self.mermaidText($0))\"|" } ?? ""
            return "    \(edge.from) \(arrow)\(label) \(edge.to)"
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// For Graphviz.
    package var dot: String {
        var lines = ["digraph \(Self.dotText(name)) {", "    node [fontname=\"sans-serif\"];"]
        lines += nodes.map { node in
            "    \(node.id) [label=\(Self.dotText(node.label)), shape=\(Self.dotShape(node.form))];"
        }
        lines += edges.map { edge in
            var attributes = edge.label.map { ["label=" + Self.dotText($0)] } ?? []
            if edge.isIndirect { attributes.append("style=dotted") }
            let suffix = attributes.isEmpty ? "" : " [\(attributes.joined(separator: ", "))]"
            return "    \(edge.from) -> \(edge.to)\(suffix);"
        }
        return (lines + ["}"]).joined(separator: "\n") + "\n"
    }

    private static func mermaidForm(_ form: Form) -> (String, String) {
        switch form {
        case .source: ("[/", "/]")
        case .stage: ("[", "]")
        case .loss: ("([", "])")
        case .export: ("[(", ")]")
        case .projection: ("{{", "}}")
        }
    }

    private static func dotShape(_ form: Form) -> String {
        switch form {
        case .source: "note"
        case .stage: "box"
        case .loss: "ellipse"
        case .export: "cylinder"
        case .projection: "hexagon"
        }
    }

    /// Everything but letters, digits and harmless signs as the number of its character: Mermaid
    /// knows HTML, Markdown and directives in labels.
    private static func mermaidText(_ text: String) -> String {
        var result = ""
        for scalar in TerminalText.escaped(text, keepingLines: true).unicodeScalars {
            switch scalar {
            case "\n": result += "<br/>"
            case "a"..."z", "A"..."Z", "0"..."9", " ", ".", "/", "-", ",", ":", "→", "…":
                result.unicodeScalars.append(scalar)
            case _ where scalar.properties.isAlphabetic: result.unicodeScalars.append(scalar)
            default: result += "#\(scalar.value);"
            }
        }
        return result
    }

    /// A pipeline's name holds letters, digits, `-` and `_` alone.
    private static func mermaidTitle(_ name: String) -> String { "\"\(name)\"" }

    /// A quoted string; `\\` is doubled, since `\\N` and the like stand for other texts in labels.
    private static func dotText(_ text: String) -> String {
        var result = "\""
        for character in TerminalText.escaped(text, keepingLines: true).unicodeScalars {
            switch character {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(character)
            }
        }
        return result + "\""
    }
}
