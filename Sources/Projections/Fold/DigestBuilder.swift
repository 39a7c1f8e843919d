internal import Bytes
internal import Dispatch
internal import Synchronization

/// SHA-256 over rows of typed values as a sequence of CBOR items.
struct DigestBuilder: ~Copyable {
    private var sha = SHA256()
    private var writer = CBORWriter()

    /// How many parts are digested at the same time.
    private let jobs: Int

    /// Begins with what tells one kind of rows from another.
    init(_ subject: String, jobs: Int = 1) {
        self.jobs = jobs
        writer.text(subject)
    }

    /// Adds a row.
    mutating func row(_ write: (inout CBORWriter) throws -> Void) rethrows {
        try write(&writer)
        if writer.bytes.count >= 1 << 16 { drain() }
    }

    /// Adds the digest of each part, several of which are made at the same time.
    mutating func parts<Part: Sendable>(
        _ parts: [Part],
        _ write: @Sendable (Part, inout DigestBuilder) throws -> Void
    ) throws {
        let made = Mutex<[SHA256Digest?]>(Array(repeating: nil, count: parts.count))
        let failure = Mutex<(any Error)?>(nil)
        let next = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: min(jobs, parts.count)) { _ in
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < parts.count else { return }
                do {
                    var digest = DigestBuilder("part")
                    try write(parts[index], &digest)
                    let finished = digest.finish()
                    made.withLock { $0[index] = finished }
                } catch {
                    failure.withLock { $0 = error }
                    return
                }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        for digest in made.withLock({ $0 }) {
            guard let digest else { continue }
            row { $0.bytes(digest.bytes.span) }
        }
    }

    /// The digest of all rows.
    consuming func finish() -> SHA256Digest {
        drain()
        return sha.finalize()
    }

    private mutating func drain() {
        let bytes = writer.bytes
        sha.update(bytes.span)
        writer.bytes = []
        writer.bytes.reserveCapacity(bytes.count)
    }
}
