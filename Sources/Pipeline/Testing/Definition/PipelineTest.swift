package import Bytes
package import Events
package import YAML

/// A test that a pipeline's file brings along: documents, the stages to send them through, and what
/// must come of them.
///
/// ```yaml
/// tests:
///   - name: a reprint is a duplicate of the first
///     documents: [{id: a, text: "…"}, {id: b, text: "…"}]
///     expect: {b: {duplicate: {of: a}}}
/// ```
/// Only what an expectation names is compared; a list is compared whole.
package struct PipelineTest: Sendable {
    /// What must hold, in words; unique in its file.
    package let name: String
    /// Where the test stands.
    package let place: Node
    /// What it sends through the stages, in order.
    package let documents: [TestDocument]
    /// The number of the first stage after ingest that runs.
    package let firstStage: Int
    /// The number of the last stage that runs.
    package let lastStage: Int
    /// What must come of documents.
    package let expectations: [Expectation]
    /// What projections must show.
    package let projections: [Expectation]

    /// What must come of something: a document or a projection.
    package struct Expectation: Sendable {
        /// The document's id, or the projection's name.
        package let subject: String
        /// Where it is named.
        package let key: Node
        /// What must hold of it.
        package let value: Node
        /// How its text may be written anew.
        package let slot: ExpectationSlot
    }
}

/// A document of a test.
package struct TestDocument: Sendable {
    /// Its id; nil for a file whose documents have names of their own.
    package let id: String?
    /// What it holds.
    package let content: Content
    /// Where it is declared.
    package let place: Node

    /// What a test's document holds.
    package enum Content: Sendable {
        /// What the first stage after ingest gets.
        case inline(InlineDocument)
        /// A file, relative to the pipeline file, which ingest reads.
        case file(String)
    }
}

/// A document as ingest would hand it on.
package struct InlineDocument: Sendable, Equatable {
    /// The text.
    package var text: String
    /// What its source says around the text.
    package var fields: DocumentFields
    /// What else its source says, a map.
    package var metadata: CBORValue

    /// States a document.
    package init(text: String, fields: DocumentFields, metadata: CBORValue) {
        self.text = text
        self.fields = fields
        self.metadata = metadata
    }
}

/// Where a value stands, and how it can be written there.
package struct ExpectationSlot: Sendable {
    /// The value.
    let node: Node
    /// Its key, where it stands in a mapping.
    let key: Node?
    /// Spaces before the key, where lines of its own may follow; nil inside brackets.
    let indent: Int?

    init(_ node: Node, key: Node?, indent: Int?) {
        self.node = node
        self.key = key
        self.indent = indent
    }

    /// The place of an entry of a mapping.
    init(_ entry: Mapping.Entry, of mapping: Node) {
        self.init(
            entry.value,
            key: entry.key,
            indent: mapping.isFlow ? nil : entry.key.range.start.column - 1
        )
    }
}

extension Node {
    /// Whether a list or mapping is written in brackets.
    var isFlow: Bool {
        guard let first = range.source.bytes[range.start.offset...].first else { return false }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    }
}
