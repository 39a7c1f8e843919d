internal import YAML

/// Checks that an expectation says something that can be compared, before anything runs.
struct ExpectationSyntax {
    /// The annotators of the stages; nil where they are not known.
    let annotators: [String]?
    /// The ids of the test's documents; nil where files name them.
    let ids: [String]?
    var diagnostics = DiagnosticBag()

    /// The words for what becomes of a document.
    static let outcomes = ["kept", "dropped", "duplicate", "failed"]

    init(annotators: [String]?, ids: [String]?) {
        self.annotators = annotators
        self.ids = ids
    }

    /// What must come of a document: a word, or what is to be compared.
    mutating func document(_ expectation: PipelineTest.Expectation) {
        let node = expectation.value
        let context = "the expectation of \(DisplayText.quoted(expectation.subject))"
        if let word = node.text, !node.isNull {
            if Self.outcomes.contains(word) { return }
            return refuse(
                node,
                "\(context) must be an outcome or a mapping",
                expected: Self.outcomes.joined(separator: ", ") + ", or a mapping",
                hint: Suggestion.hint(for: word, among: Self.outcomes)
            )
        }
        guard let mapping = node.mapping, mapping.count > 0 else {
            return refuse(
                node,
                "\(context) must be an outcome or a mapping, not \(node.foundDescription)",
                expected: Self.outcomes.joined(separator: ", ") + ", or a mapping",
                hint: nil
            )
        }
        var reader = FieldReader(node, context: context)
        let parts: [(String, (inout Self, Node) -> Void)] = [
            ("kept", { $0.kept($1) }), ("dropped", { $0.dropped($1) }),
            ("duplicate", { $0.duplicate($1) }), ("failed", { $0.failed($1) }),
            ("fields", { $0.fields($1) }), ("text", { $0.text($1) }),
            ("removed", { $0.list($1, of: ["rule", "text", "length"], numbers: ["length"]) }),
            ("rules", { $0.numbers($1, "\"rules\"") }),
            ("measurements", { $0.numbers($1, "\"measurements\"") }),
            ("annotations", { $0.byAnnotator($1, items: nil) }),
            ("unresolved", { $0.byAnnotator($1, items: ["text", "reason", "candidates"]) }),
            ("metadata", { $0.anyMapping($1, "\"metadata\"") }), ("exported", { $0.bool($1) }),
        ]
        for (key, check) in parts {
            guard let value = reader.optionalNode(key) else { continue }
            check(&self, value)
        }
        let named = mapping.entries.filter { Self.outcomes.contains($0.key.text ?? "") }
        if named.count > 1 {
            reader.error(
                "pipeline.test-outcomes",
                "a document comes to one end, not to \(named.count)",
                at: named[1].key,
                hint: "leave one of " + named.compactMap(\.key.text).joined(separator: ", ")
            )
        }
        reader.finish(into: &diagnostics)
    }

    /// The rows of a projection.
    mutating func rows(_ node: Node) {
        if let items = node.sequence {
            for item in items where item.mapping == nil {
                refuse(
                    item,
                    "a row must be a mapping of columns, not \(item.foundDescription)",
                    expected: "a mapping",
                    hint: "write {leader: …, documents: 2}"
                )
            }
            return
        }
        anyMapping(node, "a projection")
    }

    // MARK: Outcomes

    private mutating func kept(_ node: Node) {
        guard node.text != "true" else { return }
        refuse(
            node,
            "\"kept\" must be true, not \(node.foundDescription)",
            expected: "true",
            hint: "name what becomes of it instead: dropped, duplicate or failed"
        )
    }

    private mutating func dropped(_ node: Node) {
        outcome(node, "\"dropped\"") { check, reader in
            check.texts(["rule", "stage"], &reader)
            check.numbers(["value"], &reader)
            guard let threshold = reader.optionalNode("threshold") else { return }
            reader.nested(threshold, context: "\"threshold\"") { nested in
                check.numbers(["min", "max"], &nested)
            }
        }
    }

    private mutating func duplicate(_ node: Node) {
        outcome(node, "\"duplicate\"") { check, reader in
            check.texts(["stage"], &reader)
            check.numbers(["similarity", "threshold"], &reader)
            if let kind = reader.optionalNode("kind") {
                _ = reader.scalar(kind, subject: "\"kind\"", .choice(of: ["exact", "near"]))
            }
            guard let original = reader.optionalString("of"), let place = reader.optionalNode("of")
            else { return }
            guard let ids = check.ids, !ids.contains(original) else { return }
            reader.error(
                "pipeline.unknown-document",
                "the test has no document \(DisplayText.quoted(original))",
                at: place,
                hint: Suggestion.hint(for: original, among: ids)
                    ?? "the documents are " + ids.joined(separator: ", ")
            )
        }
    }

    private mutating func failed(_ node: Node) {
        outcome(node, "\"failed\"") { check, reader in
            check.texts(["code", "message", "stage", "file"], &reader)
            check.numbers(["offset"], &reader)
            _ = reader.optionalBool("retryable")
        }
    }

    private mutating func outcome(
        _ node: Node,
        _ context: String,
        _ body: (inout Self, inout FieldReader) -> Void
    ) {
        if node.text == "true" || node.isNull { return }
        var reader = FieldReader(node, context: context)
        body(&self, &reader)
        reader.finish(into: &diagnostics)
    }

    // MARK: Parts

    private mutating func fields(_ node: Node) {
        var reader = FieldReader(node, context: "\"fields\"")
        texts(
            ["title", "byline", "dateline", "caption", "credit", "agency", "published"],
            &reader
        )
        if let tags = reader.optionalNode("tags"), !tags.isNull {
            _ = reader.optionalStrings("tags")
        }
        reader.finish(into: &diagnostics)
    }

    private mutating func numbers(_ node: Node, _ context: String) {
        var reader = FieldReader(node, context: context)
        numbers(reader.entries().compactMap(\.key.text), &reader)
        reader.finish(into: &diagnostics)
    }

    private mutating func byAnnotator(_ node: Node, items keys: [String]?) {
        var reader = FieldReader(node, context: "\"annotations\"")
        for entry in reader.entries() {
            let name = entry.key.text ?? ""
            if let annotators, !annotators.contains(name) {
                reader.error(
                    "pipeline.unknown-annotator",
                    "no stage annotates as \(DisplayText.quoted(name))",
                    at: entry.key,
                    expected: annotators.isEmpty
                        ? nil : "one of " + annotators.joined(separator: ", "),
                    hint: Suggestion.hint(for: name, among: annotators)
                        ?? "the annotators are " + annotators.joined(separator: ", ")
                )
            }
            list(entry.value, of: keys, numbers: [])
        }
        reader.finish(into: &diagnostics)
    }

    /// A list of what was found: names, or mappings; or a mapping by name, of some of it.
    private mutating func list(_ node: Node, of keys: [String]?, numbers: [String]) {
        if node.isNull { return }
        if node.mapping != nil { return anyMapping(node, "this") }
        guard let items = node.sequence else {
            return refuse(
                node,
                "what is found must be a list or a mapping, not \(node.foundDescription)",
                expected: "a list",
                hint: "write [\(DisplayText.clipped(node.text ?? "name"))]"
            )
        }
        for item in items where item.text == nil {
            var reader = FieldReader(item, context: "an item of the list")
            if let keys {
                for key in keys where !numbers.contains(key) { _ = reader.optionalNode(key) }
                self.numbers(numbers, &reader)
            } else {
                _ = reader.entries()
            }
            reader.finish(into: &diagnostics)
        }
    }

    /// A text, nothing, or what it must and must not hold.
    private mutating func text(_ node: Node) {
        guard node.text == nil else { return }
        var reader = FieldReader(node, context: "an expected text")
        let holds = reader.optionalStrings("contains")
        let lacks = reader.optionalStrings("lacks")
        if holds == nil && lacks == nil, reader.node.mapping?.count == 0 {
            reader.error("pipeline.type", "an expected text must say something", at: node)
        }
        reader.finish(into: &diagnostics)
    }

    private mutating func texts(_ keys: [String], _ reader: inout FieldReader) {
        for key in keys {
            if let node = reader.optionalNode(key) { text(node) }
        }
    }

    private mutating func numbers(_ keys: [String], _ reader: inout FieldReader) {
        for key in keys {
            guard let node = reader.optionalNode(key), !node.isNull else { continue }
            if let text = node.text, NumberExpectation(text) != nil { continue }
            reader.error(
                "pipeline.type",
                "\"\(DisplayText.clipped(key))\" must be \(NumberExpectation.expected),"
                    + " not \(node.foundDescription)",
                at: node,
                expected: NumberExpectation.expected,
                found: node.foundDescription
            )
        }
    }

    private mutating func bool(_ node: Node) {
        guard node.text != "true" && node.text != "false" else { return }
        refuse(
            node,
            "\"exported\" must be true or false, not \(node.foundDescription)",
            expected: "true or false",
            hint: nil
        )
    }

    private mutating func anyMapping(_ node: Node, _ context: String) {
        var reader = FieldReader(node, context: context)
        _ = reader.entries()
        reader.finish(into: &diagnostics)
    }

    private mutating func refuse(
        _ node: Node,
        _ message: String,
        expected: String,
        hint: String?
    ) {
        diagnostics.error(
            "pipeline.type",
            message,
            at: node,
            expected: expected,
            found: node.foundDescription,
            hint: hint ?? "write \(expected)"
        )
    }
}
