internal import Testing
internal import YAML

/// The tree of a text, under the name that all expected messages use.
func tree(_ text: String, limits: YAMLLimits = .default) throws(YAMLErrors) -> Node {
    try YAMLParser.parse(YAMLSource(name: "p.yaml", text: text), limits: limits)
}

/// What the parser says about a text, as a user reads it; empty if it is accepted.
func complaint(_ text: String, limits: YAMLLimits = .default) -> String {
    complaint(bytes: Array(text.utf8), limits: limits)
}

/// What the parser says about bytes.
func complaint(bytes: [UInt8], limits: YAMLLimits = .default) -> String {
    do throws(YAMLErrors) {
        _ = try YAMLParser.parse(YAMLSource(name: "p.yaml", bytes: bytes), limits: limits)
        return ""
    } catch {
        return error.rendered()
    }
}

/// A text with what is to be said about it.
struct Complaint: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String
    let expected: String

    init(_ testDescription: String, _ text: String, _ expected: String) {
        self.testDescription = testDescription
        self.text = text
        self.expected = expected
    }
}
