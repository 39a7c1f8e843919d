internal import Bytes

/// SHA-256 over rows of typed values as a sequence of CBOR items.
struct DigestBuilder: ~Copyable {
    private var sha = SHA256()
    private var writer = CBORWriter()

    /// Begins with what tells one kind of rows from another.
    init(_ subject: String) {
        writer.text(subject)
    }

    /// Adds a row.
    mutating func row(_ write: (inout CBORWriter) throws -> Void) rethrows {
        try write(&writer)
        if writer.bytes.count >= 1 << 16 { drain() }
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
