internal import Bytes
internal import Events
internal import Pipeline

/// Makes a document of a text file.
struct TextParser: Sendable {
    let charset: Charset?

    func parse(_ record: RawRecord) throws(RecordFault) -> ParsedRecord {
        let (text, charset) = try decoded(record.bytes)
        guard !text.isEmpty else {
            throw RecordFault(code: "ingest.empty", offset: 0, message: "the file is empty")
        }
        return ParsedRecord(
            id: record.origin.id,
            text: text,
            charset: charset,
            media: "text/plain",
            fields: DocumentFields(),
            metadata: .map([])
        )
    }

    private func decoded(
        _ bytes: [UInt8]
    ) throws(RecordFault) -> (text: [UInt8], charset: Charset) {
        do {
            return try Charset.decode(bytes, declared: charset)
        } catch {
            throw RecordFault(
                code: "ingest.not-text",
                offset: error.offset,
                message: "\(error.reason); if the file is text, declare its charset in the ingest"
                    + " stage (utf-16, windows-1252)"
            )
        }
    }
}

/// What a record says.
struct ParsedRecord {
    var id: DocumentID
    var text: [UInt8]
    var charset: Charset
    var media: String
    var fields: DocumentFields
    var metadata: CBORValue
}

/// Why a record is no document.
struct RecordFault: Error {
    let code: String
    /// From the record's beginning, in bytes.
    let offset: Int
    let message: String
    /// The record's own id, where that could be read.
    var id: String?
}
