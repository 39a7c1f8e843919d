package import Bytes

/// What stands around a news text's body: given by the source or split off by the clean stage.
package struct DocumentFields: Sendable, Equatable {
    /// The headline.
    package var title: String?
    /// Who wrote it.
    package var byline: String?
    /// Place and date line.
    package var dateline: String?
    /// The image's caption.
    package var caption: String?
    /// The image's credit.
    package var credit: String?
    /// The agency or `SOURCE:` line.
    package var agency: String?
    /// The tag line's tags.
    package var tags: [String]
    /// The day it was published; nil where the document does not say.
    package var published: CalendarDate?

    /// No fields.
    package init() { tags = [] }

    /// Whether nothing is known.
    package var isEmpty: Bool { self == DocumentFields() }

    package func encode(into writer: inout CBORWriter) {
        let texts = [title, byline, dateline, caption, credit, agency]
        let count = texts.count { $0 != nil } + (tags.isEmpty ? 0 : 1) + (published == nil ? 0 : 1)
        writer.map(count)
        if !tags.isEmpty {
            writer.text("tags")
            writer.array(tags.count)
            for tag in tags { writer.text(tag) }
        }
        writer.pair("title", title)
        writer.pair("agency", agency)
        writer.pair("byline", byline)
        writer.pair("credit", credit)
        writer.pair("caption", caption)
        writer.pair("dateline", dateline)
        writer.pair("published", published?.description)
    }

    package init(_ reader: inout CBORReader) throws(CBORError) {
        self.init()
        var fields = DocumentFields()
        try reader.eachKey { (key, reader) throws(CBORError) in
            switch key {
            case "title": fields.title = try reader.text()
            case "byline": fields.byline = try reader.text()
            case "dateline": fields.dateline = try reader.text()
            case "caption": fields.caption = try reader.text()
            case "credit": fields.credit = try reader.text()
            case "agency": fields.agency = try reader.text()
            case "tags":
                for _ in 0..<(try reader.array()) { fields.tags.append(try reader.text()) }
            case "published": fields.published = CalendarDate(iso: try reader.text())
            default: try reader.skip()
            }
        }
        self = fields
    }
}

extension CBORWriter {
    /// Writes a key and its text, or nothing.
    mutating func pair(_ key: String, _ value: String?) {
        guard let value else { return }
        text(key)
        text(value)
    }
}
