internal import Bytes
internal import Events

/// Every document that was decided, by fingerprint: a projection of the log, held in memory.
///
/// About 650 bytes a document with 128 permutations at threshold 0.8: 256 for the signature, the
/// rest for bands, exact hashes and ids.
struct NearDuplicateIndex: Sendable {
    /// An earlier document that the threshold is reached with.
    struct Match: Equatable {
        let original: DocumentID
        let kind: DocumentDuplicate.Kind
        let similarity: Double
    }

    private let scheme: BandScheme
    private let permutations: Int
    private let threshold: Double
    private let usesExact: Bool
    private let usesNear: Bool
    private var signatures = SignatureStore()
    private var tables: [BandTable]
    private var exactTable = BandTable()
    private var exactHashes: [Hash128] = []
    private var ids = DocumentNames()
    private var candidates: [UInt32] = []

    init(options: DeduplicateOptions) {
        permutations = options.permutations
        threshold = options.threshold
        usesExact = options.exact
        usesNear = options.near
        scheme = BandScheme(threshold: options.threshold, permutations: options.permutations)
        tables = options.near ? Array(repeating: BandTable(), count: scheme.bands) : []
    }

    /// Documents entered, superseded revisions included.
    var count: Int { ids.count }

    /// Bytes taken.
    var byteCount: Int {
        let rest = signatures.byteCount + ids.byteCount + exactTable.byteCount
        return tables.reduce(rest + exactHashes.capacity * 16) { $0 + $1.byteCount }
    }

    /// Makes an earlier revision of a document stand for nobody.
    mutating func supersede(_ id: DocumentID) {
        ids.supersede(id)
    }

    /// Enters a document and answers the earliest document that it is a duplicate of.
    ///
    /// Complexity: O(bands) expected, and O(permutations) for each candidate.
    mutating func enter(_ id: DocumentID, _ fingerprint: DocumentFingerprint) -> Match? {
        let number = ids.append(id)
        exactHashes.append(fingerprint.exact)
        candidates.removeAll(keepingCapacity: true)
        if usesExact { enterExact(number) }
        if usesNear && fingerprint.minhash.count == permutations * 2 {
            signatures.append(fingerprint.minhash, at: number)
            enterBands(number)
        }
        return earliestMatch(of: number)
    }

    /// Equal bodies are one more band, of one row.
    private mutating func enterExact(_ number: UInt32) {
        let hashes = exactHashes
        if exactTable.isFull { exactTable.grow { hashes[Int($0)].high } }
        exactTable.enter(
            hash: hashes[Int(number)].high,
            number: number,
            isSameBucket: { hashes[Int($0)] == hashes[Int(number)] },
            found: &candidates
        )
    }

    private mutating func enterBands(_ number: UInt32) {
        let rows = scheme.rows
        for band in tables.indices {
            let first = band * rows
            let store = signatures
            if tables[band].isFull {
                tables[band].grow { store.hash(of: $0, rows: first..<(first + rows)) }
            }
            tables[band].enter(
                hash: store.hash(of: number, rows: first..<(first + rows)),
                number: number,
                isSameBucket: { store.agree($0, number, rows: first..<(first + rows)) },
                found: &candidates
            )
        }
    }

    private mutating func earliestMatch(of number: UInt32) -> Match? {
        guard !candidates.isEmpty else { return nil }
        candidates.sort()
        var previous: UInt32?
        for candidate in candidates where candidate != previous {
            previous = candidate
            guard !ids.isSuperseded(candidate) else { continue }
            if usesExact && exactHashes[Int(candidate)] == exactHashes[Int(number)] {
                return Match(original: ids.id(candidate), kind: .exact, similarity: 1)
            }
            guard usesNear, signatures.holds(candidate), signatures.holds(number) else { continue }
            let similarity = signatures.similarity(candidate, number)
            if similarity >= threshold {
                return Match(original: ids.id(candidate), kind: .near, similarity: similarity)
            }
        }
        return nil
    }
}
