internal import Bytes
internal import Events
internal import Pipeline

/// A file whose every line is a record; blank lines are none.
final class LineFile: OpenFile {
    private let name: String
    private let stream: ByteStream
    private let maximumBytes: Int
    private let declared: Charset?
    /// Nil for charsets whose line ends are single bytes.
    private var utf16: (bigEndian: Bool, marked: Bool)?
    private var buffer: [UInt8] = []
    private var start = 0
    private var searched = 0
    private var bufferOffset = 0
    private var number = 0
    private var hasBegun = false
    private var isAtEnd = false

    init(_ name: String, _ stream: ByteStream, _ options: IngestOptions) {
        self.name = name
        self.stream = stream
        maximumBytes = options.maximumBytes
        declared = options.charset
    }

    var bytesRead: Int { stream.bytesRead }

    func next() -> RawRecord? {
        if !hasBegun, let fault = begin() { return fault }
        while true {
            if let (end, next) = lineEnd(from: searched) {
                let line = start..<end
                start = next
                searched = next
                if let record = record(line) { return record }
                continue
            }
            if isAtEnd {
                let line = start..<buffer.count
                start = buffer.count
                searched = start
                return record(line) ?? emptiness()
            }
            if buffer.count - start > maximumBytes { return skipLongLine() }
            if let fault = refill() { return fault }
        }
    }

    /// Reads as much as tells the charset.
    private func begin() -> RawRecord? {
        hasBegun = true
        while buffer.count < 2 && !isAtEnd {
            if let fault = refill() { return fault }
        }
        utf16 = Charset.utf16(of: buffer.span, declared: declared)
        return nil
    }

    /// Where the line that holds `from` ends, and where the next one begins.
    private func lineEnd(from: Int) -> (end: Int, next: Int)? {
        let buffer = buffer
        let bytes = buffer.span
        var from = from
        while let found = bytes.firstIndex(of: 0x0A, from: from) {
            guard let utf16 else { return (found, found + 1) }
            // A line feed takes two bytes, which begin at an even offset of the file.
            let first = utf16.bigEndian ? found - 1 : found
            let other = utf16.bigEndian ? first : first + 1
            if first >= start, (bufferOffset + first).isMultiple(of: 2), other < bytes.count,
                bytes[other] == 0
            {
                return (first, first + 2)
            }
            if other == bytes.count { break }
            from = found + 1
        }
        // The last byte may be half of a line feed.
        searched = utf16 == nil ? bytes.count : max(start, bytes.count - 1)
        return nil
    }

    /// A file that ends without a record is as empty as a text without a byte.
    private func emptiness() -> RawRecord? {
        guard number == 0 else { return nil }
        number = 1
        let fault = SourceFault(
            code: "ingest.empty",
            message: "\(name) holds no record",
            retryable: false
        )
        return .fault(fault, name)
    }

    private func record(_ line: Range<Int>) -> RawRecord? {
        let isBlank = buffer[line].allSatisfy { byte in
            byte == 0x20 || byte == 0x09 || byte == 0x0D || (byte == 0 && utf16 != nil)
        }
        guard !isBlank else { return nil }
        let origin = nextOrigin(at: line.lowerBound)
        guard line.count <= maximumBytes else {
            return RawRecord(origin: origin, fault: .tooLarge(origin.id.rawValue, maximumBytes))
        }
        return RawRecord(origin: origin, bytes: mark(before: origin.offset) + buffer[line])
    }

    /// Every record of a file with a UTF-16 byte order mark carries one, so that it stands alone.
    private func mark(before offset: Int) -> [UInt8] {
        guard let utf16, utf16.marked, offset > 0 else { return [] }
        return utf16.bigEndian ? [0xFE, 0xFF] : [0xFF, 0xFE]
    }

    private func nextOrigin(at index: Int) -> Document.Origin {
        number += 1
        return Document.Origin(source: name, offset: bufferOffset + index, record: number)
    }

    /// Steps over the rest of a line that is too long to be held.
    private func skipLongLine() -> RawRecord {
        let origin = nextOrigin(at: start)
        while true {
            if let (_, next) = lineEnd(from: searched) {
                start = next
                break
            }
            start = searched
            if isAtEnd { break }
            if let fault = refill() { return fault }
        }
        searched = start
        return RawRecord(origin: origin, fault: .tooLarge(origin.id.rawValue, maximumBytes))
    }

    /// Reads on; a fault takes the line that it cuts with it.
    private func refill() -> RawRecord? {
        if start > 0 {
            bufferOffset += start
            buffer.removeFirst(start)
            searched -= start
            start = 0
        }
        buffer.makeRoom(upTo: maximumBytes)
        do {
            isAtEnd = try !stream.read(into: &buffer)
            return nil
        } catch {
            isAtEnd = true
            let origin = nextOrigin(at: start)
            start = buffer.count
            searched = start
            return RawRecord(origin: origin, fault: error)
        }
    }
}
