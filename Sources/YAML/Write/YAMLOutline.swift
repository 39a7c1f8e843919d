/// YAML to be written: block style, one scalar a line, each with a comment behind it if need be.
package indirect enum YAMLOutline: Sendable {
    /// A scalar as it is to stand there, with what is said about it.
    case scalar(String, comment: String?)
    /// A list.
    case list([YAMLOutline])
    /// Keys with their values; of each key what is said about it.
    case mapping([Entry])

    /// A key with its value.
    package struct Entry: Sendable {
        let key: String
        let value: YAMLOutline

        /// Joins a key, as text, and its value.
        package init(_ key: String, _ value: YAMLOutline) {
            self.key = key
            self.value = value
        }
    }

    /// A tree without comments: read again, it means the same, and `${…}` is still there.
    ///
    /// - Parameters:
    ///   - node: The tree.
    ///   - source: The file that the text is to stand for. The paths of secrets that other files
    ///     name, relative to themselves, are written relative to this one.
    package init(_ node: Node, in source: YAMLSource? = nil) {
        switch node.kind {
        case .scalar(let scalar):
            let moved = source.map { scalar.moved(from: node.range.source, to: $0) }
            self = .scalar((moved ?? scalar).yaml, comment: nil)
        case .sequence(let items): self = .list(items.map { YAMLOutline($0, in: source) })
        case .mapping(let mapping):
            self = .mapping(
                mapping.entries.map { Entry($0.key.text ?? "", YAMLOutline($0.value, in: source)) }
            )
        }
    }

    /// The text, which ends in a line break.
    package var text: String {
        var writer = Writer()
        writer.write(self, indent: 0)
        return writer.lines.joined(separator: "\n") + "\n"
    }

    private struct Writer {
        var lines: [String] = []

        /// Writes below a line that is complete.
        mutating func write(_ value: YAMLOutline, indent: Int, first: String? = nil) {
            let margin = String(repeating: " ", count: indent)
            var lead = first ?? margin
            switch value {
            case .scalar(let text, let comment): add(lead + text, comment)
            case .list(let items):
                if items.isEmpty { add(lead + "[]", nil) }
                for item in items {
                    write(item, indent: indent + 2, first: lead + "- ")
                    lead = margin
                }
            case .mapping(let entries):
                if entries.isEmpty { add(lead + "{}", nil) }
                for entry in entries {
                    write(entry, lead, indent)
                    lead = margin
                }
            }
        }

        private mutating func write(_ entry: Entry, _ lead: String, _ indent: Int) {
            let start = lead + Scalar(text: entry.key, isPlain: false).yaml + ":"
            switch entry.value {
            case .list(let items) where !items.isEmpty:
                add(start, nil)
                write(entry.value, indent: indent + 2)
            case .mapping(let entries) where !entries.isEmpty:
                add(start, nil)
                write(entry.value, indent: indent + 2)
            default: write(entry.value, indent: indent + 2, first: start + " ")
            }
        }

        private mutating func add(_ line: String, _ comment: String?) {
            guard let comment else { return lines.append(line) }
            let gap = String(repeating: " ", count: max(2, 44 - line.count))
            lines.append(line + gap + "# " + DisplayText.escaped(comment))
        }
    }
}

extension Scalar {
    /// The scalar with the paths of its secrets relative to another file.
    fileprivate func moved(from old: YAMLSource, to new: YAMLSource) -> Scalar {
        guard text.contains("${file:"), !old.isSame(as: new) else { return self }
        var template = SubstitutionTemplate(text, keepingEscapes: true)
        let folder = String(new.name[..<(new.name.lastIndex(of: "/") ?? new.name.startIndex)])
        var result = ""
        while let part = template.next() {
            switch part {
            case .literal(let text): result += text
            case .file(let path, _):
                let full = old.path(of: path)
                let isBelow = !folder.isEmpty && full.hasPrefix(folder + "/")
                result += "${file:\(isBelow ? String(full.dropFirst(folder.count + 1)) : full)}"
            case .variable(_, _, let written), .parameter(_, let written), .malformed(let written):
                result += written
            }
        }
        return Scalar(text: result, isPlain: isPlain)
    }

    /// The scalar as it can stand behind a key or a dash, plain where that means the same.
    package var yaml: String {
        if isNull { return "null" }
        let isSafe = Self.canBePlain(text)
        if isPlain, isSafe { return text }
        let plain = Scalar(text: text, isPlain: true)
        // What would be put in place of ${…} must not become a number.
        if isSafe, !isPlain, plain.meaning == .text, !text.contains("${") { return text }
        return Self.quoted(text)
    }

    private static func canBePlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last,
            first != " ", last != " ", last != ":",
            !"-?:,[]{}#&*!|>'\"%@`=~<".unicodeScalars.contains(first) || isNegative(text),
            !text.hasPrefix("..."), !text.contains(": "), !text.contains(" #")
        else { return false }
        return text.unicodeScalars.allSatisfy { !DisplayText.actsOrHides($0) && $0.value != 0x7F }
    }

    private static func isNegative(_ text: String) -> Bool {
        text.hasPrefix("-") && double(text) != nil
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case _ where DisplayText.actsOrHides(scalar) || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
