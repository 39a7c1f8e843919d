package import Bytes

/// A document's source no longer holds it: projections and exports drop the document.
package struct DocumentRemoved: EventPayload, Equatable {
    package static let type = EventType.documentRemoved

    /// The path at which it was read, or `-`.
    package var source: String

    /// States a removal.
    package init(source: String) { self.source = source }

    package func encode(into writer: inout CBORWriter) {
        writer.map(1)
        writer.text("source")
        writer.text(source)
    }

    package init(cbor: Span<UInt8>) throws(CBORError) {
        let tree = try CBORValue(decoding: cbor)
        source = try required(tree["source"]?.text, "source")
    }
}
