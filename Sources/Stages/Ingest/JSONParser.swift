internal import Bytes
internal import Events
internal import Pipeline

/// Makes a document of a JSON record.
struct JSONParser: Sendable {
    let charset: Charset?
    let fields: RecordFields

    func parse(_ record: RawRecord) throws(RecordFault) -> ParsedRecord {
        let (json, charset) = try decoded(record.bytes)
        var members = Members()
        do {
            members = try read(json.span)
        } catch {
            throw error.recordFault(length: json.count)
        }
        return try document(of: members, record: record, charset: charset)
    }

    private func decoded(
        _ bytes: [UInt8]
    ) throws(RecordFault) -> (text: [UInt8], charset: Charset) {
        do {
            return try Charset.decode(bytes, declared: charset)
        } catch {
            throw RecordFault(code: "ingest.not-text", offset: error.offset, message: error.reason)
        }
    }

    private struct Members {
        var texts: [[UInt8]?] = []
        var id: String?
        var fields = DocumentFields()
        var metadata: [CBORValue.Pair] = []
    }

    private enum Fault: Error {
        case json(JSONError)
        case record(RecordFault)

        func recordFault(length: Int) -> RecordFault {
            switch self {
            case .record(let fault): fault
            case .json(let error):
                RecordFault(
                    code: "ingest.bad-json",
                    offset: error.offset,
                    message: error.offset >= length
                        ? "the record is cut off: expected \(error.expected)"
                        : "not JSON: expected \(error.expected)"
                )
            }
        }
    }

    private func read(_ json: Span<UInt8>) throws(Fault) -> Members {
        var members = Members()
        members.texts = Array(repeating: nil, count: fields.text.count)
        do {
            var reader = JSONReader(json)
            try reader.beginObject()
            var isFirst = true
            var key: [UInt8] = []
            while try reader.nextKey(isFirst: &isFirst, into: &key) {
                let name = String(decoding: key, as: UTF8.self)
                let start = reader.offset
                if let index = fields.text.firstIndex(of: name) {
                    members.texts[index] = try text(&reader, name)
                } else {
                    let value = try reader.value()
                    try take(value, named: name, at: start, into: &members)
                }
            }
            try reader.end()
        } catch let error as JSONError {
            throw .json(error)
        } catch let error as RecordFault {
            throw .record(error)
        } catch {
            throw .record(
                RecordFault(code: "ingest.bad-json", offset: 0, message: "not JSON: \(error)")
            )
        }
        return members
    }

    private func text(_ reader: inout JSONReader, _ name: String) throws -> [UInt8]? {
        let start = reader.offset
        switch try reader.peek() {
        case 0x22:
            var text: [UInt8] = []
            try reader.string(into: &text)
            return text
        case 0x6E:
            try reader.skip()
            return nil
        default:
            throw wrongType(name, "a string", try reader.value(), start)
        }
    }

    private func take(
        _ value: CBORValue,
        named name: String,
        at offset: Int,
        into members: inout Members
    ) throws(RecordFault) {
        switch name {
        case fields.id:
            switch value {
            case .text(let id) where !id.isEmpty: members.id = id
            case .integer(let id): members.id = String(id)
            case .null: break
            default: throw wrongType(name, "a string or a whole number", value, offset)
            }
        case fields.title: members.fields.title = try text(value, name, offset)
        case fields.byline: members.fields.byline = try text(value, name, offset)
        case fields.published:
            guard let stated = try text(value, name, offset) else { return }
            members.fields.published = CalendarDate(iso: stated)
            members.metadata.append(CBORValue.Pair(name, value))
        default:
            members.metadata.removeAll { $0.key == name }
            members.metadata.append(CBORValue.Pair(name, value))
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
        of members: Members,
        record: RawRecord,
        charset: Charset
    ) throws(RecordFault) -> ParsedRecord {
        let texts = members.texts.compactMap(\.self).filter { !$0.isEmpty }
        guard !texts.isEmpty else {
            let names = fields.text.joined(separator: "', '")
            throw RecordFault(
                code: "ingest.missing-field",
                offset: 0,
                message: "the record has no text in '\(names)'; name the field in fields.text of"
                    + " the ingest stage"
            )
        }
        if members.id == nil, fields.declared.contains("id") {
            throw RecordFault(
                code: "ingest.missing-field",
                offset: 0,
                message: "the record has no '\(fields.id)', which fields.id declares"
            )
        }
        var body = texts[0]
        for text in texts.dropFirst() {
            body.append(contentsOf: [0x0A, 0x0A])
            body.append(contentsOf: text)
        }
        let metadata = members.metadata.sorted { $0.key.isOrderedBeforeInCBOR($1.key) }
        return ParsedRecord(
            id: members.id.map(DocumentID.init(rawValue:)) ?? record.origin.id,
            text: body,
            charset: charset,
            media: "application/json",
            fields: members.fields,
            metadata: .map(metadata)
        )
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
        case .bytes: "bytes"
        case .array: "an array"
        case .map: "an object"
        }
    }
}
