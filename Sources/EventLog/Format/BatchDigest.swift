internal import Bytes

/// The digest of a batch and the chain made of digests (FORMAT.md §2.4).
enum BatchDigest {
    /// The digest over the canonical, uncompressed bytes; depends on neither codec nor place.
    static func digest(
        of header: BatchHeader,
        metadata: Span<UInt8>,
        facts: Span<UInt8>,
        content: Span<UInt8>
    ) -> SHA256Digest {
        var state = SHA256()
        state.update(UInt64(header.recordCount))
        state.update(UInt64(metadata.count))
        state.update(UInt64(facts.count))
        state.update(UInt64(content.count))
        state.update(header.producer)
        state.update(header.sequence)
        state.update(metadata)
        state.update(facts)
        state.update(content)
        return state.finalize()
    }

    /// The digest of a gap: as of any batch, without metadata and facts.
    static func digest(of header: BatchHeader, gapContent: Span<UInt8>) -> SHA256Digest {
        let nothing: [UInt8] = []
        return digest(
            of: header,
            metadata: nothing.span,
            facts: nothing.span,
            content: gapContent
        )
    }

    /// The chain hash of a batch after the one whose chain hash is `previous`.
    static func chain(
        after previous: SHA256Digest,
        digest: SHA256Digest,
        time: UInt64
    ) -> SHA256Digest {
        var state = SHA256()
        state.update(previous.bytes.span)
        state.update(digest.bytes.span)
        state.update(time)
        return state.finalize()
    }

    /// The log chain at the base that follows a segment.
    static func logChain(
        after previous: SHA256Digest,
        segmentChain: SHA256Digest
    ) -> SHA256Digest {
        var state = SHA256()
        state.update(previous.bytes.span)
        state.update(segmentChain.bytes.span)
        return state.finalize()
    }
}

extension SHA256Digest {
    /// What chains begin with.
    static let zero = SHA256Digest([UInt8](repeating: 0, count: 32)) ?? SHA256().finalize()

    /// The 32 bytes at an offset.
    init(_ bytes: Span<UInt8>, at offset: Int) {
        self = SHA256Digest([UInt8](copying: bytes.extracting(offset..<offset + 32))) ?? .zero
    }
}
