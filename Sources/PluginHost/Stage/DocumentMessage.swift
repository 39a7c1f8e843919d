internal import Bytes
internal import Events
internal import Pipeline

extension Document {
    /// A document as a plugin is shown it (PROTOCOL.md §5).
    var message: [CBORValue.Pair] {
        let texts: [(String, String?)] = [
            ("title", fields.title), ("author", fields.byline), ("dateline", fields.dateline),
            ("caption", fields.caption), ("credit", fields.credit), ("agency", fields.agency),
            ("published", fields.published?.description),
        ]
        var known = texts.compactMap { key, text in
            text.map { CBORValue.Pair(key, .text($0)) }
        }
        if !fields.tags.isEmpty {
            known.append(CBORValue.Pair("tags", .array(fields.tags.map { .text($0) })))
        }
        return [
            CBORValue.Pair("id", .text(id.rawValue)),
            CBORValue.Pair("text", .utf8(body)),
            CBORValue.Pair("fields", .map(known)),
            CBORValue.Pair("metadata", metadata),
        ]
    }
}

extension DocumentFields {
    /// Fills in what a plugin says; throws what of it is no field.
    mutating func apply(_ said: [CBORValue.Pair]) throws(WireError) {
        for pair in said {
            let (key, value) = (pair.key, pair.value)
            if key == "tags" {
                guard let items = value.array, items.allSatisfy({ $0.text != nil }) else {
                    throw WireError("the field 'tags' is no list of texts")
                }
                tags = items.compactMap(\.text)
                continue
            }
            let text = value.text
            guard text != nil || value == .null else {
                throw WireError("the field '\(key)' is no text")
            }
            switch key {
            case "title": title = text
            case "author": byline = text
            case "dateline": dateline = text
            case "caption": caption = text
            case "credit": credit = text
            case "agency": agency = text
            case "published":
                published = text.flatMap { CalendarDate(iso: $0) }
                guard published != nil || text == nil else {
                    throw WireError("the field 'published' is no date such as 2024-05-31")
                }
            default: throw WireError("there is no field '\(key)'")
            }
        }
    }
}
