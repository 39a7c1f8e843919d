package import Bytes

/// A document was read; its text as read is the event's content.
package struct DocumentIngested: EventPayload, Equatable {
    package static let type = EventType.documentIngested

    /// The file's path relative to the working folder, or `-`.
    package var source: String
    /// Where the record begins in the file (in the decompressed bytes), in bytes.
    package var offset: Int
    /// The record's number in the file, from 1.
    package var record: Int
    /// The media type of the record, such as `text/plain`.
    package var media: String
    /// The character encoding that was read.
    package var charset: String
    /// SHA-256 of the content and of what the source says of it, in hexadecimal: the revision.
    package var sha256: String
    /// What the source says of the document.
    package var fields: DocumentFields
    /// What else the source says of it, a map.
    package var metadata: CBORValue

    /// States where a document came from.
    package init(
        source: String,
        offset: Int,
        record: Int,
        media: String,
        charset: String,
        sha256: String,
        fields: DocumentFields,
        metadata: CBORValue
    ) {
        self.source = source
        self.offset = offset
        self.record = record
        self.media = media
        self.charset = charset
        self.sha256 = sha256
        self.fields = fields
        self.metadata = metadata
    }

    package func encode(into writer: inout CBORWriter) {
        writer.map(8)
        writer.text("media")
        writer.text(media)
        writer.text("fields")
        fields.encode(into: &writer)
        writer.text("offset")
        writer.integer(offset)
        writer.text("record")
        writer.integer(record)
        writer.text("sha256")
        writer.text(sha256)
        writer.text("source")
        writer.text(source)
        writer.text("charset")
        writer.text(charset)
        writer.text("metadata")
        metadata.encode(into: &writer)
    }

    package init(cbor: Span<UInt8>) throws(CBORError) {
        var reader = CBORReader(cbor)
        var event = DocumentIngested(
            source: "",
            offset: 0,
            record: 0,
            media: "",
            charset: "",
            sha256: "",
            fields: DocumentFields(),
            metadata: .map([])
        )
        try reader.eachKey { (key, reader) throws(CBORError) in
            switch key {
            case "source": event.source = try reader.text()
            case "offset": event.offset = try reader.integer()
            case "record": event.record = try reader.integer()
            case "media": event.media = try reader.text()
            case "charset": event.charset = try reader.text()
            case "sha256": event.sha256 = try reader.text()
            case "fields": event.fields = try DocumentFields(&reader)
            case "metadata":
                let start = reader.offset
                try reader.skip()
                event.metadata = try CBORValue(decoding: cbor.extracting(start..<reader.offset))
            default: try reader.skip()
            }
        }
        self = event
    }
}
