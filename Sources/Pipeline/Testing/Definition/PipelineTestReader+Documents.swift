internal import Bytes
internal import Events
internal import YAML

extension PipelineTestReader {
    /// One document of a test; nil after it was reported.
    func document(_ node: Node, _ reader: inout FieldReader) -> TestDocument? {
        reader.nested(node, context: "a document of a test") { reader -> TestDocument? in
            let id = reader.optionalString("id")
            if let file = reader.optionalString("file") {
                guard !file.isEmpty else { return nil }
                return TestDocument(id: id, content: .file(file), place: node)
            }
            let fields = fields(&reader)
            let metadata = reader.optionalNode("metadata")
            let text = reader.string("text")
            if let metadata, metadata.mapping == nil {
                reader.error(
                    "pipeline.type",
                    "\"metadata\" must be a mapping, not \(metadata.foundDescription)",
                    at: metadata,
                    hint: "write it as \"key: value\" lines"
                )
            }
            guard let id else {
                if node.mapping != nil {
                    reader.error(
                        "pipeline.missing-key",
                        "a document of a test lacks \"id\"",
                        at: node,
                        expected: "\"id\": a name that the expectations use",
                        hint: "add \"id: a\""
                    )
                }
                return nil
            }
            let inline = InlineDocument(
                text: text,
                fields: fields,
                metadata: metadata.map { CBORValue(ofTest: $0) } ?? .map([])
            )
            return TestDocument(id: id, content: .inline(inline), place: node)
        }
    }

    private func fields(_ reader: inout FieldReader) -> DocumentFields {
        var fields = DocumentFields()
        fields.title = reader.optionalString("title")
        fields.byline = reader.optionalString("byline")
        fields.dateline = reader.optionalString("dateline")
        fields.caption = reader.optionalString("caption")
        fields.credit = reader.optionalString("credit")
        fields.agency = reader.optionalString("agency")
        fields.tags = reader.strings("tags", default: [])
        fields.published = reader.optionalValue(
            "published",
            as: "a date such as 2017-11-21"
        ) { CalendarDate(iso: $0) }
        return fields
    }

    /// Reports ids that are taken, and inline documents where ingest is to run.
    func checkDocuments(
        _ documents: [TestDocument],
        from: (number: Int, node: Node)?,
        _ reader: inout FieldReader
    ) {
        var seen: [String: Node] = [:]
        for document in documents {
            let isInline = if case .inline = document.content { true } else { false }
            if let from, from.number == 0, isInline {
                reader.error(
                    "pipeline.test-ingest",
                    "only a file can be given to ingest",
                    at: document.place,
                    hint: "write \"file: …\" in the place of \"text: …\", or leave out \"from\""
                )
            }
            guard let id = document.id else { continue }
            if id.isEmpty || id.utf8.count > 1024 {
                reader.error(
                    "pipeline.test-id",
                    "an id must have 1 to 1024 bytes",
                    at: document.place["id"] ?? document.place
                )
            }
            if let first = seen[id] {
                reader.error(
                    "pipeline.duplicate-document",
                    "the test has two documents \(DisplayText.quoted(id))",
                    at: document.place["id"] ?? document.place,
                    notes: [Diagnostic.Note("the first is here", at: first.range)]
                )
            }
            seen[id] = document.place["id"] ?? document.place
        }
    }
}

extension CBORValue {
    /// A tree of YAML in JSON's data model, by the core schema.
    fileprivate init(ofTest node: Node) {
        switch node.kind {
        case .sequence(let items): self = .array(items.map { CBORValue(ofTest: $0) })
        case .mapping(let mapping):
            self = .map(
                mapping.entries.map {
                    CBORValue.Pair($0.key.text ?? "", CBORValue(ofTest: $0.value))
                }
                .inCBOROrder()
            )
        case .scalar(let scalar):
            switch scalar.meaning {
            case .null: self = .null
            case .bool(let truth): self = .bool(truth)
            case .integer(let whole): self = .integer(whole)
            case .double(let number) where number.isFinite: self = .double(number)
            case .double, .text: self = .text(scalar.text)
            }
        }
    }
}
