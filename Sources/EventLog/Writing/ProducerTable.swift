/// Each producer's newest batch: what makes appending a batch again harmless.
struct ProducerTable: Sendable {
    /// By producer: the sequence of its newest batch and that batch's first position.
    private var newest: [UInt64: (sequence: UInt64, position: UInt64)] = [:]

    /// The position of a batch that is here already, nil for a new one; throws
    /// ``LogError/Code/staleSequence`` for one that is older than its producer's newest.
    func position(of header: BatchHeader, path: String) throws(LogError) -> UInt64? {
        guard header.producer != 0, let mark = newest[header.producer] else { return nil }
        if header.sequence > mark.sequence { return nil }
        guard header.sequence == mark.sequence else {
            throw Self.stale(header, newest: mark.sequence, path: path)
        }
        return mark.position
    }

    /// Throws ``LogError/Code/staleSequence`` unless the batch is newer than its producer's newest.
    func checkIsNewer(_ header: BatchHeader, path: String) throws(LogError) {
        guard header.producer != 0, let mark = newest[header.producer],
            header.sequence <= mark.sequence
        else { return }
        throw Self.stale(header, newest: mark.sequence, path: path)
    }

    /// Remembers a batch.
    mutating func note(_ header: BatchHeader, at position: UInt64) {
        guard header.producer != 0 else { return }
        newest[header.producer] = (header.sequence, position)
    }

    /// Remembers the producers of a segment.
    mutating func note(_ footer: SegmentFooter, base: UInt64) {
        for (producer, mark) in footer.producers {
            newest[producer] = (mark.sequence, base &+ mark.relativePosition)
        }
    }

    private static func stale(_ header: BatchHeader, newest: UInt64, path: String) -> LogError {
        LogError(
            .staleSequence,
            path: path,
            expected: "a sequence after \(newest)",
            found: "\(header.sequence) of producer \(header.producer)"
        )
    }
}
