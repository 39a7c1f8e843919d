internal import Bytes
internal import YAML

/// Writes values as YAML that reads back as the same, whatever a text holds but NUL.
enum YAMLText {
    /// A value in one line, fit for any place.
    static func flow(_ value: CBORValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let truth): String(truth)
        case .integer(let number): String(number)
        case .double(let number): number.description
        case .text(let text): inline(text)
        case .utf8(let bytes): inline(String(decoding: bytes, as: UTF8.self))
        case .bytes(let bytes): inline(Hex.string(bytes.span))
        case .array(let items): "[" + items.map { flow($0) }.joined(separator: ", ") + "]"
        case .map(let pairs):
            "{" + pairs.map { "\(key($0.key)): \(flow($0.value))" }.joined(separator: ", ") + "}"
        }
    }

    /// A tree in one line.
    static func flow(_ node: Node) -> String {
        switch node.kind {
        case .scalar(let scalar): scalar.isPlain ? scalar.text : inline(scalar.text)
        case .sequence(let items): "[" + items.map { flow($0) }.joined(separator: ", ") + "]"
        case .mapping(let mapping):
            "{"
                + mapping.entries.map { "\(flow($0.key)): \(flow($0.value))" }
                .joined(separator: ", ") + "}"
        }
    }

    /// A value as a word: what a key that names it looks like.
    static func plain(_ value: CBORValue) -> String { value.text ?? flow(value) }

    /// A text as a key: no key is substituted, so nothing in it is to be kept from that.
    static func key(_ text: String) -> String {
        isPlain(text) ? text : quoted(text, substituting: false)
    }

    /// A text in one line.
    static func inline(_ text: String) -> String {
        isPlain(text) ? text : quoted(text, substituting: true)
    }

    /// A text below a key that stands so far in: in lines of its own where it has several.
    static func scalar(_ text: String, indent: Int) -> String {
        block(text, indent: indent + 2) ?? inline(text)
    }

    // MARK: Ways of writing

    /// A block scalar (YAML 1.2.2, §8.1.2); nil where a text has one line, or what a block cannot
    /// show.
    private static func block(_ text: String, indent: Int) -> String? {
        guard text.utf8.contains(0x0A), !text.hasSuffix("\n\n"), text != "\n",
            text.unicodeScalars.allSatisfy({ $0 == "\n" || $0 == "\t" || isVisible($0) })
        else { return nil }
        let ends = text.utf8.last == 0x0A
        let chomping = ends ? "" : "-"
        // Where the first line begins with space, how far in the text stands must be said.
        let leads = text.utf8.first.map { [0x20, 0x09, 0x0A].contains($0) } ?? false
        guard !leads else { return nil }
        var lines = escapedForSubstitution(text).split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        if ends { lines.removeLast() }
        let margin = String(repeating: " ", count: indent)
        let body = lines.map { $0.isEmpty ? "" : margin + $0 }.joined(separator: "\n")
        let scalar = "|\(chomping)\n" + body
        // What a block makes of spaces is easily got wrong: one that reads otherwise is not used.
        let read = try? YAMLParser.parse(YAMLSource(name: "", text: "text: \(scalar)\n"))
        let isSame = read?["text"]?.text?.utf8.elementsEqual(escapedForSubstitution(text).utf8)
        return isSame == true ? scalar : nil
    }

    private static func quoted(_ text: String, substituting: Bool) -> String {
        var result = "\""
        for scalar in (substituting ? escapedForSubstitution(text) : text).unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case _ where isVisible(scalar): result.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                let width = scalar.value > 0xFFFF ? 8 : 4
                result += width == 8 ? "\\U" : "\\u"
                result += String(repeating: "0", count: width - digits.count) + digits
            }
        }
        return result + "\""
    }

    /// `${` would be taken for a substitution.
    private static func escapedForSubstitution(_ text: String) -> String {
        guard text.contains("${") else { return text }
        var result = String.UnicodeScalarView()
        var dollars = 0
        for scalar in text.unicodeScalars {
            if scalar == "{", dollars > 0 { result.append("$") }
            dollars = scalar == "$" ? dollars + 1 : 0
            result.append(scalar)
        }
        return String(result)
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x7F { return scalar.value >= 0x20 }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
            .unassigned:
            return false
        default: return true
        }
    }

    /// Whether a text may stand without quotes wherever a scalar may, and is no number or the like,
    /// not even in YAML 1.1.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last,
            isWordly(first), last != " ", last != ":", text.utf8.count <= 200
        else { return false }
        let marks: [Unicode.Scalar] = [" ", "_", "-", ".", "/", "(", ")", "’", "“", "”", ";", "+"]
        guard text.unicodeScalars.allSatisfy({ isWordly($0) || marks.contains($0) }) else {
            return false
        }
        if case .text = Scalar(text: text, isPlain: true).meaning {
            return !["yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
        }
        return false
    }

    private static func isWordly(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x80
            ? scalar.properties.isAlphabetic || (0x30...0x39).contains(scalar.value)
            : isVisible(scalar) && scalar.properties.isAlphabetic
    }
}
