internal import Glibc

/// What appending is held against: one `pwrite` and one `fdatasync` for each batch's bytes.
final class BareFile {
    private let descriptor: Int32
    private var offset = 0

    init(_ path: String) throws {
        descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw BenchmarkFailure("cannot create \(path)") }
    }

    deinit {
        _ = Glibc.close(descriptor)
    }

    /// Appends the facts of batches, each durable before the next.
    func append(_ events: SampleEvents, from first: Int, batches: Int) throws {
        for batch in 0..<batches {
            try append(events.factsOfBatch(first + batch * SampleEvents.perBatch))
        }
    }

    /// Writes the bytes at the end and returns when they are on disk.
    private func append(_ bytes: Span<UInt8>) throws {
        let count = unsafe bytes.withUnsafeBufferPointer {
            unsafe pwrite(descriptor, $0.baseAddress, $0.count, offset)
        }
        guard count == bytes.count, fdatasync(descriptor) == 0 else {
            throw BenchmarkFailure("cannot write \(bytes.count) bytes")
        }
        offset += count
    }
}

/// Why a figure could not be taken.
struct BenchmarkFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
