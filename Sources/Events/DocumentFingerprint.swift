package import Bytes

/// What the deduplicate stage measured of a document.
package struct DocumentFingerprint: Sendable, Equatable {
    /// A 128-bit hash of the normalised body, high half first.
    package var exact: Hash128
    /// The low 16 bits of each MinHash minimum, little-endian; empty where near-duplicates are off.
    package var minhash: [UInt8]

    /// Joins both measurements.
    package init(exact: Hash128, minhash: [UInt8]) {
        self.exact = exact
        self.minhash = minhash
    }

    var exactBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendBigEndian(exact.high)
        bytes.appendBigEndian(exact.low)
        return bytes
    }

    static func exact(from bytes: [UInt8]) throws(CBORError) -> Hash128 {
        guard bytes.count == 16 else { throw CBORError(.outOfRange, at: 0, expected: "16 bytes") }
        var halves: [UInt64] = [0, 0]
        for (index, byte) in bytes.enumerated() {
            halves[index / 8] = halves[index / 8] << 8 | UInt64(byte)
        }
        return Hash128(high: halves[0], low: halves[1])
    }
}

/// A document is no duplicate of an earlier one.
package struct DocumentUnique: EventPayload, Equatable {
    package static let type = EventType.documentUnique

    /// What was measured.
    package var fingerprint: DocumentFingerprint

    /// States a measurement.
    package init(fingerprint: DocumentFingerprint) { self.fingerprint = fingerprint }

    package func encode(into writer: inout CBORWriter) {
        writer.map(2)
        writer.text("exact")
        writer.bytes(fingerprint.exactBytes.span)
        writer.text("minhash")
        writer.bytes(fingerprint.minhash.span)
    }

    package init(cbor: Span<UInt8>) throws(CBORError) {
        var reader = CBORReader(cbor)
        var fingerprint = DocumentFingerprint(exact: Hash128(high: 0, low: 0), minhash: [])
        try reader.eachKey { (key, reader) throws(CBORError) in
            switch key {
            case "exact":
                fingerprint.exact = try DocumentFingerprint.exact(from: try reader.byteString())
            case "minhash": fingerprint.minhash = try reader.byteString()
            default: try reader.skip()
            }
        }
        self.fingerprint = fingerprint
    }
}

/// A document is a duplicate of an earlier one, and of which.
package struct DocumentDuplicate: EventPayload, Equatable {
    package static let type = EventType.documentDuplicate

    /// How alike two documents are.
    package enum Kind: String, Sendable {
        /// The normalised bodies are the same.
        case exact
        /// The estimated Jaccard similarity reaches the threshold.
        case near
    }

    /// The earliest document that it is a duplicate of.
    package var original: DocumentID
    /// How alike they are.
    package var kind: Kind
    /// The estimated Jaccard similarity of their shingles, 0...1.
    package var similarity: Double
    /// The threshold that decided.
    package var threshold: Double
    /// What was measured.
    package var fingerprint: DocumentFingerprint

    /// States a decision.
    package init(
        of original: DocumentID,
        kind: Kind,
        similarity: Double,
        threshold: Double,
        fingerprint: DocumentFingerprint
    ) {
        self.original = original
        self.kind = kind
        self.similarity = similarity
        self.threshold = threshold
        self.fingerprint = fingerprint
    }

    package func encode(into writer: inout CBORWriter) {
        writer.map(6)
        writer.text("of")
        writer.text(original.rawValue)
        writer.text("kind")
        writer.text(kind.rawValue)
        writer.text("exact")
        writer.bytes(fingerprint.exactBytes.span)
        writer.text("minhash")
        writer.bytes(fingerprint.minhash.span)
        writer.text("threshold")
        writer.number(threshold)
        writer.text("similarity")
        writer.number(similarity)
    }

    package init(cbor: Span<UInt8>) throws(CBORError) {
        var reader = CBORReader(cbor)
        var event = DocumentDuplicate(
            of: DocumentID(rawValue: ""),
            kind: .near,
            similarity: 0,
            threshold: 0,
            fingerprint: DocumentFingerprint(exact: Hash128(high: 0, low: 0), minhash: [])
        )
        try reader.eachKey { (key, reader) throws(CBORError) in
            switch key {
            case "of": event.original = DocumentID(rawValue: try reader.text())
            case "kind":
                let start = reader.offset
                guard let kind = Kind(rawValue: try reader.text()) else {
                    throw CBORError(.outOfRange, at: start, expected: "exact or near")
                }
                event.kind = kind
            case "exact":
                event.fingerprint.exact = try DocumentFingerprint.exact(
                    from: try reader.byteString()
                )
            case "minhash": event.fingerprint.minhash = try reader.byteString()
            case "threshold": event.threshold = try reader.number()
            case "similarity": event.similarity = try reader.number()
            default: try reader.skip()
            }
        }
        self = event
    }
}
