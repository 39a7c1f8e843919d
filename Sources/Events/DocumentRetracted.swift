package import Bytes

/// A person withdrew a document: projections and exports drop it, what the log held of it is
/// erased, and the same content does not come back.
package struct DocumentRetracted: EventPayload, Equatable {
    package static let type = EventType.documentRetracted

    /// Why, in the words of who withdrew it.
    package var reason: String
    /// Who withdrew it, if that was said.
    package var by: String?
    /// The path at which it was read last, or `-`.
    package var source: String
    /// SHA-256 of each of its revisions, in hexadecimal, in order.
    package var revisions: [String]
    /// Hashes of the words of its text, as read and as cleaned, in hexadecimal: all that is kept of
    /// its content, to know it again.
    package var words: [String]
    /// The positions of the events whose facts and contents are erased.
    package var erases: [Int]

    /// States a withdrawal.
    package init(
        reason: String,
        by: String?,
        source: String,
        revisions: [String],
        words: [String],
        erases: [Int]
    ) {
        self.reason = reason
        self.by = by
        self.source = source
        self.revisions = revisions
        self.words = words
        self.erases = erases
    }

    package func encode(into writer: inout CBORWriter) {
        writer.map(by == nil ? 5 : 6)
        if let by {
            writer.text("by")
            writer.text(by)
        }
        writer.text("words")
        writer.array(words.count)
        for hash in words { writer.text(hash) }
        writer.text("erases")
        writer.array(erases.count)
        for position in erases { writer.integer(position) }
        writer.text("reason")
        writer.text(reason)
        writer.text("source")
        writer.text(source)
        writer.text("revisions")
        writer.array(revisions.count)
        for digest in revisions { writer.text(digest) }
    }

    package init(cbor: Span<UInt8>) throws(CBORError) {
        let tree = try CBORValue(decoding: cbor)
        reason = try required(tree["reason"]?.text, "reason")
        by = try tree["by"].map { value throws(CBORError) in try required(value.text, "by") }
        source = try required(tree["source"]?.text, "source")
        revisions = try Self.list(tree, "revisions") { $0.text }
        words = try Self.list(tree, "words") { $0.text }
        erases = try Self.list(tree, "erases") { $0.integer }
    }

    private static func list<Item>(
        _ tree: CBORValue,
        _ key: String,
        _ item: (CBORValue) -> Item?
    ) throws(CBORError) -> [Item] {
        var items: [Item] = []
        for value in try required(tree[key]?.array, key) {
            items.append(try required(item(value), key))
        }
        return items
    }
}
