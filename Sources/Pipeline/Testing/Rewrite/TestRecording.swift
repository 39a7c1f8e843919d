internal import Bytes
internal import Events
internal import YAML

/// A test made of documents that a store holds, expecting what comes of them now.
package struct TestRecording: Sendable {
    /// What the test is called.
    package var name: String
    /// The documents; the last is the one that is recorded, those before it are there for its sake.
    package var documents: [(id: String, document: InlineDocument)]
    /// The first stage that runs, where it is not the first after ingest.
    package var from: String?
    /// The last stage that runs, where it is not the last.
    package var to: String?

    /// States what is to be recorded.
    package init(
        name: String,
        documents: [(id: String, document: InlineDocument)],
        from: String?,
        to: String?
    ) {
        self.name = name
        self.documents = documents
        self.from = from
        self.to = to
    }

    /// Why a test cannot be recorded.
    package struct Refusal: Error, CustomStringConvertible {
        package let description: String

        /// States why.
        package init(_ description: String) { self.description = description }
    }

    /// A document's words in a test: its own id, unless that cannot be written as a key.
    package static func id(_ id: String, or word: String) -> String {
        let isUsable = id.utf8.count <= 200 && !id.contains("${") && !id.utf8.contains(0)
        return isUsable && !id.isEmpty ? id : word
    }

    /// The test as lines, each indented.
    func text(_ facts: TestFacts, indent: Int) -> String {
        var lines = YAMLLines(indent: indent)
        lines.add("- name: " + YAMLText.inline(name))
        lines.add("  documents:")
        for (id, document) in documents { write(document, id, into: &lines) }
        if let from { lines.add("  from: " + YAMLText.inline(from)) }
        if let to { lines.add("  to: " + YAMLText.inline(to)) }
        lines.add("  expect:")
        guard let last = documents.last, let facts = facts.facts(of: last.id) else {
            return lines.text
        }
        lines.add("    " + YAMLText.key(last.id) + ":")
        expect(facts, given: last.document.text, into: &lines)
        return lines.text
    }

    private func write(_ document: InlineDocument, _ id: String, into lines: inout YAMLLines) {
        lines.add("    - id: " + YAMLText.inline(id))
        var writer = CBORWriter()
        document.fields.encode(into: &writer)
        let fields = (try? CBORValue(decoding: writer.bytes.span)) ?? .map([])
        for field in Self.fieldOrder {
            guard let value = fields[field] else { continue }
            lines.add("      \(field): " + lines.value(value, indent: 6))
        }
        if !document.metadata.pairs.isEmpty {
            lines.add("      metadata: " + YAMLText.flow(document.metadata))
        }
        lines.add("      text: " + lines.value(.text(document.text), indent: 6))
    }

    private static let fieldOrder = [
        "title", "byline", "dateline", "caption", "credit", "agency", "tags", "published",
    ]

    private func expect(_ facts: CBORValue, given text: String, into lines: inout YAMLLines) {
        let outcome = facts["outcome"]?.text ?? ""
        let worth = ["rule", "value", "of", "kind", "similarity", "code"]
        let reasons = facts[outcome]?.pairs.filter { worth.contains($0.key) } ?? []
        let value: CBORValue = outcome == "kept" ? .bool(true) : .map(reasons)
        lines.add("      \(outcome): " + YAMLText.flow(value))
        let fields = facts["fields"]?.pairs ?? []
        if !fields.isEmpty {
            lines.add("      fields:")
            for name in Self.fieldOrder {
                guard let value = facts["fields"]?[name] else { continue }
                lines.add("        \(name): " + lines.value(value, indent: 8))
            }
        }
        if facts["rules"] != nil {
            let rules = (facts["removed"]?.items ?? []).compactMap { $0["rule"] }
            lines.add("      removed: " + YAMLText.flow(.array(rules)))
        }
        if let came = facts["text"], came.text?.utf8.elementsEqual(text.utf8) == false {
            lines.add("      text: " + lines.value(came, indent: 6))
        }
        let annotations = facts["annotations"]?.pairs ?? []
        if !annotations.isEmpty {
            lines.add("      annotations:")
            for found in annotations {
                let ids = found.value.items.compactMap { $0["id"] }
                lines.add(
                    "        \(YAMLText.key(found.key)): " + YAMLText.flow(.array(ids))
                )
            }
        }
    }
}

/// Lines of YAML, each as far in as the whole stands.
private struct YAMLLines {
    let indent: Int
    private(set) var text = ""

    init(indent: Int) { self.indent = indent }

    mutating func add(_ line: String) {
        text += String(repeating: " ", count: indent) + line + "\n"
    }

    /// A value below a key that stands so far in.
    func value(_ value: CBORValue, indent: Int) -> String {
        guard case .text(let text) = value else { return YAMLText.flow(value) }
        return YAMLText.scalar(text, indent: self.indent + indent)
    }
}
