internal import Bytes
internal import Events
internal import Pipeline

/// Makes a document of a JSON record.
struct JSONParser: Sendable {
    let charset: Charset?
    let fields: RecordFields

    /// A document's id names its stream in the log, which takes 4096 bytes.
    private static let idBytesMax = 1024

    func parse(_ record: RawRecord) throws(RecordFault) -> ParsedRecord {
        let (json, charset) = try decoded(record)
        let members: RecordMembers
        do {
            members = try read(json.span)
        } catch {
            let fault = error as? RecordFault ?? RecordFault(error, length: json.count)
            // Only in UTF-8 does a place in the text say where it is in the file.
            let lead = record.bytes.count - json.count
            throw fault.moved(to: charset == .utf8 ? fault.offset + lead : 0)
        }
        return try document(of: members, record: record, charset: charset)
    }

    private func decoded(
        _ record: RawRecord
    ) throws(RecordFault) -> (text: [UInt8], charset: Charset) {
        do {
            return try Charset.decode(record.bytes, declared: charset)
        } catch {
            // The byte order mark of any record but the first is not in the file.
            let isMarked = Charset.utf16(of: record.bytes.span, declared: nil) != nil
            let lead = isMarked && record.origin.offset > 0 ? 2 : 0
            throw RecordFault(
                code: "ingest.not-text",
                offset: max(0, error.offset - lead),
                message: error.reason
            )
        }
    }

    /// - Throws: a ``RecordFault`` or a `JSONError`, both with places in the text.
    private func read(_ json: Span<UInt8>) throws -> RecordMembers {
        var members = RecordMembers(texts: Array(repeating: nil, count: fields.text.count))
        var reader = JSONReader(json)
        try reader.beginObject()
        var isFirst = true
        var key: [UInt8] = []
        while try reader.nextKey(isFirst: &isFirst, into: &key) {
            let name = String(decoding: key, as: UTF8.self)
            let first = try reader.peek()
            let start = reader.offset
            if let index = fields.text.firstIndex(of: name), first == 0x22 {
                var text: [UInt8] = []
                try reader.string(into: &text)
                members.texts[index] = text
            } else {
                let value = try reader.value()
                do throws(RecordFault) {
                    try take(value, named: name, at: start, into: &members)
                } catch {
                    // Read on for the id: the failure is the document's, not its line's.
                    if members.fault == nil { members.fault = error }
                }
            }
        }
        try reader.end()
        if let fault = members.fault { throw fault.named(members.id) }
        return members
    }

    private func take(
        _ value: CBORValue,
        named name: String,
        at offset: Int,
        into members: inout RecordMembers
    ) throws(RecordFault) {
        switch name {
        case fields.id: members.id = try id(value, offset)
        case fields.title: members.fields.title = try text(value, name, offset)
        case fields.byline: members.fields.byline = try text(value, name, offset)
        case fields.published:
            members.fields.published = nil
            guard let stated = try text(value, name, offset) else { return }
            members.fields.published = CalendarDate(iso: stated)
            members.metadata.append(CBORValue.Pair(name, value))
        case _ where fields.text.contains(name):
            // Null is no text; a string was read elsewhere.
            _ = try text(value, name, offset)
        default:
            members.metadata.append(CBORValue.Pair(name, value))
        }
    }

    private func id(_ value: CBORValue, _ offset: Int) throws(RecordFault) -> String? {
        switch value {
        case .text(let id) where !id.isEmpty:
            guard id.utf8.count <= Self.idBytesMax else {
                throw RecordFault(
                    code: "ingest.long-id",
                    offset: offset,
                    message: "field '\(fields.id)' holds \(id.utf8.count) bytes, an id at most"
                        + " \(Self.idBytesMax); name a shorter field in fields.id"
                )
            }
            return id
        case .integer(let id): return String(id)
        case .null: return nil
        default: throw wrongType(fields.id, "a string or a whole number", value, offset)
        }
    }

    private func text(
        _ value: CBORValue,
        _ name: String,
        _ offset: Int
    ) throws(RecordFault) -> String? {
        switch value {
        case .text(let text): return text.isEmpty ? nil : text
        case .null: return nil
        default: throw wrongType(name, "a string", value, offset)
        }
    }

    private func wrongType(
        _ name: String,
        _ expected: String,
        _ value: CBORValue,
        _ offset: Int
    ) -> RecordFault {
        RecordFault(
            code: "ingest.wrong-type",
            offset: offset,
            message: "field '\(name)' must be \(expected), found \(value.typeName)"
        )
    }

    private func document(
        of members: RecordMembers,
        record: RawRecord,
        charset: Charset
    ) throws(RecordFault) -> ParsedRecord {
        guard let body = members.body else {
            let names = fields.text.joined(separator: "', '")
            guard members.texts.allSatisfy({ $0 == nil }) else {
                throw RecordFault(
                    code: "ingest.empty",
                    offset: 0,
                    message: "the record's text in '\(names)' is empty",
                    id: members.id
                )
            }
            throw RecordFault(
                code: "ingest.missing-field",
                offset: 0,
                message: "the record has no text in '\(names)'; name the field in fields.text of"
                    + " the ingest stage",
                id: members.id
            )
        }
        if members.id == nil, fields.declared.contains("id") {
            throw RecordFault(
                code: "ingest.missing-field",
                offset: 0,
                message: "the record has no '\(fields.id)', which fields.id declares"
            )
        }
        return ParsedRecord(
            id: members.id.map(DocumentID.init(rawValue:)) ?? record.origin.id,
            text: body,
            charset: charset,
            media: "application/json",
            fields: members.fields,
            metadata: .map(members.metadata.inCBOROrder())
        )
    }
}

/// What the members of a record's object say.
private struct RecordMembers {
    var texts: [[UInt8]?]
    /// The first field that is not what it must be.
    var fault: RecordFault?
    var id: String?
    var fields = DocumentFields()
    var metadata: [CBORValue.Pair] = []

    /// The texts that are there, an empty line between them; nil if there is none.
    var body: [UInt8]? {
        var body: [UInt8]?
        for case .some(let text) in texts where !text.isEmpty {
            body = body.map { $0 + [0x0A, 0x0A] + text } ?? text
        }
        return body
    }
}

extension RecordFault {
    /// What keeps text from being JSON; the end of the text is where a record was cut.
    fileprivate init(_ error: any Error, length: Int) {
        guard let error = error as? JSONError else {
            self.init(code: "ingest.bad-json", offset: 0, message: "not JSON: \(error)")
            return
        }
        self.init(
            code: "ingest.bad-json",
            offset: error.offset,
            message: error.offset >= length
                ? "the record is cut off: expected \(error.expected)"
                : "not JSON: expected \(error.expected)"
        )
    }

    fileprivate func moved(to offset: Int) -> RecordFault {
        RecordFault(code: code, offset: offset, message: message, id: id)
    }

    fileprivate func named(_ id: String?) -> RecordFault {
        RecordFault(code: code, offset: offset, message: message, id: id)
    }
}

extension CBORValue {
    /// JSON's name of the value's type.
    fileprivate var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .integer, .double: "a number"
        case .text(let text): text.isEmpty ? "an empty string" : "a string"
        case .utf8: "a string"
        case .bytes: "bytes"
        case .array: "an array"
        case .map: "an object"
        }
    }
}
