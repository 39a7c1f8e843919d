internal import Glibc
internal import Pipeline

/// A file's bytes from front to back, gzip and zstd seen through.
///
/// A final class because it owns a descriptor and decoder states.
final class ByteStream {
    private let path: String
    private let descriptor: Int32
    private let ownsDescriptor: Bool
    private var raw: [UInt8] = []
    private var rawOffset = 0
    private var rawEnded = false
    private var decoder: Decoder = .plain
    /// Bytes read from the file so far.
    private(set) var bytesRead = 0

    private enum Decoder {
        case plain
        case gzip(GzipDecoder)
        case zstd(ZstdDecoder)
    }

    private static let chunkBytes = 1 << 18

    /// Opens a file, or standard input for nil.
    init(path: String?) throws(SourceFault) {
        self.path = path ?? "-"
        ownsDescriptor = path != nil
        if let path {
            // O_NONBLOCK: a named pipe among the sources must not stop the run.
            descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            guard descriptor >= 0 else {
                throw errno == ENOENT ? .missing(path) : .unreadable(path, errno)
            }
            var status = stat()
            unsafe fstat(descriptor, &status)
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw SourceFault(
                    code: "ingest.not-a-file",
                    message: "\(path) is not a regular file; give '-' to read a pipe",
                    retryable: false
                )
            }
            _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
        } else {
            descriptor = STDIN_FILENO
        }
        // A pipe may hand out the first bytes one by one.
        try fill(atLeast: 4)
        if raw.starts(with: [0x1F, 0x8B]) {
            decoder = .gzip(GzipDecoder())
        } else if raw.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
            decoder = .zstd(ZstdDecoder())
        }
    }

    deinit {
        if ownsDescriptor { close(descriptor) }
    }

    /// Appends more bytes; answers false at the end.
    func read(into buffer: inout [UInt8]) throws(SourceFault) -> Bool {
        while true {
            if rawOffset == raw.count && !rawEnded { try fill() }
            switch decoder {
            case .plain:
                guard rawOffset < raw.count else { return false }
                buffer.append(contentsOf: raw[rawOffset...])
                rawOffset = raw.count
                return true
            case .gzip(let decoder):
                guard try decode(with: decoder, into: &buffer) else { continue }
                return !isDone(decoder)
            case .zstd(let decoder):
                guard try decode(with: decoder, into: &buffer) else { continue }
                return !isDone(decoder)
            }
        }
    }

    /// True when bytes came out or the stream is at its end.
    private func decode(
        with decoder: some StreamDecoder,
        into buffer: inout [UInt8]
    ) throws(SourceFault) -> Bool {
        if isDone(decoder) {
            guard !decoder.isMidFrame else {
                throw SourceFault(
                    code: "ingest.truncated",
                    message: "\(path) is cut off in the middle of its compressed data",
                    retryable: false
                )
            }
            return true
        }
        let before = buffer.count
        do {
            rawOffset += try decoder.decode(raw[rawOffset...], into: &buffer)
        } catch {
            throw SourceFault(
                code: "ingest.bad-compression",
                message: "\(path) holds damaged \(decoder.name) data: \(error.reason)",
                retryable: false
            )
        }
        return buffer.count > before
    }

    private func isDone(_ decoder: some StreamDecoder) -> Bool {
        rawOffset == raw.count && rawEnded && !decoder.hasPendingOutput
    }

    private func fill(atLeast minimum: Int = 1) throws(SourceFault) {
        if raw.count != Self.chunkBytes {
            raw = Array(repeating: 0, count: Self.chunkBytes)
        }
        var total = 0
        while total < minimum && !rawEnded {
            let count = unsafe raw.withUnsafeMutableBytes { buffer in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[total...])
                return unsafe Glibc.read(descriptor, rest.baseAddress, rest.count)
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(path, errno) }
            rawEnded = count == 0
            total += count
        }
        raw.removeLast(Self.chunkBytes - total)
        rawOffset = 0
        bytesRead += total
    }
}

/// A decompressor that is fed piece by piece.
protocol StreamDecoder: AnyObject {
    /// The format's name, for messages.
    var name: String { get }
    /// Whether the input ended before the compressed data did.
    var isMidFrame: Bool { get }
    /// Whether output is left that had no room.
    var hasPendingOutput: Bool { get }
    /// Decodes some input, appending what comes out; answers how much of it was used.
    func decode(_ input: ArraySlice<UInt8>, into buffer: inout [UInt8]) throws(DecodingFault) -> Int
}

/// Compressed data that is none.
struct DecodingFault: Error {
    let reason: String
}
