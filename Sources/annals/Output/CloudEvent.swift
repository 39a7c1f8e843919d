internal import Bytes
internal import EventLog

/// An event as CloudEvents 1.0 has it in JSON: what other tools import.
///
/// `source` and `id` together name the event for ever; `sequence` (the extension of that name)
/// orders events as strings. Positions are strings: a CloudEvents integer has 32 bits.
struct CloudEvent {
    let storeID: StoreID

    /// Writes an event of a batch; with its content if the batch was read with contents.
    func write(
        _ batch: borrowing EventBatch,
        _ index: Int,
        into writer: inout JSONWriter
    ) throws(CBORError) {
        let record = batch[index]
        let type = batch.type(index)
        writer.beginObject()
        writer.key("specversion")
        writer.string("1.0")
        writer.key("id")
        writer.string(record.position.description)
        writer.key("source")
        writer.string("urn:annals:store:\(storeID)")
        writer.key("type")
        writer.string(type)
        writer.key("subject")
        writer.string(batch.streamName(index))
        writer.key("time")
        writer.string(Timestamp.iso8601(batch.time))
        writer.key("datacontenttype")
        writer.string("application/json")
        writer.key("dataschema")
        writer.string("urn:annals:event:\(Self.escaped(type)):\(record.schemaVersion)")
        extensions(batch, index, into: &writer)
        writer.key("data")
        try data(batch, index, into: &writer)
        writer.endObject()
        writer.newline()
    }

    /// Attributes of our own: lower case letters and digits only, as the standard asks; what an
    /// event does not have is left out.
    private func extensions(
        _ batch: borrowing EventBatch,
        _ index: Int,
        into writer: inout JSONWriter
    ) {
        let record = batch[index]
        writer.key("sequence")
        let digits = record.position.description
        writer.string(String(repeating: "0", count: 20 - digits.count) + digits)
        writer.key("streamversion")
        writer.integer(Int(record.streamVersion))
        if !batch.run.isEmpty {
            writer.key("run")
            writer.string(batch.run)
        }
        let stage = batch.stage(index)
        if !stage.isEmpty {
            writer.key("stage")
            writer.string(stage)
        }
        if record.isErased {
            writer.key("erased")
            writer.bool(true)
        }
        if let cause = record.cause {
            writer.key("cause")
            writer.string(cause.description)
        }
    }

    private func data(
        _ batch: borrowing EventBatch,
        _ index: Int,
        into writer: inout JSONWriter
    ) throws(CBORError) {
        writer.beginObject()
        writer.key("facts")
        writer.value(try CBORValue(decoding: batch.facts(index)))
        if let content = batch.content(index) {
            if (try? UTF8Span(validating: content)) != nil {
                writer.key("content")
                writer.string(utf8: content)
            } else {
                writer.key("content_base64url")
                writer.string(Base64.url.string([UInt8](copying: content)))
            }
        }
        writer.endObject()
    }

    /// A type's name inside a URN (RFC 3986: what is not unreserved is percent-encoded).
    private static func escaped(_ name: String) -> String {
        var text = ""
        for byte in name.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                text += "%" + Hex.string([byte].span).uppercased()
            }
        }
        return text
    }
}
