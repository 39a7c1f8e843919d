package import Bytes

/// What one annotator found in a document.
package struct DocumentEnriched: EventPayload, Equatable {
    package static let type = EventType.documentEnriched

    /// The annotator's name, such as `leaders`.
    package var annotator: String
    /// What it found, in order of id.
    package var annotations: [Annotation]
    /// What it saw and did not resolve, in order of place.
    package var unresolved: [UnresolvedMention]

    /// States findings.
    package init(annotator: String, annotations: [Annotation], unresolved: [UnresolvedMention]) {
        self.annotator = annotator
        self.annotations = annotations
        self.unresolved = unresolved
    }

    package func encode(into writer: inout CBORWriter) {
        writer.map(3)
        writer.text("annotator")
        writer.text(annotator)
        writer.text("unresolved")
        writer.array(unresolved.count)
        for mention in unresolved { mention.encode(into: &writer) }
        writer.text("annotations")
        writer.array(annotations.count)
        for annotation in annotations { annotation.encode(into: &writer) }
    }

    package init(cbor: Span<UInt8>) throws(CBORError) {
        var reader = CBORReader(cbor)
        var event = DocumentEnriched(annotator: "", annotations: [], unresolved: [])
        try reader.eachKey { (key, reader) throws(CBORError) in
            switch key {
            case "annotator": event.annotator = try reader.text()
            case "annotations":
                for _ in 0..<(try reader.array()) {
                    event.annotations.append(try Annotation(&reader))
                }
            case "unresolved":
                for _ in 0..<(try reader.array()) {
                    event.unresolved.append(try UnresolvedMention(&reader))
                }
            default: try reader.skip()
            }
        }
        self = event
    }
}
