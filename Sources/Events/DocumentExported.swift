package import Bytes

/// A document's record stands in an export.
package struct DocumentExported: EventPayload, Equatable {
    package static let type = EventType.documentExported

    /// The export's name: the stage's name, and its number where there are several.
    package var sink: String
    /// The file's path relative to the working folder.
    package var path: String
    /// Where the record begins, in bytes.
    package var offset: Int
    /// The record's length, in bytes.
    package var length: Int
    /// CRC32C of the record's bytes.
    package var crc32c: UInt32

    /// States a place.
    package init(sink: String, path: String, offset: Int, length: Int, crc32c: UInt32) {
        self.sink = sink
        self.path = path
        self.offset = offset
        self.length = length
        self.crc32c = crc32c
    }

    package func encode(into writer: inout CBORWriter) {
        writer.map(5)
        writer.text("path")
        writer.text(path)
        writer.text("sink")
        writer.text(sink)
        writer.text("crc32c")
        writer.integer(Int(crc32c))
        writer.text("length")
        writer.integer(length)
        writer.text("offset")
        writer.integer(offset)
    }

    package init(cbor: Span<UInt8>) throws(CBORError) {
        var reader = CBORReader(cbor)
        var event = DocumentExported(sink: "", path: "", offset: 0, length: 0, crc32c: 0)
        try reader.eachKey { (key, reader) throws(CBORError) in
            switch key {
            case "sink": event.sink = try reader.text()
            case "path": event.path = try reader.text()
            case "offset": event.offset = try reader.integer()
            case "length": event.length = try reader.integer()
            case "crc32c":
                let start = reader.offset
                guard let crc32c = UInt32(exactly: try reader.unsigned()) else {
                    throw CBORError(.outOfRange, at: start, expected: "32 bits")
                }
                event.crc32c = crc32c
            default: try reader.skip()
            }
        }
        self = event
    }
}

/// An export was written anew, in order of position, without the records that no longer hold.
///
/// The records of the sink's last `document.exported` event of each live document, up to this
/// event's position, fill the file's first `length` bytes.
package struct ExportRewritten: EventPayload, Equatable {
    package static let type = EventType.exportRewritten

    /// The export's name.
    package var sink: String
    /// The file's path relative to the working folder.
    package var path: String
    /// The file's length from now on, in bytes.
    package var length: Int
    /// The number of records.
    package var records: Int

    /// States a new beginning.
    package init(sink: String, path: String, length: Int, records: Int) {
        self.sink = sink
        self.path = path
        self.length = length
        self.records = records
    }

    package func encode(into writer: inout CBORWriter) {
        writer.map(4)
        writer.text("path")
        writer.text(path)
        writer.text("sink")
        writer.text(sink)
        writer.text("length")
        writer.integer(length)
        writer.text("records")
        writer.integer(records)
    }

    package init(cbor: Span<UInt8>) throws(CBORError) {
        var reader = CBORReader(cbor)
        var event = ExportRewritten(sink: "", path: "", length: 0, records: 0)
        try reader.eachKey { (key, reader) throws(CBORError) in
            switch key {
            case "sink": event.sink = try reader.text()
            case "path": event.path = try reader.text()
            case "length": event.length = try reader.integer()
            case "records": event.records = try reader.integer()
            default: try reader.skip()
            }
        }
        self = event
    }
}
