internal import Bytes
internal import Events
internal import Pipeline

/// Reads all sources of a pipeline in order and cuts them into records.
struct SourceReader: RecordReader {
    private let options: IngestOptions
    private var entries: ArraySlice<SourceFiles.Entry>
    private var open: (any OpenFile)?
    private var finishedBytes = 0
    private let totalBytes: Int?

    private static let batchRecords = 256
    private static let batchBytes = 1 << 20

    init(options: IngestOptions, entries: [SourceFiles.Entry]) {
        self.options = options
        self.entries = entries[...]
        totalBytes = Self.size(of: entries)
    }

    var progress: ReadProgress {
        ReadProgress(
            bytesRead: finishedBytes + (open?.bytesRead ?? 0),
            bytesTotal: totalBytes
        )
    }

    mutating func next() -> [RawRecord]? {
        var records: [RawRecord] = []
        var bytes = 0
        while records.count < Self.batchRecords && bytes < Self.batchBytes {
            guard let record = nextRecord() else { break }
            bytes += record.bytes.count
            records.append(record)
        }
        return records.isEmpty ? nil : records
    }

    private mutating func nextRecord() -> RawRecord? {
        while true {
            if let file = open {
                if let record = file.next() { return record }
                finishedBytes += file.bytesRead
                open = nil
            }
            guard let entry = entries.popFirst() else { return nil }
            switch entry {
            case .fault(let path, let fault): return .fault(fault, path)
            case .file(let path):
                if let fault = begin(path, at: path) { return .fault(fault, path) }
            case .standardInput:
                if let fault = begin("-", at: nil) { return .fault(fault, "-") }
            }
        }
    }

    private mutating func begin(_ name: String, at path: String?) -> SourceFault? {
        do {
            let stream = try ByteStream(path: path)
            switch options.format ?? IngestOptions.Format(path: name) {
            case .text: open = WholeFile(name, stream, maximumBytes: options.maximumBytes)
            case .jsonl: open = LineFile(name, stream, options)
            }
            return nil
        } catch {
            return error
        }
    }

    private static func size(of entries: [SourceFiles.Entry]) -> Int? {
        var total = 0
        for entry in entries {
            switch entry {
            case .file(let path): total += FileKind.size(of: path)
            case .standardInput: return nil
            case .fault: continue
            }
        }
        return total
    }
}

/// A file that is being cut into records.
protocol OpenFile: AnyObject {
    var bytesRead: Int { get }
    func next() -> RawRecord?
}

/// A file that is one document.
final class WholeFile: OpenFile {
    private let name: String
    private let stream: ByteStream
    private let maximumBytes: Int
    private var isDone = false

    init(_ name: String, _ stream: ByteStream, maximumBytes: Int) {
        self.name = name
        self.stream = stream
        self.maximumBytes = maximumBytes
    }

    var bytesRead: Int { stream.bytesRead }

    func next() -> RawRecord? {
        guard !isDone else { return nil }
        isDone = true
        var bytes: [UInt8] = []
        do {
            var isAtEnd = false
            while !isAtEnd {
                bytes.makeRoom(upTo: maximumBytes)
                isAtEnd = try !stream.read(into: &bytes)
                guard bytes.count <= maximumBytes else {
                    return .fault(.tooLarge(name, maximumBytes), name)
                }
            }
        } catch {
            return .fault(error, name)
        }
        return RawRecord(
            origin: Document.Origin(source: name, offset: 0, record: nil),
            bytes: bytes
        )
    }
}

extension [UInt8] {
    /// Once a record is large, takes room for the largest at once: memory that is not touched costs
    /// nothing, growing by doubling leaves as much again behind.
    mutating func makeRoom(upTo maximumBytes: Int) {
        if count > 1 << 20, capacity < maximumBytes { reserveCapacity(maximumBytes + (1 << 20)) }
    }
}

extension RawRecord {
    static func fault(_ fault: SourceFault, _ path: String) -> RawRecord {
        RawRecord(origin: Document.Origin(source: path, offset: 0, record: nil), fault: fault)
    }
}

extension SourceFault {
    static func tooLarge(_ name: String, _ maximumBytes: Int) -> SourceFault {
        SourceFault(
            code: "ingest.too-large",
            message:
                "\(name) is larger than \(maximumBytes) bytes; raise max_bytes of the ingest stage",
            retryable: false
        )
    }
}
