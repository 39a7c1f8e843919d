package import Bytes

/// A document, or an input that could not be read as documents, failed.
package struct DocumentFailed: EventPayload, Equatable {
    package static let type = EventType.documentFailed

    /// A stable code, such as `ingest.not-text`.
    package var code: String
    /// What is wrong and what to do about it, in words.
    package var message: String
    /// The file's path relative to the working folder, or `-`.
    package var file: String
    /// Where in the file, in bytes (of the decompressed text).
    package var offset: Int
    /// How often it has been tried, from 1.
    package var attempt: Int
    /// Whether the same input can succeed when it is tried again.
    package var retryable: Bool
    /// SHA-256 of the input at fault, in hexadecimal: the revision that failed.
    package var sha256: String

    /// States a failure.
    package init(
        code: String,
        message: String,
        file: String,
        offset: Int,
        attempt: Int,
        retryable: Bool,
        sha256: String
    ) {
        self.code = code
        self.message = message
        self.file = file
        self.offset = offset
        self.attempt = attempt
        self.retryable = retryable
        self.sha256 = sha256
    }

    package func encode(into writer: inout CBORWriter) {
        writer.map(7)
        writer.text("code")
        writer.text(code)
        writer.text("file")
        writer.text(file)
        writer.text("offset")
        writer.integer(offset)
        writer.text("sha256")
        writer.text(sha256)
        writer.text("attempt")
        writer.integer(attempt)
        writer.text("message")
        writer.text(message)
        writer.text("retryable")
        writer.bool(retryable)
    }

    package init(cbor: Span<UInt8>) throws(CBORError) {
        var reader = CBORReader(cbor)
        var event = DocumentFailed(
            code: "",
            message: "",
            file: "",
            offset: 0,
            attempt: 1,
            retryable: false,
            sha256: ""
        )
        try reader.eachKey { (key, reader) throws(CBORError) in
            switch key {
            case "code": event.code = try reader.text()
            case "message": event.message = try reader.text()
            case "file": event.file = try reader.text()
            case "offset": event.offset = try reader.integer()
            case "attempt": event.attempt = try reader.integer()
            case "retryable": event.retryable = try reader.bool()
            case "sha256": event.sha256 = try reader.text()
            default: try reader.skip()
            }
        }
        self = event
    }
}
