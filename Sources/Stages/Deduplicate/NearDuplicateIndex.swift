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
    private var signatures: SignatureStore
    private var tables: [BandTable]
    private var exactTable = BandTable()
    private var exactHashes: [Hash128] = []
    private var ids = DocumentNames()
    /// The document being entered: its minima, and those that share a bucket with it.
    private var minima: [UInt16] = []
    private var candidates: [UInt32] = []
    /// Later documents that a revision is like, until they are entered anew.
    private(set) var pending: Set<DocumentID> = []

    init(options: DeduplicateOptions) {
        permutations = options.permutations
        threshold = options.threshold
        usesExact = options.exact
        usesNear = options.near
        signatures = SignatureStore(permutations: options.permutations)
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

    /// Every decision made so far stands.
    mutating func settle() {
        pending = []
    }

    /// Keeps the place of a document that was not compared with others.
    mutating func see(_ id: DocumentID) {
        guard !ids.isKnown(id) else { return }
        ids.see(id)
        exactHashes.append(Hash128(high: 0, low: 0))
    }

    /// A document's way began anew: its earlier revision stands for nobody.
    mutating func leave(_ id: DocumentID) {
        ids.leave(id)
    }

    /// Enters a document and answers the earliest document that it is a duplicate of.
    ///
    /// Complexity: O(bands) expected, and O(permutations) for each candidate.
    mutating func enter(_ id: DocumentID, _ fingerprint: DocumentFingerprint) -> Match? {
        let before = ids.standingUntilNow(id)
        let brings = before.map { exactHashes[Int($0)] != fingerprint.exact } ?? true
        let number = ids.append(id)
        if !pending.isEmpty { pending.remove(id) }
        exactHashes.append(fingerprint.exact)
        candidates.removeAll(keepingCapacity: true)
        if usesExact { enterExact(number, fingerprint.exact) }
        if usesNear && fingerprint.minhash.count == permutations * 2 {
            minima.removeAll(keepingCapacity: true)
            let bytes = fingerprint.minhash.span
            for index in 0..<permutations {
                minima.append(UInt16(bytes[index * 2]) | UInt16(bytes[index * 2 + 1]) << 8)
            }
            enterBands(number)
            signatures.append(minima, at: number)
        }
        if brings && ids.place(number) < number {
            noteLaterMatches(of: number, exact: fingerprint.exact)
        }
        return earliestMatch(of: number, exact: fingerprint.exact)
    }

    /// Equal bodies are one more band, of one row.
    private mutating func enterExact(_ number: UInt32, _ hash: Hash128) {
        let (hashes, ids) = (exactHashes, ids)
        exactTable.enter(
            hash: hash.high,
            number: number,
            isInBucket: { hashes[Int($0)] == hash && !ids.isSuperseded($0) },
            found: &candidates
        )
    }

    private mutating func enterBands(_ number: UInt32) {
        // Copies of the references, not of what they hold: nothing is written while these live.
        let (signatures, minima, ids) = (signatures, minima, ids)
        for band in tables.indices {
            let rows = band * scheme.rows..<(band + 1) * scheme.rows
            tables[band].enter(
                hash: Self.hash(of: minima.span, rows: rows),
                number: number,
                isInBucket: {
                    signatures.agrees($0, with: minima.span, rows: rows) && !ids.isSuperseded($0)
                },
                found: &candidates
            )
        }
    }

    private static func hash(of minima: Span<UInt16>, rows: Range<Int>) -> UInt64 {
        var hash: UInt64 = 0
        for row in rows { hash = (hash ^ UInt64(minima[row])) &* 0x9E37_79B9_7F4A_7C15 }
        return Hash64.finish(hash)
    }

    /// Every candidate stands, and has a signature unless its body is the same.
    private func match(_ candidate: UInt32, exact: Hash128) -> Match? {
        if usesExact && exactHashes[Int(candidate)] == exact {
            return Match(original: ids.id(candidate), kind: .exact, similarity: 1)
        }
        let similarity = signatures.similarity(of: candidate, to: minima.span)
        guard similarity >= threshold else { return nil }
        return Match(original: ids.id(candidate), kind: .near, similarity: similarity)
    }

    private mutating func earliestMatch(of number: UInt32, exact: Hash128) -> Match? {
        guard !candidates.isEmpty else { return nil }
        candidates.sort { ids.place($0) < ids.place($1) }
        let place = ids.place(number)
        var previous: UInt32?
        for candidate in candidates where candidate != previous {
            previous = candidate
            guard ids.place(candidate) < place else { return nil }
            if let match = match(candidate, exact: exact) { return match }
        }
        return nil
    }

    /// A revision that brings another text changes what later documents are copies of.
    private mutating func noteLaterMatches(of number: UInt32, exact: Hash128) {
        let place = ids.place(number)
        for candidate in candidates where ids.place(candidate) > place {
            if let match = match(candidate, exact: exact) { pending.insert(match.original) }
        }
    }
}
