internal import Bytes
package import EventLog
package import Events

/// A document that is like another, by the signatures that the log holds.
package struct Neighbour: Sendable, Equatable {
    /// Its identity.
    package let document: String
    /// The estimated Jaccard similarity, as the deduplicate stage estimates it.
    package let similarity: Double
    /// Whether the normalised texts are the same.
    package let isExact: Bool

    /// States a likeness.
    package init(document: String, similarity: Double, isExact: Bool) {
        self.document = document
        self.similarity = similarity
        self.isExact = isExact
    }
}

extension ProjectionEngine {
    /// The earlier documents that are most like one, by the last fingerprint that the log holds of
    /// each before a position.
    ///
    /// One scan of facts, contents are not read; what the deduplicate stage measured is compared as
    /// it compares it: by the share of permutations whose minima agree.
    ///
    /// - Parameters:
    ///   - fingerprint: what was measured of the document.
    ///   - document: its identity, which is left out.
    ///   - first: where it was first heard of: documents heard of later do not count.
    ///   - position: where the decision stands.
    ///   - least: the least similarity.
    ///   - documents: the documents projection, which knows the order.
    /// - Returns: the neighbours, most like first, at most ten.
    /// - Throws: ``LogError`` or a `CBORError` where the log cannot be read.
    package func neighbours(
        of fingerprint: DocumentFingerprint,
        _ document: String,
        heardOf first: EventPosition?,
        before position: EventPosition,
        least: Double,
        in documents: ProjectionView
    ) throws -> [Neighbour] {
        var search = NeighbourSearch(fingerprint: fingerprint, name: document, least: least)
        let types: [EventType] = [.documentUnique, .documentDuplicate]
        var cursor = reader.cursor(until: position, types: Set(types.map(\.rawValue)))
        while try cursor.next() { try search.read(cursor.batch) }
        let found = search.found.map { name, value in
            Neighbour(document: name, similarity: value.similarity, isExact: value.isExact)
        }
        return try found.filter { neighbour in
            guard let first, let row = try documents.document(neighbour.document),
                row.status != .removed, row.status != .retracted
            else { return first == nil }
            return try documents.firstPosition(of: neighbour.document).map { $0 < first } ?? false
        }
        .sorted { left, right in
            left.similarity == right.similarity
                ? left.document < right.document : left.similarity > right.similarity
        }
        .prefix(10).map(\.self)
    }
}

private struct NeighbourSearch {
    let fingerprint: DocumentFingerprint
    let name: String
    let least: Double
    /// Those near enough, by their last fingerprint.
    var found: [String: (similarity: Double, isExact: Bool)] = [:]
    private let exact: [UInt8]

    init(fingerprint: DocumentFingerprint, name: String, least: Double) {
        self.fingerprint = fingerprint
        self.name = name
        self.least = least
        var exact: [UInt8] = []
        exact.appendBigEndian(fingerprint.exact.high)
        exact.appendBigEndian(fingerprint.exact.low)
        self.exact = exact
    }

    mutating func read(_ batch: borrowing EventBatch) throws(CBORError) {
        let unique = batch.typeIndex(of: EventType.documentUnique.rawValue)
        let duplicate = batch.typeIndex(of: EventType.documentDuplicate.rawValue)
        for index in batch.indices {
            let type = batch.typeIndex(index)
            guard type == unique || type == duplicate else { continue }
            let facts = batch.facts(index)
            // An erased event has no fingerprint.
            guard facts.count > 1 else { continue }
            let (isExact, similarity) = try compare(facts)
            guard isExact || similarity >= least || !found.isEmpty else { continue }
            let stream = batch.streamName(index)
            guard stream != name else { continue }
            found[stream] =
                isExact || similarity >= least ? (isExact ? 1 : similarity, isExact) : nil
        }
    }

    /// Compares with the fingerprint in some facts, without copying it.
    private func compare(
        _ facts: Span<UInt8>
    ) throws(CBORError) -> (isExact: Bool, similarity: Double) {
        var reader = CBORReader(facts)
        var isExact = false
        var equal = 0
        let own = fingerprint.minhash.span
        for _ in 0..<(try reader.map()) {
            switch try reader.text() {
            case "exact":
                let bytes = facts.extracting(try reader.bytesRange())
                isExact = bytes.isEqual(to: exact.span)
            case "minhash":
                let bytes = facts.extracting(try reader.bytesRange())
                guard bytes.count == own.count else { break }
                for row in stride(from: 0, to: own.count - 1, by: 2)
                where own[row] == bytes[row] && own[row + 1] == bytes[row + 1] {
                    equal += 1
                }
            default: try reader.skip()
            }
        }
        return (isExact, own.isEmpty ? 0 : Double(equal) / Double(own.count / 2))
    }
}
