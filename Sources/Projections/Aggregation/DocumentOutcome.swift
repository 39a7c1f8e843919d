internal import Bytes

/// What became of a document, and why.
struct DocumentOutcome: Equatable {
    var status: DocumentStatus
    /// The rule that dropped it, the code of its failure, `exact` or `near` of a duplicate.
    var reason = FieldValue.absent
    /// The document that it is a duplicate of.
    var original = FieldValue.absent
    /// How alike they are.
    var similarity = FieldValue.absent

    init(_ status: DocumentStatus) {
        self.status = status
    }

    /// What an event says.
    init(_ kind: FactKind, _ facts: Span<UInt8>) throws(CBORError) {
        switch kind {
        case .dropped:
            status = .dropped
            reason = try Self.value("rule", of: facts)
        case .failed:
            status = .failed
            reason = try Self.value("code", of: facts)
        case .duplicate:
            status = .duplicate
            reason = try Self.value("kind", of: facts)
            original = try Self.value("of", of: facts)
            similarity = try Self.value("similarity", of: facts)
        case .retracted: status = .retracted
        case .removed: status = .removed
        default: status = .kept
        }
    }

    /// Where a document came from, of an event that says nothing else of it.
    static func source(
        _ kind: FactKind,
        _ facts: Span<UInt8>
    ) throws(CBORError) -> FieldValue? {
        switch kind {
        case .failed: try value("file", of: facts)
        case .removed: try value("source", of: facts)
        default: nil
        }
    }

    private static func value(
        _ key: String,
        of facts: Span<UInt8>
    ) throws(CBORError) -> FieldValue {
        var reader = CBORReader(facts)
        var value = FieldValue.absent
        let key = Array(key.utf8)
        for _ in 0..<(try reader.map()) {
            let range = try reader.textRange()
            if facts.extracting(range).isEqual(to: key.span) {
                value = try FieldValue(&reader) ?? .absent
            } else {
                try reader.skip()
            }
        }
        return value
    }

    /// The outcome as a slot's bytes; nothing is the outcome of a document that is kept.
    var encoded: [UInt8] {
        if status == .kept { return [] }
        let status = FieldValue.integer(status.rawValue)
        return AggregationContext.encoded([status, reason, original, similarity])
    }

    /// Reads a slot.
    init(slot: [UInt8]) throws(CBORError) {
        self.init(.kept)
        guard !slot.isEmpty else { return }
        var reader = CBORReader(slot.span)
        let number = try reader.integer()
        guard let status = DocumentStatus(rawValue: number) else {
            throw CBORError(.outOfRange, at: 0, expected: "a status")
        }
        self.status = status
        reason = try FieldValue(&reader) ?? .absent
        original = try FieldValue(&reader) ?? .absent
        similarity = try FieldValue(&reader) ?? .absent
    }

    /// A field of it.
    func value(_ field: FieldReference.OutcomeField) -> FieldValue {
        switch field {
        case .status: .text(Array(status.name.utf8))
        case .reason: reason
        case .original: original
        case .similarity: similarity
        }
    }
}
