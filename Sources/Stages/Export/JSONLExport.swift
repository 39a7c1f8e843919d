internal import Bytes
internal import Events
package import Pipeline

/// Writes a JSON object a line: id, position, where it came from, fields, text, annotations.
package struct JSONLExport: ExportStage {
    package let name: String
    package let path: String
    private let number: Int

    init(name: String, number: Int, path: String) {
        self.name = name
        self.number = number
        self.path = path
    }

    package var preamble: [UInt8] { [] }

    package func measure(_ documents: inout [Document]) {
        for index in documents.indices where documents[index].isLive {
            let record = render(documents[index])
            documents[index].exports.append(record)
        }
    }

    package func render(_ document: Document) -> RenderedRecord {
        var head = JSONWriter()
        head.beginObject()
        head.key("id")
        head.string(document.id.rawValue)
        head.key("position")
        var tail = JSONWriter()
        tail.key("source")
        tail.string(document.origin.source)
        write(document.fields, into: &tail)
        tail.key("text")
        tail.string(utf8: document.body.span)
        tail.key("annotations")
        tail.beginObject()
        for enrichment in document.enrichments { write(enrichment, into: &tail) }
        tail.endObject()
        tail.key("metadata")
        tail.value(document.metadata)
        tail.endObject()
        tail.newline()
        return RenderedRecord(stage: number, head: head.bytes, tail: [0x2C] + tail.bytes)
    }

    private func write(_ fields: DocumentFields, into writer: inout JSONWriter) {
        writer.key("title")
        writer.string(fields.title)
        writer.key("published")
        writer.string(fields.published?.description)
        let others = [
            ("byline", fields.byline), ("dateline", fields.dateline), ("caption", fields.caption),
            ("credit", fields.credit), ("agency", fields.agency),
        ]
        for (name, value) in others {
            guard let value else { continue }
            writer.key(name)
            writer.string(value)
        }
        guard !fields.tags.isEmpty else { return }
        writer.key("tags")
        writer.beginArray()
        for tag in fields.tags { writer.string(tag) }
        writer.endArray()
    }

    private func write(_ enrichment: DocumentEnriched, into writer: inout JSONWriter) {
        writer.key(enrichment.annotator)
        writer.beginArray()
        for annotation in enrichment.annotations {
            writer.beginObject()
            writer.key("id")
            writer.string(annotation.id)
            writer.key("label")
            writer.string(annotation.label)
            for field in annotation.fields {
                writer.key(field.key)
                writer.value(field.value)
            }
            writer.key("spans")
            write(annotation.spans, into: &writer)
            writer.key("title_spans")
            write(annotation.titleSpans, into: &writer)
            writer.endObject()
        }
        writer.endArray()
    }

    private func write(_ spans: [ByteSpan], into writer: inout JSONWriter) {
        writer.beginArray()
        for span in spans {
            writer.beginArray()
            writer.integer(span.start)
            writer.integer(span.end)
            writer.endArray()
        }
        writer.endArray()
    }
}
